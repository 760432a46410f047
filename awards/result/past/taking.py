"""A previewed book of earlier winners is taken: every one of them, with the years they need, or none."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time

from django.db import transaction

from awards.campaign.actions.start import enter_past_year
from awards.campaign.models import Campaign
from awards.nomination.models import Nomination
from awards.result.actions import enter_results
from awards.result.models import Result
from awards.result.past.reading import Line
from awards.result.rules import last_banned_day
from awards.states import State
from units.actions.importing import Confirmation, confirmed
from units.audit.events import Event
from units.audit.record import record
from units.models import Unit
from units.moments import SHANGHAI
from units.papers.values import folded


@transaction.atomic
def import_past(word: Confirmation) -> list[Result]:
    """Enter the winners of a previewed book, each year of them that is not there yet as a finished one.

    Gives the results made or completed. Raises what `confirmed` raises.
    """
    lines = [line for line in confirmed(word).rows if line.does_something]
    new, known = [line for line in lines if line.result is None], [line for line in lines if line.result]
    results = _made(new, word)
    for line in known:
        if "document_number" in line.added:
            line.result.document_number = line.row.values["document_number"]
    Result.objects.bulk_update([line.result for line in known], ["document_number"])
    results += [line.result for line in known]
    numbers = [line.row.values.get("certificate") or "" for line in new]
    numbers += [line.row.values["certificate"] if "certificate" in line.added else "" for line in known]
    enter_results(list(zip(results, numbers, strict=True)), actor=word.actor, act_id=word.ticket)
    years = sorted({line.row.values["year"] for line in lines})
    record(
        Event.PAST_RESULTS_IMPORTED, actor=word.actor, target=f"{len(lines)}个项目", act_id=word.ticket,
        after={"years": years, "created": len(new), "changed": len(known)},
    )  # fmt: skip
    return results


def _made(lines: list[Line], word: Confirmation) -> list[Result]:
    """Selected nominations, and their results still to be saved; codes go on from those that are there."""
    years = _years(lines, word)
    last = Counter()
    rows = Nomination.objects.filter(campaign__in={campaign.pk for campaign in years.values()})
    for code in rows.exclude(code=None).values_list("code", flat=True):
        stem, _, number = code.rpartition("-")
        last[stem] = max(last[stem], int(number))
    categories = {
        (campaign.pk, category.letter): category
        for campaign in years.values()
        for category in campaign.categories.all()
    }
    nominations, results = [], []
    for line in lines:
        given, campaign = line.row.values, years[line.organiser.pk, line.row.values["year"]]
        category = categories[campaign.pk, given["category"]]
        stem = f"{campaign.code}-{category.letter}"
        last[stem] += 1
        revoked = given.get("revoked_on")
        nomination = Nomination(
            campaign=campaign,
            category=category,
            unit=line.unit,
            code=f"{stem}-{last[stem]:03d}",
            state=State.REVOKED if revoked else State.SELECTED,
            title=given["title"],
            created_by=word.actor,
        )
        nominations.append(nomination)
        results.append(
            Result(
                campaign=campaign,
                nomination=nomination,
                category=category,
                title=given["title"],
                unit_name=_announced_name(given["unit"], line.unit),
                partner_names="、".join(given.get("partners") or []),
                document_number=given.get("document_number") or "",
                announced_at=_midnight(given["announced_on"]),
                revoked_at=_midnight(revoked) if revoked else None,
                revoke_reason=given.get("revoke_reason") or "",
                banned_until=last_banned_day(revoked) if revoked else None,
            )
        )
    Nomination.objects.bulk_create(nominations)
    return results


def _announced_name(written: str, unit: Unit) -> str:
    """A short name is written out; any other name stands as it was announced, an old one stays old."""
    return unit.name if folded(written) in (folded(unit.short_name), folded(unit.name)) else written


def _years(lines: list[Line], word: Confirmation) -> dict[tuple[int, int], Campaign]:
    """organiser and year → the year of each line, made where it is not there yet."""
    first: dict[tuple[Unit, int], date] = {}
    for line in lines:
        key, day = (line.organiser, line.row.values["year"]), line.row.values["announced_on"]
        first[key] = min(day, first.get(key, day))
    found = Campaign.objects.filter(from_papers=True, organiser__in={unit.pk for unit, _ in first})
    found = found.filter(year__in={year for _, year in first})
    years = {(one.organiser_id, one.year): one for one in found.prefetch_related("categories")}
    for (organiser, year), day in sorted(first.items(), key=lambda item: item[0][1]):
        if (organiser.pk, year) not in years:
            years[organiser.pk, year] = enter_past_year(
                organiser, year, announced_at=_midnight(day), actor=word.actor, act_id=word.ticket
            )
    return years


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
