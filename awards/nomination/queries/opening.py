"""Which part of a nomination may be changed now."""

from __future__ import annotations

from django.utils import timezone

from awards.nomination.models import Correction, Nomination
from awards.nomination.rules import EVERY_ANSWER, has_lapsed, open_answers
from awards.states import State


def open_correction(nomination: Nomination) -> Correction | None:
    """The return for correction that waits for its answer; None outside RETURNED."""
    if nomination.state != State.RETURNED:
        return None
    return nomination.corrections.filter(answered_at=None).order_by("-number").first()


def open_parts(nomination: Nomination) -> frozenset[str]:
    """The answers that may be changed now: all with the unit, the remarked ones of a returned file.

    Nothing at the office, and nothing once the time for correction is over.
    """
    if not nomination.is_with_the_unit:
        return frozenset()
    if nomination.state != State.RETURNED:
        return EVERY_ANSWER
    correction = open_correction(nomination)
    if correction is None or has_lapsed(correction.due_at, timezone.now()):
        return frozenset()
    return open_answers(correction.items.values_list("field", flat=True))
