"""The projects of a year with everybody's part in them, as rows by organization."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from awards.appraisal.rules import Bonus, Merit, Part, bonuses
from awards.campaign.models import Campaign
from awards.campaign.queries.rule import rule_in_force
from awards.catalogue import long_texts
from awards.nomination.models import Nomination, Partner
from awards.notice.models import Outcome
from awards.states import State
from units.models import Unit


@dataclass(frozen=True)
class Line:
    """What one project counts for one organization; total: of all its projects, is_first: the first of them."""

    unit: Unit
    title: str
    part: str
    type: str
    points: Decimal
    total: Decimal
    is_capped: bool
    is_first: bool


def counted_files(campaign: Campaign):
    """Nominations that count: announced ones, and with two stages the shortlisted that were not selected.

    Whoever was struck off after an objection was upheld keeps nothing for having been shortlisted.
    """
    announced = Q(state__in=(State.SELECTED, State.REVOKED))
    if len(rule_in_force(campaign).parsed.stages) < 2:
        return campaign.nominations.filter(announced)
    struck = campaign.nominations.filter(objections__ruling__outcome=Outcome.UPHELD)
    shortlisted = Q(state=State.NOT_SELECTED) & ~Q(pk__in=struck.values("pk"))
    return campaign.nominations.filter(announced | shortlisted)


def appraised(campaign: Campaign, units: Collection[int] | None = None) -> list[Line]:
    """The projects that count this year, in the order of the organizations, never by points.

    units: only these (top organizations); None: all. Empty before the results are announced. Four questions.
    """
    if campaign.announced_at is None:
        return []
    files = counted_files(campaign).select_related("unit", "category")
    files = list(files.defer(*long_texts()).order_by("category__order", "code_key"))
    merits = [_lead(file, top) for file in files if (top := file.unit.top_id)] + _partners(files)
    tops = {merit.unit for merit in merits}
    found = bonuses(merits)
    rows = Unit.objects.filter(pk__in=tops if units is None else tops & set(units)).order_by("order", "path")
    titles = {file.pk: file.title for file in files}
    return [line for unit in rows for line in _lines(unit, found[unit.pk], titles)]


def _lines(unit: Unit, bonus: Bonus, titles: dict[int, str]) -> Iterator[Line]:
    for number, line in enumerate(bonus.lines):
        part = "已撤销，核减" if line.merit.revoked else line.merit.part.label
        title = titles[line.merit.project]
        yield Line(unit, title, part, line.type, line.points, bonus.total, bonus.is_capped, number == 0)


def _lead(file: Nomination, top: int) -> Merit:
    part = Part.SHORTLISTED if file.state == State.NOT_SELECTED else Part.LEAD
    return Merit(top, file.pk, part, file.category.letter, file.state == State.REVOKED)


def _partners(files: list[Nomination]) -> list[Merit]:
    awarded = {file.pk: file for file in files if file.state != State.NOT_SELECTED}
    joint = Partner.objects.confirmed().filter(nomination__in=awarded).order_by("nomination__code_key", "pk")
    return [
        Merit(top, pk, Part.PARTNER, awarded[pk].category.letter, awarded[pk].state == State.REVOKED)
        for pk, top in joint.values_list("nomination", "unit__top")
        if top
    ]
