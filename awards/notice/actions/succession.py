"""After an upheld objection the next in rank may move up, and then only by a notice of its own."""

from __future__ import annotations

from django.db import transaction

from awards.campaign.models import Campaign
from awards.errors import StageError
from awards.moves import locked, move
from awards.nomination.models import Nomination
from awards.notice.actions.queue import queue_up
from awards.notice.queries import vacancies
from awards.states import State
from units.audit.events import Event
from units.models import User


@transaction.atomic
def move_up(campaign: Campaign, *, nomination: Nomination, reason: str, actor: User | None) -> Nomination:
    """Propose the next in rank for a seat that an upheld objection freed; its notice comes next.

    Raises StageError when no seat is free, or another entry comes first by the frozen ranking.
    """
    campaign = queue_up(campaign.pk)
    if not reason.strip():
        raise StageError("请写明递补的依据。")
    free = {row.category.pk: row for row in vacancies(campaign)}
    nomination = locked(nomination)
    vacancy = free.get(nomination.category_id)
    if vacancy is None:
        raise StageError("该类别没有因异议成立而空出的名额。")
    if nomination.pk not in {line.nomination_id for line in vacancy.candidates}:
        raise StageError("只能按冻结的排名依次递补，该项目前面还有项目。")
    move(nomination, State.PROPOSED, actor=actor, event=Event.NOMINATION_MOVED_UP, reason=reason.strip())
    return nomination
