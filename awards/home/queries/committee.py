"""What waits for a reviewer and for a member of the committee."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from awards.campaign.models import Phase
from awards.decision.models import Meeting
from awards.home.links import link
from awards.home.rules import Task
from awards.panel.models import Panel
from awards.review.queries import progress_of
from awards.review.words import about
from units.models import User
from units.permissions import units_of
from units.roles import Role

AGENDA_STAYS = timedelta(days=1)


def reviewer_tasks(user: User) -> list[Task]:
    """Own sheets still to hand in, by panel; two questions."""
    own = {pk: counts for pk, counts in progress_of(user).items() if counts.open}
    panels = Panel.objects.filter(pk__in=own, closed_at=None).select_related("category", "campaign")
    return [
        Task(
            f"{panel.category}{Phase(panel.stage).label}：还有{own[panel.pk].open}件",
            link("awards:review-queue"),
            "去评审",
            _progress_text(own[panel.pk]),
            panel.closes_at,
        )
        for panel in panels
    ]


def _progress_text(own) -> str:
    parts = [f"已交{own.handed_in}/{own.total}件"]
    parts += [
        f"{label}{number}件" for label, number in (("草稿", own.draft), ("跳过", own.skipped)) if number
    ]
    if own.left is not None:
        parts.append(f"按目前进度{about(own.left)}")
    return "，".join(parts)


def member_tasks(user: User) -> list[Task]:
    """Meetings that are called and not yet held."""
    committees = [unit.pk for unit in units_of(user, Role.MEMBER)]
    called = Meeting.objects.filter(
        campaign__organiser__in=committees,
        decided_at=None,
        held_at__gte=timezone.now() - AGENDA_STAYS,
    )
    return [
        Task(
            f"{meeting.campaign}：工委审定会议",
            link("awards:decision", meeting.campaign.code),
            "看议程",
            meeting.place,
            meeting.held_at,
        )
        for meeting in called.select_related("campaign").order_by("held_at")
    ]
