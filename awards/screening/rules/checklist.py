"""资格审查: what is checked, and what follows from it (docs/field.md 1.7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from awards.nomination.rules.limits import correction_problem, in_operation_long_enough

ALL = "FZX"


@dataclass(frozen=True)
class Check:
    """One question. categories: the codes it is asked of; automatic: answered from rows, to be confirmed."""

    code: str
    label: str
    help: str
    categories: str = ALL
    automatic: bool = False


CHECKLIST: tuple[Check, ...] = (
    Check("unit", "申报单位在评选范围内", "以党组织名义申报，单位属于区直部门（单位）。"),
    Check("year", "工作属于本年度", "主要工作在评选年度内开展，截止申报时已运行满3个月。", automatic=True),
    Check("quota", "未超过申报名额", "牵头申报每个类别不超过1个，合计不超过2个。", automatic=True),
    Check("repeat", "未重复申报", "以往年度没有入选，没有同时申报其他类别。", automatic=True),
    Check("form", "申报表填写完整", "各项填写齐全，字数不超限。", automatic=True),
    Check("seal", "盖章页清晰有效", "单位党组织意见有签字、盖章和日期，扫描件可以辨认。"),
    Check("evidence", "佐证材料支持量化成效", "每项量化成效有来源，与佐证材料一致。"),
    Check(
        "records",
        "服务记录符合要求",
        "引用服务记录3条以上，分布在2个季度以上，申报数与记录相符。",
        automatic=True,
    ),
    Check("unit_notice", "已在本单位公示", "本单位公示不少于5个工作日，无异议或异议已处理。"),
    Check("veto", "无一票否决情形", "年度内领导班子无严重违纪，无责任事故、重大信访或意识形态事件。"),
    Check("secrets", "不涉密，不含敏感个人信息", "公开内容不含国家秘密、工作秘密、身份证号、住址等。"),
    Check("blind", "可匿名评审的附件已确认", "标为匿名的附件不出现单位名称、人员姓名和电话。"),
    Check("legality", "制度文件合法有效", "有文号；规范性文件经过合法性审查。", categories="Z"),
    Check("milestones", "项目节点有据可查", "投资、开工和竣工节点与项目台账一致。", categories="X"),
)


def checks_for(category: str) -> tuple[Check, ...]:
    """The questions asked of a category, in their order."""
    return tuple(check for check in CHECKLIST if category in check.categories)


class Answer(StrEnum):
    """通过 holds; 需补正 can be mended by the unit; 不通过 cannot be mended."""

    PASS = "pass"
    FIX = "fix"
    FAIL = "fail"

    @property
    def label(self) -> str:
        return {"pass": "通过", "fix": "需补正", "fail": "不通过"}[self]


@dataclass(frozen=True)
class Mark:
    """The answer to one question; a reason is needed for all but 通过, for the unit reads it."""

    answer: Answer
    reason: str = ""


PASSED = Mark(Answer.PASS)


class Way(StrEnum):
    """Where a file may go from screening."""

    QUALIFY = "qualify"
    RETURN = "return"
    INELIGIBLE = "ineligible"


@dataclass(frozen=True)
class Conclusion:
    """way: the only step the marks allow, None while something is open; problems: Chinese sentences, why."""

    way: Way | None
    problems: tuple[str, ...]

    def allows(self, way: Way) -> bool:
        return self.way == way


def verdict(
    category: str, marks: Mapping[str, Mark], rounds_used: int = 0, most_rounds: int = 2
) -> Conclusion:
    """What the marked checklist allows: 资格合格, 退回补正 or 不予受理, one of them and no other.

    All questions must be answered before a file qualifies or goes back, so that a unit hears everything at
    once and does not spend its rounds one by one; one 不通过 with its reason is enough to refuse. With no
    round left, 需补正 leads to 不予受理. Raises ValueError for an unknown question.
    """
    checks = checks_for(category)
    if unknown := set(marks) - {check.code for check in checks}:
        raise ValueError(f"no such question for {category}: {', '.join(sorted(unknown))}")
    given = [(check, marks[check.code]) for check in checks if check.code in marks]
    problems = [
        f"“{check.label}”为{mark.answer.label}，须写明原因。"
        for check, mark in given
        if mark.answer != Answer.PASS and not mark.reason.strip()
    ]
    answers = {mark.answer for _, mark in given}
    if Answer.FAIL not in answers:
        problems += [f"“{check.label}”尚未审查。" for check in checks if check.code not in marks]
    if problems:
        return Conclusion(None, tuple(problems))
    if Answer.FAIL in answers:
        return Conclusion(Way.INELIGIBLE, ())
    if Answer.FIX not in answers:
        return Conclusion(Way.QUALIFY, ())
    if spent := correction_problem(rounds_used, most_rounds):
        return Conclusion(Way.INELIGIBLE, (spent,))
    return Conclusion(Way.RETURN, ())


@dataclass(frozen=True)
class Facts:
    """What the rows say about a nomination, for the questions that a program can answer first.

    The tuples and strings hold the Chinese sentences of the other rules; empty means that nothing was found.
    """

    year: int
    started_on: date | None
    closing_on: date
    quota_problem: str = ""
    repeats: Sequence[str] = ()
    gaps: Sequence[str] = ()
    records_remarks: Sequence[str] = ()


def automatic_marks(facts: Facts) -> dict[str, Mark]:
    """Answers proposed to the officer for the automatic questions; a person confirms every one of them."""
    return {
        "year": _year_mark(facts),
        "quota": _mark(Answer.FAIL, [facts.quota_problem] if facts.quota_problem else []),
        "repeat": _mark(Answer.FAIL, facts.repeats),
        "form": _mark(Answer.FIX, facts.gaps),
        "records": _mark(Answer.FIX, facts.records_remarks),
    }


def _mark(otherwise: Answer, faults: Sequence[str]) -> Mark:
    return Mark(otherwise, "；".join(fault.rstrip("。") for fault in faults) + "。") if faults else PASSED


def _year_mark(facts: Facts) -> Mark:
    if facts.started_on is None:
        return Mark(Answer.FIX, "未填实施起始日期。")
    if facts.started_on.year > facts.year:
        return Mark(Answer.FAIL, f"实施起始日期在{facts.year}年之后。")
    if not in_operation_long_enough(facts.started_on, facts.closing_on):
        return Mark(Answer.FAIL, "截止申报时运行不满3个月。")
    return PASSED
