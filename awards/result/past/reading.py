"""A book of earlier winners beside what is there: what each row would do, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils import timezone

from awards.campaign.models import Campaign
from awards.campaign.permissions import organisers_for
from awards.campaign.rules.working_days import local_date
from awards.result.models import Certificate, Result
from awards.result.past.columns import COMPLETED, FIELDS, HEADERS
from awards.result.rules import PREFIX, parse_certificate
from units.models import Unit, User
from units.papers.intake import Row, read_sheet
from units.papers.reading import ADDED, SAME, Effect, Lookup, Reading, changed, repeated
from units.papers.values import Unreadable, folded
from units.queries import named_units

MOST_ROWS = 2000
LATE = 2  # years after its own in which a year may have been announced


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
        self.by_name = {folded(unit.name): unit for unit in mine}
        held = Campaign.objects.run_here().filter(organiser__in=self.organisers.values())
        self.held = set(held.values_list("organiser", "year"))
        results = Result.objects.filter(campaign__organiser__in=self.organisers.values())
        self.results = {
            (one.campaign.year, one.category.letter, folded(one.title), one.nomination.unit_id): one
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
        unit = self.by_name.get(folded(given["unit"]))
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
        return given["year"], given["category"], folded(given["title"]), line.unit.pk

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
        "announced_on": local_date(result.announced_at),
        "document_number": result.document_number,
        "certificate": certificate.number if certificate else "",
        "partners": result.partner_names.split("、") if result.partner_names else [],
        "revoked_on": local_date(result.revoked_at) if result.revoked_at else None,
    }


def _words(value) -> str:
    return "、".join(value) if isinstance(value, list) else str(value)


def _effect(line: Line) -> Effect:
    if line.result is None:
        return ADDED
    told = [f"补{HEADERS[name]}{line.row.values[name]}" for name in line.added]
    return changed(*told) if told else SAME
