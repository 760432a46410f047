"""What the notice's page and its offline copy show, made ready for the template."""

from __future__ import annotations

import json

from django.core.cache import cache
from django.utils import timezone

from awards.campaign.rules.wording import left_text
from awards.notice.models import Notice
from awards.notice.papers import grouped
from awards.notice.queries import days_of, received
from awards.notice.rules import ACCEPT_DAYS, RULING_DAYS
from awards.ranking.models import Ranking, ReviewerLetter
from units.papers.typesetting import balanced


def notice_context(notice: Notice) -> dict:
    """Everything the notice's page and its offline copy show."""
    now = timezone.now()
    context = {
        "notice": notice, "title_lines": balanced(notice.title),
        "groups": numbered(grouped(notice)), "issuer": notice.campaign.organiser.name,
        "show_details": not notice.is_over, "accept_days": ACCEPT_DAYS, "ruling_days": RULING_DAYS,
    }  # fmt: skip
    if notice.published_at:
        days = days_of(notice, timezone.localdate(now))
        context |= {
            "days": [square(day, notice) for day in days.strip],
            "day_number": days.number,
            "left": "" if notice.is_over else left_text(now, notice.closes_at),
            "received": received(notice),
            "extensions": notice.extensions.all(),
        }
    if notice.ranking_id:
        context["record"] = record_facts(notice.ranking_id)
    return context


def numbered(groups):
    """The lines with a number that runs on from category to category."""
    number = 0
    for _, lines in groups:
        for line in lines:
            number += 1
            line.number = number
    return groups


def square(day, notice: Notice) -> dict:
    """One square of the strip, as components/_days.html draws it."""
    note = day.weekday
    if day.word == "发布":
        note += "，不计"
    elif day.word == "公布":
        note += "起可公布"
    elif day.day == notice.last_day:
        note += "截止"
    rest = day.word == "休息"
    if day.tense == "now":
        status, note = "now", "今天"
    else:
        status = "rest" if rest else "past" if day.tense == "past" else "next"
    if day.provisional and not rest:
        note += "（暂定）"
    return {"date": day.day, "word": day.word, "status": status, "note": note}


def record_facts(ranking: int) -> dict:
    """Digest, size and counts of the public record; it never changes, so it is read once."""
    return cache.get_or_set(f"record-facts:{ranking}", lambda: _record_facts(ranking), 3600)


def _record_facts(ranking: int) -> dict:
    found = Ranking.objects.only("record", "digest").get(pk=ranking)
    body = json.loads(found.record or "{}")
    return {
        "digest": found.digest,
        "size": len(found.record.encode()),
        "reviewers": ReviewerLetter.objects.filter(ranking=found).values("reviewer").distinct().count(),
        "sheets": len(body.get("sheets", [])),
        "recusals": sum(row["count"] for row in body.get("recusals", [])),
    }
