"""One nomination as a whole: its content as submitted, the history its reader may know, what changed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from awards.dossier.cuts import Cut, Sight
from awards.nomination.models import (
    BODY_SECTIONS,
    Agreement,
    AttachmentKind,
    CorrectionItem,
    InnovationKind,
    Metric,
    Nomination,
    ProjectKind,
    Submission,
)
from awards.nomination.queries import part_label, working_content
from awards.nomination.rules import (
    FigureGap,
    Piece,
    changed_keys,
    claimed_vs_recorded,
    mask_phone,
    text_changes,
)
from awards.review.queries.reading import PEOPLE, identity_names
from awards.screening.rules import Segment, find_identity, mask
from services.models import ServiceKind
from units.audit.models import AuditEntry
from units.kit.status import Mark
from units.models import Unit

TEXTS = {"summary": "摘要", **BODY_SECTIONS}
# Named apart from the form's fields, in the words of the paper.
LABELS = TEXTS | {
    "claims": "量化成效", "activities": "引用的服务记录", "recorded": "记录合计", "partners": "联合单位",
    "attachments": "附件", "service_kinds": "服务维度",
}  # fmt: skip
UNSHOWN = frozenset({"campaign", "category", "unit", "recorded"})


def content_for(nomination: Nomination, cut: Cut, submissions: list[Submission]) -> dict[str, Any]:
    """What this reader sees: the unit its working text, everybody else what was last submitted."""
    if submissions and not (cut == Cut.OWN and nomination.is_with_the_unit):
        return submissions[0].content
    return working_content(nomination)


def remarks_on(nomination: Nomination) -> list[CorrectionItem]:
    """All remarks of all returns, the newest return first, each with its correction."""
    items = CorrectionItem.objects.filter(correction__nomination=nomination)
    return list(items.select_related("correction").order_by("-correction__number", "pk"))


def label_of(name: str) -> str:
    return LABELS.get(name) or part_label(name)


def history_of(nomination: Nomination, sight: Sight) -> QuerySet:
    """What was done with the file, newest first, as far as this cut may know; posts, never people.

    A draft is known to the log by its slug, a submitted file by its code.
    """
    keys = [key for key in (nomination.slug, nomination.code) if key]
    entries = AuditEntry.objects.filter(target_kind="nomination", target_key__in=keys, event__in=sight.events)
    return entries.only("at", "event", "post", "reason", "actor_name", "actor_id").order_by("-pk")[:50]


@dataclass(frozen=True)
class Figure:
    """One claimed figure of the content; `gap` None where the log has nothing to say."""

    indicator: str
    before: str
    value: Decimal
    measure: str
    source: str
    gap: FigureGap | None

    @property
    def mark(self) -> Agreement | Mark | None:
        return self.gap and Agreement.of(self.gap)


def figures_of(content: dict[str, Any]) -> list[Figure]:
    """Claimed beside recorded, both as they were frozen."""
    recorded = content.get("recorded", {})
    found = []
    for claim in content.get("claims", []):
        value = Decimal(claim["value"])
        gap = None
        if claim["metric"] != Metric.OTHER:
            gap = claimed_vs_recorded(value, Decimal(recorded.get(claim["metric"], "0")))
        found.append(
            Figure(claim["indicator"], claim["before"], value, claim["measure"], claim["source"], gap)
        )
    return found


def facts_of(content: dict[str, Any], *, phones: bool) -> list[tuple[str, str]]:
    """Label and value of everything short; phones whole or masked."""

    def phone(name: str) -> str:
        number = content.get(name) or ""
        return number if phones or not number else mask_phone(number)

    def choice(name: str, table) -> str:
        return table(content[name]).label if content.get(name) else ""

    sample = content.get("satisfaction_sample")
    satisfied = f"{content['satisfaction_percent']}%" if content.get("satisfaction_percent") else ""
    pairs = [
        ("服务维度", "、".join(ServiceKind(kind).label for kind in content.get("service_kinds") or [])),
        ("创新类型", choice("innovation_kind", InnovationKind)),
        ("制度文号", content.get("document_number")),
        ("项目类型", choice("project_kind", ProjectKind)),
        ("年度计划投资（万元）", content.get("investment_planned")),
        ("完成投资（万元）", content.get("investment_done")),
        ("实施时间", period(content.get("started_on"), content.get("ended_on"))),
        ("服务对象", content.get("target")),
        ("满意率", satisfied + (f"，样本{sample}" if satisfied and sample else "")),
        ("曾获奖情况", content.get("earlier_awards")),
        ("本单位公示", period(content.get("unit_notice_from"), content.get("unit_notice_to"))),
        ("项目负责人", f"{content.get('leader_name') or ''} {content.get('leader_duty') or ''}".strip()),
        ("负责人电话", phone("leader_phone")),
        ("联系人", content.get("contact_name")),
        ("联系人电话", phone("contact_phone")),
    ]
    return [(label, str(value)) for label, value in pairs if value]


def period(first: str | None, last: str | None) -> str:
    if not first:
        return ""
    return f"{first}至{last}" if last else f"{first}起"


def masked_texts(content: dict[str, Any], organiser: Unit) -> list[tuple[str, str, list[Segment]]]:
    """Name, label and pieces of every text, with the very names hidden that the written stage hides."""
    people = [str(content.get(name) or "") for name in PEOPLE]
    names = [*identity_names(organiser), *people]
    texts = {"title": "项目名称", **TEXTS, "target": "服务对象与覆盖范围"}
    return [
        (name, label, mask(content[name], find_identity(content[name], names)))
        for name, label in texts.items()
    ]


@dataclass(frozen=True)
class Change:
    """One part that differs between two submissions; texts come woven, the rest as before and after."""

    label: str
    pieces: list[Piece]
    before: str = ""
    after: str = ""


def changes_between(older: dict[str, Any], newer: dict[str, Any], *, phones: bool) -> list[Change]:
    """What the later submission changed, part by part."""
    found = []
    for name in changed_keys(older, newer):
        if name in UNSHOWN:
            continue
        before, after = older.get(name), newer.get(name)
        if name in TEXTS or name == "title":
            found.append(Change(label_of(name), text_changes(before or "", after or "")))
        elif name.endswith("_phone") and not phones:
            found.append(Change(label_of(name), [], mask_phone(before or ""), mask_phone(after or "")))
        else:
            found.append(Change(label_of(name), [], as_words(name, before), as_words(name, after)))
    return found


def as_words(name: str, value: Any) -> str:
    """A frozen value in words, for the comparison of two submissions."""
    if name == "claims":
        return "；".join(f"{row['indicator']}{row['value']}{row['measure']}" for row in value or [])
    if name == "activities":
        return "；".join(f"{row['happened_on']} {row['subject']}" for row in value or [])
    if name == "partners":
        return "、".join(row["name"] for row in value or [])
    if name == "attachments":
        return "；".join(f"{row['name']}（{AttachmentKind(row['kind']).label}）" for row in value or [])
    if name == "service_kinds":
        return "、".join(ServiceKind(kind).label for kind in value or [])
    if name == "innovation_kind":
        return InnovationKind(value).label if value else ""
    if name == "project_kind":
        return ProjectKind(value).label if value else ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)
