"""What the public reads first: the notices and the 示范项目 of the last year that has any."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from awards.campaign.models import Campaign
from awards.campaign.queries.calendar import working_calendar
from awards.campaign.rules.working_days import local_date
from awards.notice.models import Notice
from awards.result.models import Result
from units.kit.todos import link
from units.known import known

LISTED = 8


@dataclass(frozen=True)
class NoticeLine:
    """left: working days left, today counted if it is one; None when the notice is over."""

    notice: Notice
    left: int | None
    url: str


def public_notices(now: datetime) -> list[NoticeLine]:
    """The newest notices; one question, one more for the working days when one is running."""
    notices = list(
        Notice.objects.published()
        .filter(campaign__is_scratch=False)
        .only("slug", "title", "published_at", "last_day", "closes_at", "provisional")[:LISTED]
    )
    running = [notice for notice in notices if notice.is_running_at(now)]
    left = _days_left(running, local_date(now)) if running else {}
    return [NoticeLine(notice, left.get(notice.pk), link("awards:notice", notice.slug)) for notice in notices]


def _days_left(running: list[Notice], today: date) -> dict[int, int]:
    """Working days to the end of each, counted on the table of the years concerned."""
    calendar = working_calendar({today.year, *(known(notice.last_day).year for notice in running)})
    return {
        notice.pk: calendar.working_days_between(today, known(notice.last_day)) + calendar.is_working(today)
        for notice in running
    }


@dataclass(frozen=True)
class ModelProject:
    """One 示范项目; url: of its certificate, if it has one."""

    result: Result
    url: str


def model_projects() -> tuple[Campaign | None, list[ModelProject]]:
    """The newest announced year and its valid results by category; two questions."""
    announced = Campaign.objects.filter(announced_at__isnull=False, is_scratch=False)
    campaign = (
        announced.filter(results__revoked_at=None, results__isnull=False).order_by("-year", "-pk").first()
    )
    if campaign is None:
        return None, []
    results = campaign.results.filter(revoked_at=None).select_related("category", "certificate")
    results = results.order_by("category__order", "nomination__code_key")
    return campaign, [ModelProject(result, _certificate_url(result)) for result in results]


def _certificate_url(result: Result) -> str:
    certificate = getattr(result, "certificate", None)
    return link("awards:certificate", certificate.number) if certificate else ""
