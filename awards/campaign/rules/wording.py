"""The rule and the dates of a year said in Chinese, for the public call and the set-up pages."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from awards.campaign.rules.setup import STAGE_NAMES, stage_name
from awards.campaign.rules.working_days import local_date
from awards.scoring.numbers import percent

UNTRIMMED_MEAN = "untrimmed_mean"


def step_text(step: str, criteria: Mapping[str, str], stages: Mapping[str, str] = STAGE_NAMES) -> str:
    """One step of the tie rule in words. criteria: code → label; an unknown code stands as it is."""
    kind, _, code = step.partition(":")
    if kind == "stage":
        return f"{stages.get(code, code)}得分"
    if kind == "criterion":
        return f"“{criteria.get(code, code)}”平均分"
    return "不去高低分的平均分" if step == UNTRIMMED_MEAN else step


def rule_sentences(rule: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """How marks become places, one sentence each, in the order it is computed.

    rule: the record's `rule`, sound (see setup_problems). names: category code → name.
    """
    sentences = [_stages(rule["stages"], names), _sheet(rule), _average(rule)]
    sentences += [
        f"每件有效评分不少于{rule['least']}份；不足的，候补评委补评后再计算。",
        _rounding(rule),
        "各类别分别按总分从高到低排名。同分的依次比较规定的各项；仍相同的并列，名次按1、2、2、4排列。",
        "名额按名次给满为止，低于入选分数线的不入选；并列超出名额的，由评审组复议。名额可以空缺。",
    ]
    return [sentence for sentence in sentences if sentence]


def _stages(stages: list[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    if len(stages) == 1:
        return f"评审只有{stage_name(stages[0]['code'])}一个阶段。"
    weights = "，".join(f"{stage_name(s['code'])}占{percent(Decimal(s['weight']))}" for s in stages)
    advance = stages[0].get("advance") or {}
    counts = set(advance.values())
    if len(counts) == 1 and len(advance) == len(names):
        return f"总分中{weights}；书面评审后每类前{counts.pop()}件入围，末位同分的一并入围。"
    listed = "，".join(f"{names.get(code, code)}前{count}件" for code, count in advance.items())
    return (
        f"总分中{weights}；书面评审后入围：{listed}，末位同分的一并入围。" if listed else f"总分中{weights}。"
    )


def _sheet(rule: Mapping[str, Any]) -> str:
    if rule["combine"] == "weighted":
        return "每位评委的总分为各项分数乘以权重之和。漏评一项的评分表不计入，不按0分计算。"
    return "每位评委的总分为各项分数之和，满分100分。漏评一项的评分表不计入，不按0分计算。"


def _average(rule: Mapping[str, Any]) -> str:
    trim, mean = rule["trim"], "中位数" if rule["average"] == "median" else "平均值"
    dropped = [f"{trim[key]}个{word}" for key, word in (("high", "最高分"), ("low", "最低分")) if trim[key]]
    what = "各评委的总分" if trim["on"] == "totals" else "每个评分项上各评委的分数"
    tail = "" if trim["on"] == "totals" else "，再合成总分"
    return f"{what}{'去掉' + '、'.join(dropped) + '后' if dropped else ''}取{mean}{tail}。"


def _rounding(rule: Mapping[str, Any]) -> str:
    figure = f"{rule['places']}位小数" if rule["places"] else "整数"
    if rule["rounding"] == "final":
        return f"只有总分四舍五入保留{figure}，中间结果不取舍。"
    return f"各阶段得分和总分四舍五入保留{figure}，后一步用已公布的数字计算。"


def left_text(now: datetime, closes_at: datetime) -> str:
    """What is left of a deadline, by calendar days: 还有3天, 明天截止, 今天截止, 已截止."""
    if closes_at <= now:
        return "已截止"
    days = (last_day(closes_at) - local_date(now)).days
    return {0: "今天截止", 1: "明天截止"}.get(days, f"还有{days}天")


def last_day(closes_at: datetime) -> date:
    """The day a deadline ends on; midnight belongs to the day before."""
    return local_date(closes_at - datetime.resolution)


def span_text(opens_at: datetime, closes_at: datetime) -> str:
    """12月3日, 12月10—16日 or 11月30日—12月2日."""
    first, last = local_date(opens_at), last_day(closes_at)
    start = f"{first.month}月{first.day}日"
    if first == last:
        return start
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.month}月{first.day}—{last.day}日"
    return f"{start}—{last.month}月{last.day}日"
