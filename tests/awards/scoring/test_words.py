"""The one telling of a rule: its tie steps and its sentences."""

from dataclasses import replace

import pytest

from awards.scoring.parsing import parse_rule
from awards.scoring.words import counting_sentences, rule_sentences, short_stage_name, step_text
from tests.awards.campaign.test_rules import RULE

NAMES = {"F": "最佳服务举措"}


def rule(**changes):
    return replace(parse_rule(RULE), **changes)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("untrimmed_mean", "不去高低分的平均分"),
        ("stage:live", "现场答辩得分"),
        ("stage:field", "field得分"),
        ("criterion:effect", "“服务实效”平均分"),
        ("criterion:gone", "“gone”平均分"),
    ],
)
def test_a_step_of_the_tie_rule_has_one_name(step, words):
    assert step_text(step, {"effect": "服务实效"}) == words


@pytest.mark.parametrize(
    ("changes", "number", "sentence"),
    [
        ({}, 0, "总分中书面评审占40%，现场答辩占60%；书面评审后每类前10件入围，末位同分的一并入围。"),
        ({}, 1, "每位评委的总分为各项分数之和，满分100分。漏评一项的评分表不计入，不按0分计算。"),
        (
            {"combine": "weighted"},
            1,
            "每位评委的总分为各项分数乘以权重之和。漏评一项的评分表不计入，不按0分计算。",
        ),
        ({}, 2, "各评委的总分去掉1个最高分、1个最低分后取平均值。"),
        (
            {"trim_on": "criteria", "high": 0},
            2,
            "每个评分项上各评委的分数去掉1个最低分后取平均值，再合成总分。",
        ),
        ({"high": 0, "low": 0, "average": "median"}, 2, "各评委的总分取中位数。"),
        ({}, 3, "每件有效评分不少于5份；不足的，候补评委补评后再计算。"),
        ({}, 4, "各阶段得分和总分四舍五入保留2位小数，后一步用已公布的数字计算。"),
        ({"rounding": "final", "places": 0}, 4, "只有总分四舍五入保留整数，中间结果不取舍。"),
    ],
)
def test_each_setting_of_a_rule_is_told(changes, number, sentence):
    assert rule_sentences(rule(**changes), NAMES)[number] == sentence


def test_places_of_some_categories_are_listed_by_name():
    other = {**NAMES, "Z": "最佳制度创新"}
    assert "书面评审后入围：最佳服务举措前10件，末位同分的一并入围" in counting_sentences(rule(), other)[0]
    single = rule(stages=(replace(rule().stages[1], weight=1),))
    assert counting_sentences(single, NAMES)[0] == "评审只有现场答辩一个阶段。"


def test_stages_have_short_names_for_narrow_columns():
    assert (short_stage_name("written"), short_stage_name("live")) == ("书面", "答辩")
