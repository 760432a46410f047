"""From the unit's desk to the office's: review in the unit, submission, withdrawal."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from awards.campaign.models import Category, UnitQuota
from awards.errors import StageError
from awards.moves import locked, move
from awards.nomination.models import Nomination, Submission
from awards.nomination.queries.content import form_state, frozen_content
from awards.nomination.queries.opening import open_correction
from awards.nomination.queries.places import held_by
from awards.nomination.rules.completeness import gaps_of
from awards.nomination.rules.freezing import digest_of_content
from awards.nomination.rules.limits import has_lapsed, partners_problem, places_problem
from awards.states import State, require_move
from units.audit.events import Event
from units.known import known
from units.models import User

GAPS_TOLD = 8


class AlreadySubmitted(StageError):
    """The same file was handed over before, by a second click or by a colleague: nothing more to do."""


@transaction.atomic
def send_to_unit_review(nomination: Nomination, *, actor: User, act_id: UUID | None = None) -> Nomination:
    """Hand a draft to the unit's secretary."""
    nomination = locked(nomination)
    move(
        nomination, State.UNIT_REVIEW, actor=actor, event=Event.NOMINATION_SENT, act_id=act_id,
        send_back_reason="",
    )  # fmt: skip
    return nomination


@transaction.atomic
def send_back(nomination: Nomination, *, reason: str, actor: User) -> Nomination:
    """Give a file back to the unit's clerk, with the secretary's reason."""
    nomination = locked(nomination)
    move(
        nomination, State.DRAFT, actor=actor, event=Event.NOMINATION_SENT_BACK, reason=reason,
        send_back_reason=reason,
    )  # fmt: skip
    return nomination


@transaction.atomic
def submit_nomination(nomination: Nomination, *, actor: User) -> Nomination:
    """Hand a file over for screening, using up one of the organization's places and freezing its content.

    A secretary's own draft passes the unit's review on the way. The first submission gives the code; a
    returned file keeps it and its place. The quota row is locked first: two files of one organization
    submitted in the same second must not both take its last place.
    Raises AlreadySubmitted for a second click, StageError when the move, the dates, a gap or the quota
    forbid it.
    """
    quota = _locked_quota(nomination)
    nomination = Nomination.objects.select_for_update(of=("self",)).select_related(
        "campaign", "category", "unit__top"
    ).get(pk=nomination.pk)  # fmt: skip
    if nomination.state == State.SUBMITTED:
        raise AlreadySubmitted(f"{nomination.code}已提交，没有重复提交。")
    now = timezone.now()
    act_id = None
    if nomination.state == State.DRAFT:
        act_id = uuid4()
        move(nomination, State.UNIT_REVIEW, actor=actor, event=Event.NOMINATION_SENT, act_id=act_id)
    require_move(nomination.state, State.SUBMITTED)
    _ask_dates(nomination, now)
    _ask_gaps(nomination)
    _ask_places(nomination, quota)
    submission = _freeze(nomination, now, actor)
    move(
        nomination,
        State.SUBMITTED,
        actor=actor,
        event=Event.NOMINATION_SUBMITTED,
        act_id=act_id,
        noted={"submission": submission.number, "sha256": submission.sha256},
        code=nomination.code or _next_code(nomination),
        submitted_at=now,
        correction_due_at=None,
        send_back_reason="",
    )
    return nomination


@transaction.atomic
def withdraw_nomination(nomination: Nomination, *, actor: User, reason: str) -> Nomination:
    """Take a file out of the round for good; its place is given back, its code stays its own."""
    if not reason.strip():
        raise StageError("请填写撤回理由。")
    nomination = locked(nomination)
    move(
        nomination, State.WITHDRAWN, actor=actor, event=Event.NOMINATION_WITHDRAWN, reason=reason,
        correction_due_at=None,
    )  # fmt: skip
    return nomination


def _locked_quota(nomination: Nomination) -> UnitQuota:
    quota = (
        UnitQuota.objects.select_for_update()
        .filter(campaign=nomination.campaign_id, unit=nomination.unit.top_id)
        .first()
    )
    if quota is None:
        raise StageError(f"本单位没有本次评选的申报名额。{nomination.campaign.office_to_ask}")
    return quota


def _ask_dates(nomination: Nomination, now) -> None:
    """A first submission needs the nomination dates, a returned file its own deadline."""
    if nomination.state == State.RETURNED:
        if has_lapsed(known(nomination.correction_due_at), now):
            raise StageError("补正期限已过，不能再提交。")
    elif not nomination.campaign.accepts_nominations_at(now):
        raise StageError("不在申报时间内，不能提交。")


def _ask_gaps(nomination: Nomination) -> None:
    gaps = [gap.text for gap in gaps_of(form_state(nomination))]
    if gaps:
        more = f"等{len(gaps)}项" if len(gaps) > GAPS_TOLD else ""
        raise StageError(f"还不能提交：{'；'.join(gaps[:GAPS_TOLD])}{more}。")
    partners = list(nomination.partners.not_declined().values_list("unit__top", flat=True))
    problem = partners_problem(nomination.unit.top_id, partners, nomination.campaign.partners_limit)
    if problem:
        raise StageError(problem)


def _ask_places(nomination: Nomination, quota: UnitQuota) -> None:
    if nomination.holds_a_place:
        return
    here, held = held_by(nomination.campaign, nomination.unit.top, nomination.category, but=nomination)
    problem = places_problem(here, held, quota.per_category, quota.places)
    if problem:
        raise StageError(problem)


def _freeze(nomination: Nomination, now, actor: User) -> Submission:
    content = frozen_content(nomination)
    correction = open_correction(nomination)
    if correction:
        correction.answered_at = now
        correction.save(update_fields=["answered_at"])
    return Submission.objects.create(
        nomination=nomination,
        number=nomination.submissions.count() + 1,
        content=content,
        sha256=digest_of_content(content),
        submitted_at=now,
        submitted_by=actor,
    )


def _next_code(nomination: Nomination) -> str:
    """The next number of the category, 2026-F-012; the category's row is locked until the commit.

    Codes are never given twice nor back, so they run without a gap.
    """
    category = Category.objects.select_for_update(no_key=True).get(pk=nomination.category_id)
    front = f"{nomination.campaign.code}-{category.letter}-"
    used = Nomination.objects.filter(campaign=nomination.campaign_id, code__startswith=front)
    last = used.order_by("-code_key").values_list("code", flat=True).first()
    return f"{front}{int(last.removeprefix(front)) + 1 if last else 1:03d}"
