"""Keep a reviewer away from an entry."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from awards.errors import StageError
from awards.nomination.models import Nomination
from awards.panel.models import Assignment, Panel, Recusal, RecusalSource, Reviewer
from awards.panel.rules.conflicts import DECLARED, Tie
from awards.states import State
from units.audit.events import Event
from units.audit.record import record
from units.models import User

# While the file is judged; once the meeting has it, the marks are part of a frozen ranking.
OPEN_TO_RECUSAL = (State.SUBMITTED, State.RETURNED, State.QUALIFIED, State.SHORTLISTED)


@transaction.atomic
def recuse_reviewer(
    nomination: Nomination, reviewer: Reviewer, *, kind: Tie | str, source: str, reason: str = "", actor: User
) -> Recusal:
    """Bar a reviewer from an entry for good and withdraw the entry from the reviewer's queue.

    A sheet of a withdrawn assignment never counts, handed in or not. Said twice, the first recusal stands
    and nothing is recorded again. Raises StageError for a kind that does not fit its source, a missing
    reason, or a file that is past judging.
    """
    kind, source = _checked(kind, source, reason)
    # The panels first, as assign_entries does: neither may hand out what the other has just barred.
    list(Panel.objects.select_for_update().filter(category=nomination.category_id).order_by("pk"))
    nomination = Nomination.objects.select_related("campaign").get(pk=nomination.pk)
    if reviewer.campaign_id != nomination.campaign_id:
        raise StageError("该评委不在本届评委库中。")
    if nomination.state not in OPEN_TO_RECUSAL:
        raise StageError(f"该项目已是“{State(nomination.state).label}”，不能再登记回避。")
    _require_sealed(nomination, reviewer)
    recusal, made = Recusal.objects.get_or_create(
        nomination=nomination,
        reviewer=reviewer,
        defaults={"kind": kind, "source": source, "reason": reason.strip(), "made_by": actor},
    )
    if made:
        live = Assignment.objects.filter(nomination=nomination, seat__reviewer=reviewer, revoked_at=None)
        withdrawn = live.update(revoked_at=timezone.now())
        record(
            Event.REVIEWER_RECUSED,
            actor=actor,
            target=nomination,
            after={
                "reviewer": reviewer.user.username,
                "kind": kind,
                "source": source,
                "withdrawn": withdrawn,
            },
            reason=reason,
        )
    return recusal


def _require_sealed(nomination: Nomination, reviewer: Reviewer) -> None:
    """Marks that have been unsealed are not struck by one person: they are in the open by then."""
    unsealed = Assignment.objects.filter(
        Q(panel__closed_at__isnull=False) | Q(panel__reopened_at__isnull=False),
        nomination=nomination,
        seat__reviewer=reviewer,
        revoked_at=None,
        sheets__state="handed_in",
    )
    if unsealed.exists():
        raise StageError("该评委的评分已随评审关闭启封，不能再单方登记回避，请提请复议。")


def _checked(kind: Tie | str, source: str, reason: str) -> tuple[Tie, RecusalSource]:
    kind, source = Tie(kind), RecusalSource(source)
    if source == RecusalSource.DECLARED and kind not in DECLARED:
        raise StageError("本人申报须选择申报的情形。")
    if source == RecusalSource.COMPUTED and kind in DECLARED:
        raise StageError("系统核查只认定单位和任职关系。")
    if source != RecusalSource.COMPUTED and not reason.strip():
        raise StageError("须写明回避的具体情况。")
    return kind, source
