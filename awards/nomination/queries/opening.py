"""Which part of a nomination may be changed now."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from awards.campaign.models import Campaign, Phase
from awards.catalogue import every_answer, open_answers
from awards.nomination.models import Correction, CorrectionItem, Nomination
from awards.nomination.rules.limits import has_lapsed
from awards.states import State
from units.known import known


def takes_drafts(campaign: Campaign) -> bool:
    """Whether a draft may be begun now: the year is opened and its nominations are not closed."""
    dates = campaign.phase(Phase.NOMINATION)
    return bool(campaign.opened_at and dates and timezone.now() <= dates.closes_at)


def open_correction(nomination: Nomination) -> Correction | None:
    """The return for correction that waits for its answer; None outside RETURNED."""
    if nomination.state != State.RETURNED:
        return None
    return nomination.corrections.filter(answered_at=None).order_by("-number").first()


def open_remarks(nomination: Nomination) -> list[CorrectionItem]:
    """What the office wants mended now, each with its correction; nothing outside RETURNED."""
    if nomination.state != State.RETURNED:
        return []
    remarks = CorrectionItem.objects.filter(correction__nomination=nomination, correction__answered_at=None)
    return list(remarks.select_related("correction"))


def open_parts(nomination: Nomination, remarks: Iterable[CorrectionItem] | None = None) -> frozenset[str]:
    """The answers that may be changed now: all with the unit, the remarked ones of a returned file.

    Nothing at the office, and nothing once the time for correction is over. remarks: as `open_remarks`
    gave them to a page.
    """
    if not nomination.is_with_the_unit:
        return frozenset()
    if nomination.state != State.RETURNED:
        return every_answer()
    if has_lapsed(known(nomination.correction_due_at), timezone.now()):
        return frozenset()
    remarks = open_remarks(nomination) if remarks is None else remarks
    return open_answers(remark.field for remark in remarks)
