"""What a nomination still lacks, section by section: the map beside the form and the list before submission.

The sections are data, so that a page, a check and a test read one table (domain.md 1.6). Codes are the fields
of the nomination, or its rows: claims, evidence, and sealed for the scan of the stamped form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from awards.nomination.rules.word_count import TextLimits, count_characters, length_problem
from units.phones import phone_problem

ALL = "FZX"
DEFAULT_LIMITS = TextLimits()


@dataclass(frozen=True)
class Item:
    """One thing asked for. code: key of the answer; categories: the codes that must give it.

    verb: what is missing when it is not there: 未填, 未选, 未确认, 未上传, 未添加, 未引用.
    """

    code: str
    label: str
    categories: str = ALL
    verb: str = "未填"
    phone: bool = False


@dataclass(frozen=True)
class Section:
    """A part of the form. limit: field of TextLimits that its texts share, if any."""

    code: str
    label: str
    items: tuple[Item, ...]
    limit: str = ""


SECTIONS: tuple[Section, ...] = (
    Section(
        "basics",
        "基本信息",
        (
            Item("title", "项目名称"),
            Item("service_kinds", "服务维度", verb="未选"),
            Item("leader_name", "项目负责人"),
            Item("leader_duty", "负责人职务"),
            Item("leader_phone", "负责人电话", phone=True),
            Item("contact_name", "联系人"),
            Item("contact_phone", "联系人电话", phone=True),
            Item("started_on", "实施开始日期"),
            Item("target", "服务对象与覆盖范围"),
            Item("innovation_kind", "创新类型", "FZ", "未选"),
            Item("document_number", "制度文号", "Z"),
            Item("project_kind", "项目类型", "X", "未选"),
            Item("investment_planned", "年度计划投资", "X"),
            Item("investment_done", "完成投资", "X"),
        ),
    ),
    Section("summary", "摘要", (Item("summary", "摘要"),), limit="summary"),
    Section(
        "body",
        "事迹材料",
        (
            Item("background", "背景与问题"),
            Item("practice", "主要做法"),
            Item("innovation", "创新点"),
            Item("effect", "成效"),
            Item("spread", "推广价值"),
        ),
        limit="body",
    ),
    Section(
        "figures",
        "成效与记录",
        (
            Item("claims", "量化成效", verb="未添加"),
            Item("satisfaction_sample", "满意度样本数", "F"),
            Item("satisfaction_percent", "满意率", "F"),
            Item("evidence", "服务记录", verb="未引用"),
        ),
    ),
    Section(
        "pledges",
        "承诺与盖章",
        (
            Item("unit_notice_from", "本单位公示起始日期"),
            Item("unit_notice_to", "本单位公示截止日期"),
            Item("pledged", "申报承诺", verb="未确认"),
            Item("sealed", "盖章申报表", verb="未上传"),
        ),
    ),
)


def left_out(category: str) -> frozenset[str]:
    """Answers of the basics that only other categories are asked: their form has no field for them."""
    basics = SECTIONS[0].items
    return frozenset(item.code for item in basics if category not in item.categories)


@dataclass(frozen=True)
class Gap:
    """One thing to mend. code: the item's, so that a page can link to its field; text without a full stop."""

    code: str
    text: str


@dataclass(frozen=True)
class SectionState:
    """A section of the map: done of total items, and what is wrong with it (missing or too long)."""

    code: str
    label: str
    done: int
    total: int
    gaps: tuple[Gap, ...]


def completeness(
    category: str,
    answers: Mapping[str, object],
    *,
    limits: TextLimits = DEFAULT_LIMITS,
    sections: Sequence[Section] = SECTIONS,
) -> list[SectionState]:
    """How far a nomination of a category (F, Z or X) has come; a section without items for it is left out.

    answers: item code → value; text is there when it has a visible character, a tick when True, a list when
    it has a row, a number or date when it is not None (0 is an answer).
    """
    states = []
    for section in sections:
        items = [item for item in section.items if category in item.categories]
        if not items:
            continue
        gaps = [gap for item in items if (gap := _gap(item, answers.get(item.code)))]
        done = len(items) - len(gaps)
        gaps += _too_long(section, answers, limits)
        states.append(SectionState(section.code, section.label, done, len(items), tuple(gaps)))
    return states


def gaps_of(states: Sequence[SectionState]) -> list[Gap]:
    """All gaps in the order of the form; empty when the nomination may be submitted."""
    return [gap for state in states for gap in state.gaps]


def _given(value: object) -> bool:
    if isinstance(value, str):
        return count_characters(value) > 0
    if isinstance(value, bool):
        return value
    if isinstance(value, list | tuple | set | frozenset | dict):
        return len(value) > 0
    return value is not None


def _gap(item: Item, value: object) -> Gap | None:
    if not _given(value):
        return Gap(item.code, f"{item.label}{item.verb}")
    if item.phone and (problem := phone_problem(str(value))):
        return Gap(item.code, f"{item.label}：{problem.rstrip('。')}")
    return None


def _too_long(section: Section, answers: Mapping[str, object], limits: TextLimits) -> list[Gap]:
    """The title counts by itself; the texts of a section with a limit count together."""
    texts = [(section.items[0].code, section.label, [item.code for item in section.items], section.limit)]
    if any(item.code == "title" for item in section.items):
        texts.append(("title", "项目名称", ["title"], "title"))
    gaps = []
    for code, label, codes, limit in texts:
        if limit:
            used = sum(count_characters(str(answers.get(part) or "")) for part in codes)
            if problem := length_problem(label, used, getattr(limits, limit)):
                gaps.append(Gap(code, problem.rstrip("。")))
    return gaps
