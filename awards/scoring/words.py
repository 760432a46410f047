"""The rule said in Chinese: one teller for the call, the set-up, the ranking and its papers."""

from __future__ import annotations

from collections.abc import Mapping

from awards.scoring.numbers import percent
from awards.scoring.rule import UNTRIMMED_MEAN, Rule

STAGE_NAMES = {"written": "书面评审", "live": "现场答辩"}


def stage_name(code: str) -> str:
    """written → 书面评审; a code that has no name stands as it is."""
    return STAGE_NAMES.get(code, code)


def short_stage_name(code: str) -> str:
    """Two characters for a narrow column: 书面评审 → 书面, 现场答辩 → 答辩."""
    name = stage_name(code)
    return name[-2:] if name.startswith("现场") else name[:2]


def step_text(step: str, criteria: Mapping[str, str]) -> str:
    """One step of the tie rule: 现场答辩得分. criteria: code → label; an unknown code stands as it is."""
    kind, _, code = step.partition(":")
    if kind == "stage":
        return f"{stage_name(code)}得分"
    if kind == "criterion":
        return f"“{criteria.get(code, code)}”平均分"
    return "不去高低分的平均分" if step == UNTRIMMED_MEAN else step


def rule_sentences(rule: Rule, names: Mapping[str, str]) -> list[str]:
    """How marks become places and seats, one sentence each. names: category code → name."""
    return [
        *counting_sentences(rule, names),
        "各类别分别按总分从高到低排名。同分的依次比较规定的各项；仍相同的并列，名次按1、2、2、4排列。",
        "名额按名次给满为止，低于入选分数线的不入选；并列超出名额的，由评审组复议。名额可以空缺。",
    ]


def counting_sentences(rule: Rule, names: Mapping[str, str]) -> list[str]:
    """How marks become the final figure, in the order it is computed."""
    return [
        _stages(rule, names),
        _sheet(rule),
        _average(rule),
        f"每件有效评分不少于{rule.least}份；不足的，候补评委补评后再计算。",
        _rounding(rule),
    ]


def _stages(rule: Rule, names: Mapping[str, str]) -> str:
    first, *later = rule.stages
    if not later:
        return f"评审只有{stage_name(first.code)}一个阶段。"
    weights = "，".join(f"{stage_name(stage.code)}占{percent(stage.weight)}" for stage in rule.stages)
    advance = dict(first.advance)
    if not advance:
        return f"总分中{weights}。"
    if len(set(advance.values())) == 1 and len(advance) == len(names):
        places = f"每类前{first.advance[0][1]}件入围"
    else:
        places = "入围：" + "，".join(f"{names.get(code, code)}前{count}件" for code, count in first.advance)
    return f"总分中{weights}；{stage_name(first.code)}后{places}，末位同分的一并入围。"


def _sheet(rule: Rule) -> str:
    total = "乘以权重之和" if rule.is_weighted else "之和，满分100分"
    return f"每位评委的总分为各项分数{total}。漏评一项的评分表不计入，不按0分计算。"


def _average(rule: Rule) -> str:
    dropped = [f"{count}个{word}" for count, word in ((rule.high, "最高分"), (rule.low, "最低分")) if count]
    on_totals = rule.trim_on == "totals"
    what = "各评委的总分" if on_totals else "每个评分项上各评委的分数"
    trimmed = f"去掉{'、'.join(dropped)}后" if dropped else ""
    mean = "平均值" if rule.average == "mean" else "中位数"
    return f"{what}{trimmed}取{mean}{'' if on_totals else '，再合成总分'}。"


def _rounding(rule: Rule) -> str:
    figure = f"{rule.places}位小数" if rule.places else "整数"
    if rule.rounding == "final":
        return f"只有总分四舍五入保留{figure}，中间结果不取舍。"
    return f"各阶段得分和总分四舍五入保留{figure}，后一步用已公布的数字计算。"
