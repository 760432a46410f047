"""What a project counts for its organizations: highest part once, a cap a year, nothing when revoked."""

from decimal import Decimal

import pytest

from awards.appraisal.rules import Merit, Part, bonuses, said


@pytest.mark.parametrize(
    ("merits", "total", "capped"),
    [
        ([("p1", Part.LEAD, False)], "3", False),
        ([("p1", Part.PARTNER, False)], "1.5", False),
        ([("p1", Part.SHORTLISTED, False)], "1", False),
        ([("p1", Part.SHORTLISTED, False), ("p1", Part.LEAD, False)], "3", False),
        ([("p1", Part.PARTNER, False), ("p1", Part.LEAD, False)], "3", False),
        (
            [("p1", Part.LEAD, False), ("p2", Part.SHORTLISTED, False), ("p3", Part.SHORTLISTED, False)],
            "5",
            False,
        ),
        ([("p1", Part.LEAD, False), ("p2", Part.LEAD, False)], "5", True),
        ([("p1", Part.LEAD, True), ("p2", Part.PARTNER, False)], "1.5", False),
        ([("p1", Part.LEAD, True)], "0", False),
    ],
)
def test_projects_add_up(merits, total, capped):
    found = bonuses(Merit("u", project, part, "F", revoked) for project, part, revoked in merits)
    assert (found["u"].total, found["u"].is_capped) == (Decimal(total), capped)


@pytest.mark.parametrize(("letter", "counts_as"), [("F", "服务型"), ("Z", "创新型"), ("X", "服务型")])
def test_each_category_counts_for_its_type(letter, counts_as):
    [line] = bonuses([Merit("u", "p", Part.LEAD, letter)])["u"].lines
    assert line.type == counts_as


def test_organizations_do_not_mix():
    found = bonuses([Merit("a", "p", Part.LEAD, "F"), Merit("b", "p", Part.PARTNER, "F")])
    assert {unit: bonus.total for unit, bonus in found.items()} == {"a": 3, "b": Decimal("1.5")}


def test_the_rule_is_told_with_its_own_figures():
    assert said() == (
        "示范项目牵头3分，示范项目联合1.5分，入围1分；同一项目只计最高一项，每个党组织全年最高5分；撤销的核减。"
    )
