"""The notice from draft to public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from awards.campaign.models import Campaign
from awards.campaign.queries.calendar import working_calendar
from awards.campaign.rules.working_days import Period, local_date, longer_period, notice_period
from awards.decision.queries import final_ranking
from awards.errors import StageError
from awards.moves import locked, move
from awards.nomination.models import Nomination
from awards.notice.actions.queue import queue_up
from awards.notice.models import Notice, NoticeEntry, NoticeExtension
from awards.notice.queries import decided_meeting, period_of, proposed, stated_basis
from awards.states import State
from units.audit.events import Event
from units.audit.record import record
from units.errors import StaleVersion
from units.known import known
from units.models import User
from units.pending.queries import ends_by_kind

if TYPE_CHECKING:
    from awards.notice.queries import Listed

LEAST_DAYS = 5
FIELDS = (
    "title", "basis", "order_rule", "office", "phone", "email", "address", "postcode", "office_hours", "days",
)  # fmt: skip
NEEDED = {"title": "标题", "basis": "公示依据", "office": "受理部门", "phone": "电话", "address": "地址"}


@transaction.atomic
def draft_notice(campaign: Campaign, *, actor: User | None) -> Notice:
    """Begin the next notice of the year with everything the portal knows: list, basis, contacts.

    Raises StageError when nothing is proposed or a draft is already there.
    """
    campaign = queue_up(campaign.pk)
    if campaign.notices.filter(published_at=None).exists():
        raise StageError("已有一份公示草稿，请在该草稿上修改。")
    files = list(proposed(campaign))
    if not files:
        raise StageError("没有拟入选项目。请先在“审定”中审定名单。")
    number = campaign.notices.count() + 1
    ranking = final_ranking(campaign)
    notice = Notice.objects.create(
        campaign=campaign,
        meeting=decided_meeting(campaign),
        ranking=ranking,
        number=number,
        slug=f"{campaign.code}-{number}",
        title=f"关于{campaign.title}{'递补' if number > 1 else ''}拟入选示范项目的公示",
        basis=stated_basis(campaign, len(files), ranking=ranking, moved_up=number > 1),
        office=campaign.contact_office,
        phone=campaign.contact_phone,
        email=campaign.contact_email,
        address=campaign.contact_address,
        days=max(campaign.notice_days, LEAST_DAYS),
    )
    _list(notice, files)
    record(
        Event.NOTICE_DRAFTED,
        actor=actor,
        target=notice,
        campaign=campaign.code,
        after={"entries": len(files)},
    )
    return notice


@transaction.atomic
def change_notice(
    notice: Notice,
    *,
    values: Mapping[str, Any],
    version: int,
    actor: User | None,
    summaries: Mapping[int, str] | None = None,
) -> Notice:
    """Write a draft's texts; the list is taken anew from what is proposed now.

    values: any of FIELDS. summaries: nomination → summary as it shall be published.
    Raises StaleVersion when somebody saved meanwhile, StageError once published.
    """
    queue_up(notice.campaign_id)
    notice = _draft(notice)
    if notice.version != version:
        raise StaleVersion
    before = {name: getattr(notice, name) for name in FIELDS}
    for name in FIELDS:
        if name in values:
            setattr(notice, name, values[name])
    notice.version += 1
    notice.save()
    _list(notice, list(proposed(notice.campaign)), summaries or {})
    changed = [name for name in FIELDS if getattr(notice, name) != before[name]]
    record(
        Event.NOTICE_CHANGED,
        actor=actor,
        target=notice,
        campaign=notice.campaign.code,
        before={name: before[name] for name in changed},
        after={name: getattr(notice, name) for name in changed} | {"summaries": len(summaries or {})},
    )
    return notice


@transaction.atomic
def publish_notice(notice: Notice, *, actor: User | None) -> Notice:
    """Put the whole list before the public in one act and fix its days.

    From this moment the outcome is no secret to anybody. The day of publishing is not counted; the last
    day ends at 24:00. Raises StageError when something required is missing or the list has changed.
    """
    campaign = queue_up(notice.campaign_id)
    notice = _draft(notice)
    now, act_id = timezone.now(), uuid4()
    if problems := publishing_problems(notice):
        raise StageError("".join(problems))
    year = local_date(now).year
    period = notice_period(working_calendar({year, year + 1}), now, notice.days)
    notice.published_at, notice.published_by = now, actor
    _write_down(notice, period)
    notice.two_person_acts = ends_by_kind(campaign.code, now)
    notice.version += 1
    notice.save()
    for file in Nomination.objects.filter(notice_entries__notice=notice).order_by("pk"):
        move(locked(file), State.ON_NOTICE, actor=actor, event=Event.NOTICE_PUBLISHED, act_id=act_id)
    if campaign.outcome_public_at is None:
        campaign.outcome_public_at = now
        campaign.save(update_fields=["outcome_public_at"])
    record(
        Event.NOTICE_PUBLISHED,
        actor=actor,
        target=notice,
        campaign=campaign.code,
        after={
            "first_day": period.first_day, "last_day": period.last_day, "closes_at": period.closes_at,
            "provisional": period.provisional, "entries": notice.entries.count(),
        },
        act_id=act_id,
    )  # fmt: skip
    return notice


def _write_down(notice: Notice, period: Period) -> None:
    notice.worked_days = list(period.worked)
    notice.first_day, notice.last_day = period.first_day, period.last_day
    notice.closes_at, notice.provisional = period.closes_at, period.provisional


@transaction.atomic
def extend_notice(notice: Notice, *, days: int, reason: str, actor: User | None) -> Notice:
    """Make a running notice longer by so many working days, by today's calendar; the days it has stay.

    The new last day and the reason are public. Raises StageError once it has ended.
    """
    queue_up(notice.campaign_id)
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if not notice.is_running:
        raise StageError("只能延长正在进行的公示；已经期满的，须重新公示。")
    former = known(notice.last_day)
    _write_down(notice, longer_period(working_calendar(), period_of(notice), days))
    notice.days += days
    notice.version += 1
    notice.save()
    NoticeExtension.objects.create(
        notice=notice,
        former_last_day=former,
        last_day=known(notice.last_day),
        reason=reason,
        extended_by=actor,
    )
    record(
        Event.NOTICE_EXTENDED,
        actor=actor,
        target=notice,
        campaign=notice.campaign.code,
        before={"last_day": former},
        after={"last_day": notice.last_day, "closes_at": notice.closes_at},
        reason=reason,
    )
    return notice


def publishing_problems(notice: Notice) -> list[str]:
    """Everything that keeps a draft from being published, as whole sentences."""
    problems = [f"{label}还没有填写。" for name, label in NEEDED.items() if not getattr(notice, name).strip()]
    if notice.days < LEAST_DAYS:
        problems.append(f"公示期不得少于{LEAST_DAYS}个工作日。")
    listed = set(notice.entries.values_list("nomination", flat=True))
    if not listed:
        problems.append("名单是空的。")
    elif listed != set(proposed(notice.campaign).values_list("pk", flat=True)):
        problems.append("拟入选名单已有变化，请打开草稿核对并重新保存。")
    return problems


def _draft(notice: Notice) -> Notice:
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if notice.published_at:
        raise StageError("公示已经发布，内容不能再改。名单有变化的，另行公示。")
    return notice


def _list(notice: Notice, files: list[Listed], summaries: Mapping[int, str] | None = None) -> None:
    """Write the lines anew; a summary the office has shortened stays as it is."""
    kept = dict(notice.entries.values_list("nomination", "summary")) | dict(summaries or {})
    notice.entries.all().delete()
    NoticeEntry.objects.bulk_create(
        NoticeEntry(
            notice=notice,
            nomination=file,
            title=file.title,
            unit_name=file.unit.name,
            partner_names="、".join(partner.unit.name for partner in file.confirmed_partners)[:300],
            summary=kept.get(file.pk, file.summary).strip(),
            order=place,
        )
        for place, file in enumerate(files, start=1)
    )
