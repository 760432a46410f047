"""Winners of the years before the portal, from a workbook: previewed, then all of them or none.

Of such a year only the outcome is known. Each winner becomes a selected nomination with its title, so that a later
one can be held against it, and a result; there are no dates, texts, marks or places, and none are made up.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from awards.campaign.actions import enter_past_year
from awards.campaign.defaults import CATEGORIES
from awards.campaign.models import Campaign
from awards.campaign.permissions import organisers_for
from awards.campaign.rules import SHANGHAI
from awards.nomination.models import Nomination
from awards.result.actions import enter_results
from awards.result.models import Certificate, Result
from awards.result.rules import PREFIX, last_banned_day, parse_certificate
from awards.states import State
from units.actions.importing import Confirmation, confirmed
from units.audit.events import Event
from units.audit.record import record
from units.models import Unit, User
from units.papers.intake import Field, Row, read_sheet
from units.papers.reading import ADDED, SAME, Effect, Lookup, Reading, changed, repeated
from units.papers.values import Unreadable, choice, date_value, limited_text, several, shortened, squeezed
from units.queries import named_units

MOST_ROWS = 2000
EARLIEST = 1990
LATE = 2  # years after its own in which a year may have been announced


def year_value(value) -> int:
    """2019, 2019年, 2019年度."""
    found = re.fullmatch(r"(\d{4})(年度?)?", squeezed(value))
    if not found or not EARLIEST <= int(found[1]) <= timezone.localdate().year:
        raise Unreadable(f"“{shortened(squeezed(value))}”不是可以补录的年度，请填四位年份，如2019。")
    return int(found[1])


def certificate_number(value) -> str:
    """As printed; one in today's form is put into its one way of writing."""
    written = squeezed(value)
    if found := parse_certificate(written):
        return str(found)
    if len(written) > 30 or "/" in written:
        raise Unreadable("证书编号最多30字，不含斜线。")
    return written


NAMES = {given.name: given.letter for given in CATEGORIES}
FIELDS = (
    Field("year", ("年度", "年份"), year_value, required=True, example=2019, hint="平台启用前的年度"),
    Field("category", ("类别", "奖项", "评选类别"), choice(NAMES), required=True, example=CATEGORIES[0].name),
    Field("title", ("项目名称", "名称", "项目"), limited_text(200), required=True, example="企业开办全程帮办"),
    Field(
        "unit", ("申报单位", "单位", "单位名称"), limited_text(80), required=True, example="区统计局",
        hint="当时的名称，须是名册中现有或已撤销单位的全称、简称或别名",
    ),
    Field("partners", ("联合单位", "联合申报单位"), several(limited_text(80)), hint="按当时公布的写，用顿号隔开"),
    Field("announced_on", ("公布日期", "通报日期"), date_value, required=True, example="2019-12-20"),
    Field("document_number", ("通报文号", "文号"), limited_text(60), example="东区直工委〔2019〕38号"),
    Field("certificate", ("证书编号", "证书号"), certificate_number, example=f"{PREFIX}-2019-F-001", hint="没有的不填"),
    Field("revoked_on", ("撤销日期",), date_value, hint="公布后又被撤销的填写"),
    Field("revoke_reason", ("撤销原因", "撤销理由"), limited_text(500), hint="有撤销日期的填写"),
)  # fmt: skip
# What a second book may still add to a result that was entered without it.
COMPLETED = ("document_number", "certificate")
HEADERS = {item.name: item.header for item in FIELDS}


@dataclass(eq=False)
class Line:
    """One winner. result: the one that is there already; added: what this row completes of it."""

    row: Row
    unit: Unit
    organiser: Unit
    result: Result | None = None
    added: list[str] = field(default_factory=list)

    @property
    def does_something(self) -> bool:
        return self.result is None or bool(self.added)


def read_past(file, *, name: str, user: User) -> Reading:
    """Read and check a book of earlier winners. Raises IntakeRefused for an unreadable file."""
    intake = read_sheet(file, FIELDS, name=name, max_rows=MOST_ROWS)
    return _Book(Reading(FIELDS, intake, main="title"), user).read()


class _Book:
    """The rows beside the committee's years, units and results, in a few questions."""

    def __init__(self, reading: Reading, user: User):
        self.reading = reading
        self.organisers = {unit.slug: unit for unit in organisers_for(user)}
        mine = Unit.objects.within(self.organisers.values()).exclude(parent=None)
        self.units: Lookup = named_units(mine, where="，现有和已撤销的都没有；请先登记，或登记为现单位的别名")
        self.by_name = {squeezed(unit.name): unit for unit in mine}
        held = Campaign.objects.run_here().filter(organiser__in=self.organisers.values())
        self.held = set(held.values_list("organiser", "year"))
        results = Result.objects.filter(campaign__organiser__in=self.organisers.values())
        self.results = {
            (one.campaign.year, one.category.letter, squeezed(one.title), one.nomination.unit_id): one
            for one in results.select_related("campaign", "category", "nomination", "certificate")
        }
        numbers = [row.values.get("certificate") for row in reading.intake.rows]
        taken = Certificate.objects.filter(number__in=[number for number in numbers if number])
        self.taken = dict(taken.values_list("number", "result"))

    def read(self) -> Reading:
        reading = self.reading
        for row in reading.intake.rows:
            self._check(row)
        lines = [line for row in reading.intake.rows if (line := self._line(row))]
        rows = [line.row for line in lines]
        for column, keys in (
            ("title", [self._key(line) for line in lines]),
            ("certificate", [line.row.values.get("certificate") or None for line in lines]),
        ):
            for place, first in repeated(keys).items():
                reading.blame(rows[place], column, f"与第{rows[first].number}行重复。")
        reading.rows = lines
        reading.effects = {line.row.number: _effect(line) for line in lines}
        reading.problems.sort(key=lambda problem: problem.row)
        return reading

    def _check(self, row: Row) -> None:
        """What a row says against itself."""
        given = row.values
        year, announced, revoked = given["year"], given["announced_on"], given.get("revoked_on")
        today = timezone.localdate()
        if announced and (announced > today or (revoked and revoked > today)):
            self.reading.blame(row, "announced_on" if announced > today else "revoked_on", "日期还没有到。")
        if year and announced and not year <= announced.year <= year + LATE:
            self.reading.blame(row, "announced_on", f"与{year}年度不符，请核对。")
        if revoked and announced and revoked < announced:
            self.reading.blame(row, "revoked_on", "不能早于公布日期。")
        if bool(revoked) != bool(given.get("revoke_reason")):
            self.reading.blame(row, "revoke_reason", "撤销日期和撤销原因须一并填写。")
        if len("、".join(given.get("partners") or [])) > 300:
            self.reading.blame(row, "partners", "合计最多300字。")
        number = parse_certificate(given.get("certificate") or "")
        ours = number and number.prefix == PREFIX and year and given["category"]
        if ours and (number.year, number.category) != (year, given["category"]):
            self.reading.blame(row, "certificate", "编号中的年度或类别与本行不符。")

    def _line(self, row: Row) -> Line | None:
        given = row.values
        if not (
            given["unit"] and given["year"] and given["category"] and given["title"] and given["announced_on"]
        ):
            return None
        unit = self.by_name.get(squeezed(given["unit"]))
        if unit is None:
            try:
                unit = self.units(given["unit"])
            except Unreadable as error:
                self.reading.blame(row, "unit", str(error))
                return None
        line = Line(row, unit, self.organisers[unit.organiser_slug])
        if (line.organiser.pk, given["year"]) in self.held:
            self.reading.blame(row, "year", f"{given['year']}年度已在平台上建立，结果由公布产生，不能补录。")
        line.result = self.results.get(self._key(line))
        self._check_number(line)
        if line.result is not None:
            self._compare(line)
        return line

    def _key(self, line: Line) -> tuple:
        given = line.row.values
        return given["year"], given["category"], squeezed(given["title"]), line.unit.pk

    def _check_number(self, line: Line) -> None:
        holder = self.taken.get(line.row.values.get("certificate") or "")
        if holder is not None and (line.result is None or holder != line.result.pk):
            self.reading.blame(line.row, "certificate", "这个编号已经颁发。")

    def _compare(self, line: Line) -> None:
        """A result that is there is completed where it lacks something, and contradicted nowhere."""
        stored = _stored(line.result)
        for name, value in line.row.values.items():
            if name not in stored or value in (None, "", []) or value == stored[name]:
                continue
            if name in COMPLETED and not stored[name]:
                line.added.append(name)
            else:
                words = f"已登记为“{_words(stored[name])}”，公布过的结果不能由导入修改。"
                self.reading.blame(
                    line.row, name, words if stored[name] else "已经登记，没有这一项；请在结果页办理。"
                )


def _stored(result: Result) -> dict:
    """A result in the words of a row; one without a certificate has no number."""
    certificate = getattr(result, "certificate", None)
    return {
        "announced_on": _day(result.announced_at),
        "document_number": result.document_number,
        "certificate": certificate.number if certificate else "",
        "partners": result.partner_names.split("、") if result.partner_names else [],
        "revoked_on": _day(result.revoked_at) if result.revoked_at else None,
    }


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _words(value) -> str:
    return "、".join(value) if isinstance(value, list) else str(value)


def _effect(line: Line) -> Effect:
    if line.result is None:
        return ADDED
    told = [f"补{HEADERS[name]}{line.row.values[name]}" for name in line.added]
    return changed(*told) if told else SAME


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
    return unit.name if squeezed(written) in (squeezed(unit.short_name), squeezed(unit.name)) else written


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
