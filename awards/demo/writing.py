"""The texts of a nomination, written from one line of `data/projects`: what a unit would hand in, within limits."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from awards.demo.chance import chance


@dataclass(frozen=True)
class Project:
    """One line of the data: who puts what forward, for whom, against which problem, by which three things."""

    unit: str
    letter: str
    title: str
    short: str
    target: str
    problem: str
    measures: tuple[str, str, str]

    @classmethod
    def read(cls, line: str) -> Project:
        unit, letter, title, short, target, problem, measures = line.split("|")
        return cls(unit, letter, title, short, target, problem, tuple(measures.split("；")))


@dataclass(frozen=True)
class Figures:
    """What the cited records add up to; the texts speak of these."""

    events: int
    beneficiaries: int
    received: int
    closed: int
    months: int
    satisfaction: Decimal | None = None


PEOPLE_OR_FIRMS = {"F": "服务对象", "Z": "办事企业和群众", "X": "项目单位和周边群众"}

OPENINGS = {
    "F": (
        (
            "年初走访座谈中，{target}反映比较集中的问题是：{problem}。这些事看似不大，却直接影响获得感。"
            "党组织把它列为年度服务型党组织建设的重点，由书记领题，支部分片认领，年初定清单、年中看进度、年底算总账。"
        ),
        (
            "{problem}，是{target}多年来的急难愁盼。过去的办法是来一件办一件，缺少统一的安排和回头看。"
            "党组织结合主题党日开展三轮走访，共收集意见{received}条，逐条分析后确定从源头改进服务方式。"
        ),
    ),
    "Z": (
        (
            "在调研中发现，{problem}，根子在于职责边界不清、流程设计以部门为中心。"
            "同类问题每年都在整改，却年年反复。党组织成立攻关小组，用两个月时间梳理现行规定和办理记录，"
            "确定从制度上解决{target}反映的堵点。"
        ),
        (
            "{problem}。这一问题涉及多个环节，单靠加强管理难以根治。"
            "党组织组织业务骨干对照上级要求和先进地区做法逐条比对，征求{target}意见{received}条，提出用一套完整的制度替代零散的规定。"
        ),
    ),
    "X": (
        (
            "项目列入年度重点工作，社会关注度高。启动之初面临的突出问题是：{problem}。"
            "党组织坚持把支部建在一线，把党员派到工地，以项目进度检验党建成效。"
        ),
        (
            "本项目直接关系{target}的切身利益。由于{problem}，常规的推进方式难以保证工期和质量。"
            "党组织牵头成立专班，明确了总进度、月计划、周清单三级节点，并向社会公开承诺。"
        ),
    ),
}
LINKS = {
    "F": (
        "为此制定了服务规范，明确谁来做、何时做、做到什么程度，党员岗位上墙公示，接受监督",
        "每周由值班党员汇总办理情况，未完成的写明原因和下一步安排，连续两周没有进展的由书记督办",
        "服务过程留有记录，首次服务后七日内回访，回访不满意的重新办理",
    ),
    "Z": (
        "条款在三个科室先行试运行，收集问题逐条修改，经合法性审查后印发",
        "配套制定流程图和办事指南，每个环节写明责任人、时限和依据，超时自动提醒",
        "建立季度评估，根据运行数据调整条款，不合用的及时废止",
    ),
    "X": (
        "每日收工前碰头，当天问题当天有说法，跨部门事项由专班提请现场会商",
        "关键工序实行党员挂牌，质量、安全、文明施工一并考核，检查结果张榜",
        "进度向社会公开，邀请群众代表参加节点验收，意见逐条答复",
    ),
}
NEW = {
    "F": (
        (
            "一是由被动受理转为主动上门，服务从窗口延伸到现场。二是由单项办理转为全程跟踪，一件事一个人负责到底。"
            "三是由自我评价转为对象评价，回访结果与支部评议挂钩。"
        ),
        (
            "与以往做法相比，主要有三点不同：服务清单由{target}点题，不由部门自定；办理过程全程可查；"
            "结果由{target}打分，低于标准的重新办理。"
        ),
    ),
    "Z": (
        (
            "一是把分散的规定合并为一套流程，前后环节互认结果。二是用数据核验替代人工证明，减少裁量空间。"
            "三是把评价权交给{target}，运行情况按季公开。在省内没有查到同类完整做法，市内属于率先实行。"
        ),
        (
            "创新之处在于：对事不对部门，按一件事重新设计流程；先承诺后核验，守信受益、失信受限；"
            "制度本身设有评估和退出条款，能用则留，不用则废。"
        ),
    ),
    "X": (
        (
            "破解了三个难题：交叉作业相互影响，用分段移交解决；资金与进度不匹配，用节点支付解决；"
            "群众意见难统一，用公开方案、投票选择解决。三个办法均已整理成操作手册。"
        ),
        (
            "难题清单共列{received}项，明确责任人和办结时间，现已销号{closed}项。"
            "其中涉及多个部门的事项，均由行动党支部提请现场会一次议定，平均用时比过去缩短一半以上。"
        ),
    ),
}
EFFECTS = {
    "F": "自运行以来的{months}个月，累计开展服务{events}场，受益{beneficiaries}人（户）次，受理诉求{received}件、"
    "办结{closed}件。满意度回访结果为{satisfaction}%。{target}普遍反映，办事次数少了，答复快了，心里有底了。",
    "Z": "制度运行{months}个月，累计办理{beneficiaries}人（户）次，专题推进{events}场，受理意见诉求{received}件、"
    "办结{closed}件。办理环节、申请材料和平均用时均有明显下降，没有发生因制度执行引起的投诉和复议。",
    "X": "项目实施{months}个月，召开现场会、推进会{events}次，协调解决问题{closed}件，惠及{beneficiaries}人（户）次。"
    "年度投资计划按节点完成，质量安全检查全部合格，未发生责任事故，周边群众投诉较开工之初明显减少。",
}
SPREADS = (
    (
        "已形成清单、流程、回访三个文本，不增加编制和大额经费，其他单位可以直接使用。目前已有多个单位前来交流，"
        "下一步将根据运行情况修订完善，争取形成区级规范。"
    ),
    "做法依托现有力量和系统，投入小、见效快，适合同类单位推广。相关操作手册和表格已整理成册，可以直接取用。",
    "经验已在系统内交流，部分做法被纳入年度工作要点。推广时须注意两点：一是负责人要真领题，二是数据要如实记录。",
)
SUMMARIES = (
    (
        "针对{problem}的问题，坚持党建引领，{first}；{second}；{third}。运行{months}个月来，开展活动{events}场，"
        "受益{beneficiaries}人（户）次，办结诉求{closed}件，形成了可复制的做法。"
    ),
    (
        "围绕{target}的实际需求，{first}，{second}，{third}，着力解决{problem}的问题。"
        "{months}个月来累计服务{beneficiaries}人（户）次，受理诉求{received}件、办结{closed}件。"
    ),
)


def texts_of(project: Project, figures: Figures) -> dict[str, str]:
    """Summary and the five sections, as columns of a nomination."""
    dice = chance("texts", project.unit, project.title)
    first, second, third = project.measures
    facts = {
        "target": project.target,
        "problem": project.problem,
        "first": first,
        "second": second,
        "third": third,
        "events": figures.events,
        "beneficiaries": figures.beneficiaries,
        "received": figures.received,
        "closed": figures.closed,
        "months": figures.months,
        "satisfaction": figures.satisfaction,
    }
    links = dice.sample(LINKS[project.letter], 3)
    practice = "\n".join(
        f"{number}是{measure}。{link}。"
        for number, measure, link in zip(("一", "二", "三"), project.measures, links, strict=True)
    )
    return {
        "summary": dice.choice(SUMMARIES).format_map(facts),
        "background": dice.choice(OPENINGS[project.letter]).format_map(facts),
        "practice": practice,
        "innovation": dice.choice(NEW[project.letter]).format_map(facts),
        "effect": EFFECTS[project.letter].format_map(facts),
        "spread": dice.choice(SPREADS),
    }
