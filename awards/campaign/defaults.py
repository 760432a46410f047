"""The first season's defaults, all editable per year (domain 8.2–8.4; design: the scoring contract)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CriterionDefault:
    """code, label, maximum, what full marks need, four anchors from 优 to 差, section of the text."""

    code: str
    label: str
    maximum: int
    full_marks_need: str
    anchors: tuple[str, str, str, str]
    section: str


@dataclass(frozen=True)
class CategoryDefault:
    letter: str
    name: str
    focus: str
    ties: tuple[str, ...]
    criteria: tuple[CriterionDefault, ...]


CATEGORIES = (
    CategoryDefault(
        "F",
        "最佳服务举措",
        "服务企业、服务项目、服务基层、服务群众的新举措或新模式：党建统领、服务中心；精准帮扶企业；下沉一线、提升群众满意度。",
        ("untrimmed_mean", "stage:live", "criterion:effect"),
        (
            CriterionDefault(
                "leadership", "党建统领、服务中心", 15,
                "党组织牵头，与全区重点工作相结合，支部和党员作用清楚",
                ("党组织全程牵头，直接服务全区重点工作", "党组织牵头，与重点工作有结合",
                 "党组织参与，作用不够突出", "看不出党组织作用"),
                "background",
            ),
            CriterionDefault(
                "novelty", "举措创新性（创造性）", 20,
                "新模式，或有明显的再创造，不是日常职责换名称",
                ("国内首创，或省内率先形成模式", "市内率先，对外地做法有实质性再创造",
                 "区内首次，主要借鉴外地做法", "日常职责换名称，没有新的举措"),
                "innovation",
            ),
            CriterionDefault(
                "effect", "服务实效", 30,
                "有前后对比数据，问题办结，覆盖面清楚，运行三个月以上，有服务记录支撑",
                ("成效充分显现，运行三个月以上，记录与申报一致", "成效显著，数据较完整",
                 "成效明显，部分数据缺少来源", "成效初步，缺少对比数据"),
                "effect",
            ),
            CriterionDefault(
                "satisfaction", "服务对象满意度", 20,
                "有调查或回访，样本数清楚，满意率95%以上",
                ("满意率95%以上，样本充分", "满意率85%以上", "满意率80%以上，或样本偏少", "满意率不足80%，或没有调查"),
                "effect",
            ),
            CriterionDefault(
                "spread", "典型性与可推广性", 15,
                "步骤成文，已被其他单位采用或可直接采用",
                ("已被多个单位采用或上级推广", "步骤成文，可直接推广", "有推广价值，尚需完善", "难以推广"),
                "spread",
            ),
        ),
    ),
    CategoryDefault(
        "Z",
        "最佳制度创新",
        "制度、机制和政策上的创新：消除经济社会发展的体制性机制性障碍；优化管理、审批和服务流程。",
        ("untrimmed_mean", "stage:live", "criterion:effect"),
        (
            CriterionDefault(
                "problem", "问题导向（迫切性）", 15,
                "指明真实的体制机制障碍或流程堵点",
                ("直指全区普遍的体制性障碍", "指明重点领域的具体堵点", "问题存在，迫切性一般", "没有指明问题"),
                "background",
            ),
            CriterionDefault(
                "novelty", "创新程度（创造性）", 30,
                "国内首创，或省内率先形成制度",
                ("国内首创，或省内率先形成制度", "市内率先，对上级做法有实质性再创造",
                 "区内首次，主要借鉴外地做法", "日常职责换名称，没有新的制度安排"),
                "practice",
            ),
            CriterionDefault(
                "soundness", "制度规范与成熟", 15,
                "已正式印发，经合法性审查，有流程图，施行三个月以上",
                ("正式印发并经合法性审查，施行三个月以上", "正式印发，施行时间较短",
                 "内部试行，条款基本完整", "仅有设想或草案"),
                "practice",
            ),
            CriterionDefault(
                "effect", "运行实效", 25,
                "时限、环节、成本明显压减，服务对象受益，运行稳定",
                ("压减幅度大，受益面广，运行稳定", "压减明显，有数据来源", "有一定压减，数据不完整", "运行效果不明"),
                "effect",
            ),
            CriterionDefault(
                "spread", "可复制可推广（代表性）", 15,
                "文本可移用，已被其他单位或上级采用",
                ("已被上级或多个单位采用", "文本可直接移用", "需较大修改方可移用", "难以复制"),
                "spread",
            ),
        ),
    ),
    CategoryDefault(
        "X",
        "最佳项目推进",
        "产业类、基础设施类、民生保障类重点项目：引进上品质好，建设上质量优、进程快，妥善解决推进难题。",
        ("untrimmed_mean", "stage:live", "criterion:pace"),
        (
            CriterionDefault(
                "quality", "项目品质（品质好）", 20,
                "符合提升城市品位或产业转型升级要求",
                ("对城市品位或产业升级有标志性作用", "明显符合提升要求", "基本符合要求", "品质一般"),
                "background",
            ),
            CriterionDefault(
                "pace", "推进速度（进程快）", 25,
                "按节点完成：25 × 实际进度与计划进度之比，最高25分",
                ("全部节点按期或提前完成", "主要节点按期完成", "个别节点滞后", "多个节点滞后"),
                "practice",
            ),
            CriterionDefault(
                "safety", "质量安全（质量优）", 15,
                "各项检查合格；发生责任事故的为0分",
                ("检查全部合格，有样板工程", "检查全部合格", "有问题并已整改", "有未整改问题"),
                "practice",
            ),
            CriterionDefault(
                "obstacles", "难题破解", 20,
                "难题清单、责任人、办结时间和办法清楚",
                ("关键难题全部破解，办法可借鉴", "主要难题已破解", "部分难题已破解", "难题清单不清"),
                "innovation",
            ),
            CriterionDefault(
                "party", "党建引领（行动党支部等）", 10,
                "一线有党支部或党员队伍，有任务有成果",
                ("行动党支部作用突出，任务全部完成", "有党员队伍，作用明显", "有党建活动，与项目结合不紧", "没有党建引领"),
                "practice",
            ),
            CriterionDefault(
                "benefit", "综合效益与满意", 10,
                "投资、就业、使用者评价",
                ("效益突出，使用者满意", "效益明显", "效益一般", "效益不明"),
                "effect",
            ),
        ),
    ),
)  # fmt: skip

# The rule without its categories, as the public record writes it.
TWO_STAGES = [{"code": "written", "weight": "0.4"}, {"code": "live", "weight": "0.6"}]
ONE_STAGE = [{"code": "written", "weight": "1"}]
SCORING = {
    "version": 1,
    "combine": "sum",
    "average": "mean",
    "trim": {"on": "totals", "high": 1, "low": 1},
    "least": 5,
    "places": 2,
    "rounding": "published",
    "stages": TWO_STAGES,
}
SHORTLIST_FACTOR = 2  # places of the live stage per seat (domain 8.4)

# The proposed timetable (domain 1.3): first day of nominating, then working days of each phase.
FIRST_DAY = (10, 9)
PHASE_DAYS = {
    "nomination": 20,
    "screening": 8,  # five days, and three for correction
    "written": 8,
    "live": 2,
    "meeting": 1,
    "result": 10,
}
SEATS = 5
