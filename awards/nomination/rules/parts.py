"""The parts of the form: what a remark can hang on, and what a returned file opens again."""

from collections.abc import Iterable

# Section of the form → the answers it holds, asked for or not; a remark names a section or one answer.
PARTS: dict[str, tuple[str, ...]] = {
    "basics": (
        "title", "service_kinds", "innovation_kind", "started_on", "ended_on", "target", "document_number",
        "project_kind", "investment_planned", "investment_done", "earlier_awards", "leader_name",
        "leader_duty", "leader_phone", "contact_name", "contact_phone",
    ),
    "summary": ("summary",),
    "body": ("background", "practice", "innovation", "effect", "spread"),
    "figures": ("claims", "satisfaction_sample", "satisfaction_percent", "evidence"),
    "partners": ("partners",),
    "attachments": ("attachments", "sealed"),
    "pledges": ("unit_notice_from", "unit_notice_to", "pledged", "sealed"),
}  # fmt: skip

PART_LABELS: dict[str, str] = {
    "basics": "基本信息",
    "title": "项目名称",
    "summary": "摘要",
    "body": "事迹材料",
    "background": "背景与问题",
    "practice": "主要做法",
    "innovation": "创新点",
    "effect": "成效",
    "spread": "推广价值",
    "figures": "成效与记录",
    "claims": "量化成效",
    "evidence": "引用的服务记录",
    "partners": "联合单位",
    "attachments": "附件",
    "pledges": "承诺与盖章",
    "sealed": "盖章申报表",
}
EVERY_ANSWER = frozenset(answer for answers in PARTS.values() for answer in answers)


def open_answers(remarked: Iterable[str]) -> frozenset[str]:
    """The answers a returned file may change: those remarked, and all of a remarked section.

    An unknown name opens nothing. Mending one of the texts may need room in the others, but only those
    remarked are open: the office returns the section when it wants the whole rewritten.
    """
    found: set[str] = set()
    for name in remarked:
        found.update(PARTS.get(name, (name,)))
    return EVERY_ANSWER & found


def part_of(answer: str) -> str:
    """The section an answer stands in; `sealed` is asked for among the pledges."""
    if answer in PARTS["pledges"]:
        return "pledges"
    return next(part for part, answers in PARTS.items() if answer in answers)
