"""One nomination as a whole: its content as submitted, the history its reader may know, what changed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from awards.catalogue import codes, typed
from awards.dossier.cuts import Cut, Sight
from awards.nomination.models import (
    Agreement,
    CorrectionItem,
    Metric,
    Nomination,
    Submission,
)
from awards.nomination.queries.answers import answer, facts
from awards.nomination.queries.content import working_content
from awards.nomination.rules.limits import FigureGap, claimed_vs_recorded
from awards.nomination.rules.measured import measured_by
from awards.review.queries.reading import identity_names
from awards.screening.rules.blindness import Segment, find_identity, mask
from units.audit.models import AuditEntry
from units.kit.status import Mark
from units.models import Unit


def content_for(nomination: Nomination, cut: Cut, submissions: list[Submission]) -> dict[str, Any]:
    """What this reader sees: the unit its working text, everybody else what was last submitted."""
    if submissions and not (cut == Cut.OWN and nomination.is_with_the_unit):
        return submissions[0].content
    return working_content(nomination)


def remarks_on(nomination: Nomination) -> list[CorrectionItem]:
    """All remarks of all returns, the newest return first, each with its correction."""
    items = CorrectionItem.objects.filter(correction__nomination=nomination)
    return list(items.select_related("correction").order_by("-correction__number", "pk"))


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
    explanation: str = ""

    @property
    def mark(self) -> Agreement | Mark | None:
        return Agreement.of(self.gap) if self.gap else None


def figures_of(content: dict[str, Any]) -> list[Figure]:
    """Claimed beside recorded, both as they were frozen."""
    recorded = content.get("recorded", {})
    found = []
    for claim in content.get("claims", []):
        value, gap = Decimal(claim["value"]), None
        measured = measured_by(claim["metric"], claim["indicator"], claim["measure"])
        if measured != Metric.OTHER:
            gap = claimed_vs_recorded(value, Decimal(recorded.get(measured, "0")))
        texts = (claim["indicator"], claim["before"], value, claim["measure"], claim["source"])
        found.append(Figure(*texts, gap, claim.get("explanation", "")))
    return found


def facts_of(content: dict[str, Any], *, phones: bool) -> list[tuple[str, str]]:
    """Label and value of everything short that was given, but the title; phones whole or masked."""
    found = facts(content, phones=phones)
    return [(fact.label, fact.text) for fact in found if fact.text and fact.field.kind != "title"]


def masked_texts(content: dict[str, Any], organiser: Unit) -> list[tuple[str, str, list[Segment]]]:
    """Name, label and pieces of every text, with the very names hidden that the written stage hides."""
    people = [str(content.get(name) or "") for name in codes(typed(blind="person"))]
    names = [*identity_names(organiser), *people]
    texts = [(one, answer(one, content)) for one in typed(blind="masked")]
    return [(one.code, one.label, mask(text, find_identity(text, names))) for one, text in texts]
