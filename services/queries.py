"""The figures of the log. Only reviewed rows count, by date of occurrence; each function says its 口径.

Joint work counts once for the district and once for each organization that led it or took part.
Everything is summed in SQL: the number of rows fetched does not grow with the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, ExtractMonth, ExtractQuarter

from services.models.activities import Activity, ActivityUnit, ServiceKind
from services.models.logged import Logged, LogState
from services.models.registers import BrightIdea, Donation, JointProject, Registration, VolunteerBrand
from services.models.years import ClosedYear
from services.rules import closing_rate, quarter_span
from units.audit.events import Event
from units.audit.models import AuditEntry
from units.kit.fields import column
from units.models import CommunityKind, Unit, UnitKind

SUMMED = ("attendance", "beneficiaries", "hours", "problems_received", "problems_closed")
SUMS = {name: Coalesce(Sum(name), Value(0), output_field=column(Activity, name)) for name in SUMMED}
KINDS = {kind.value: Count("pk", filter=Q(kind=kind)) for kind in ServiceKind}


@dataclass(frozen=True)
class Totals:
    """What was done in one cut of the log; `kinds`: events by kind of service."""

    events: int
    kinds: dict[str, int]
    attendance: int
    beneficiaries: int
    hours: Decimal
    problems_received: int
    problems_closed: int

    @property
    def closing_rate(self) -> float | None:
        return closing_rate(self.problems_received, self.problems_closed)

    @property
    def closing_percent(self) -> str:
        """99.5%; empty where nothing was received. Never 100.0% while something is open."""
        if not self.problems_received:
            return ""
        return f"{self.problems_closed * 1000 // self.problems_received / 10:.1f}%"

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Totals:
        sums: dict[str, Any] = {name: row[name] or 0 for name in SUMMED}
        return cls(events=row["events"], kinds={kind: row[kind] for kind in KINDS}, **sums)

    def as_figures(self) -> dict[str, Any]:
        """The plain figures, as a closed year keeps them; hours as text, for they are decimal."""
        return {"events": self.events, **self.kinds} | {
            name: str(value) if name == "hours" else value
            for name, value in ((name, getattr(self, name)) for name in SUMMED)
        }

    @classmethod
    def from_figures(cls, figures: dict[str, Any]) -> Totals:
        return cls.of(figures | {"hours": Decimal(figures["hours"])})

    def __sub__(self, other: Totals) -> Totals:
        """What is here and not there; may be negative, where something was taken back."""
        return Totals(
            self.events - other.events,
            {kind: self.kinds[kind] - other.kinds[kind] for kind in KINDS},
            *(getattr(self, name) - getattr(other, name) for name in SUMMED),
        )

    def __bool__(self) -> bool:
        return bool(self.events or any(self.kinds.values()) or any(getattr(self, name) for name in SUMMED))


@dataclass(frozen=True)
class UnitTotals(Totals):
    """One organization's year; `quarters`: events in the first to the fourth quarter."""

    unit: Unit
    quarters: tuple[int, int, int, int]

    def as_figures(self) -> dict[str, Any]:
        return super().as_figures() | {f"q{n}": events for n, events in enumerate(self.quarters, 1)}


# ---------------------------------------------------------------- lists


def summary_by_kind(activities: QuerySet) -> dict[str, Totals]:
    """Kind → figures of a filtered list, whatever the state of its rows; one query for tabs and totals."""
    found = activities.order_by().values("kind").annotate(events=Count("pk"), **SUMS)
    return {row["kind"]: Totals.of(dict.fromkeys(KINDS, 0) | row) for row in found}


def added(parts: Iterable[Totals]) -> Totals:
    """The figures of several cuts that share no row, together."""
    parts = list(parts)
    return Totals(
        sum(part.events for part in parts),
        {kind: sum(part.kinds[kind] for part in parts) for kind in KINDS},
        *(sum(getattr(part, name) for part in parts) for name in SUMMED),
    )


def history(row: Logged) -> QuerySet:
    """What was done with a row, oldest first, from the audit log; names of posts, never of people."""
    entries = AuditEntry.objects.filter(target_kind=row._meta.model_name, target_key=row.slug)
    entries = entries.exclude(event=Event.ATTACHMENT_READ)
    return entries.only("at", "event", "post", "reason").order_by("pk")


# ---------------------------------------------------------------- the year


def counted(organiser: Unit, year: int, quarter: int | None = None) -> QuerySet:
    """口径: reviewed activities of the units under the committee that happened in the year or quarter."""
    span = quarter_span(year, quarter)
    return Activity.objects.reviewed().below(organiser).filter(happened_on__range=span)


def taken_part_in(activities: QuerySet, units: QuerySet) -> QuerySet:
    """Those that one of the units led or took part in, each once."""
    joint = ActivityUnit.objects.filter(activity=OuterRef("pk"), unit__in=units)
    return activities.filter(Q(unit__in=units) | Exists(joint))


def totals(
    organiser: Unit, year: int, quarter: int | None = None, *, units: QuerySet | None = None
) -> list[UnitTotals]:
    """口径: per organization below the committee, what it and its tree led or took part in, joint work once.

    In 规范排序, not by size. Organizations without a record are listed with zeros, 行动党支部 only with
    some. units: only these organizations. Two queries, one row per organization.
    """
    activities = counted(organiser, year, quarter)
    figures = _figures_by_organization(activities)
    shown = units if units is not None else Unit.objects.filter(parent=organiser)
    shown = shown.filter(~Q(kind=UnitKind.ACTION_BRANCH) | Q(pk__in=list(figures)))
    nothing = dict.fromkeys((*KINDS, *SUMMED, "events", "q1", "q2", "q3", "q4"), 0)
    return [_unit_totals(unit, figures.get(unit.pk, nothing)) for unit in shown.order_by("order", "path")]


def _unit_totals(unit: Unit, row: dict[str, Any]) -> UnitTotals:
    plain = Totals.of(row)
    quarters = tuple(row[f"q{number}"] for number in range(1, 5))
    return UnitTotals(unit=unit, quarters=quarters, **vars(plain))


def _figures_by_organization(activities: QuerySet) -> dict[int, dict[str, Any]]:
    """Key of an organization → its figures; UNION keeps an organization from counting one event twice."""
    lead = activities.order_by().values_list("pk", "unit__top")
    part = activities.order_by().filter(joint_units__isnull=False)
    seen = lead.union(part.values_list("pk", "joint_units__unit__top"))
    seen_sql, parameters = seen.query.sql_with_params()
    columns = ["COUNT(*) AS events"]
    columns += [f"COUNT(*) FILTER (WHERE a.kind = '{kind}') AS {kind}" for kind in KINDS]
    columns += [
        f"COUNT(*) FILTER (WHERE EXTRACT(QUARTER FROM a.happened_on) = {n}) AS q{n}" for n in range(1, 5)
    ]
    columns += [f"SUM(a.{name}) AS {name}" for name in SUMMED]
    sql = f"""
        WITH seen (activity, organization) AS ({seen_sql})
        SELECT seen.organization, {", ".join(columns)}
        FROM seen JOIN {Activity._meta.db_table} a ON a.id = seen.activity
        WHERE seen.organization IS NOT NULL GROUP BY seen.organization
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row.pop("organization"): row for row in rows}


def district_totals(activities: QuerySet) -> Totals:
    """口径: every counted activity once, joint work too. One query, one row."""
    return Totals.of(activities.order_by().aggregate(events=Count("pk"), **KINDS, **SUMS))


def by_quarter(activities: QuerySet) -> dict[int, Totals]:
    """Quarter (1 to 4, all four) → figures, every activity once. One query, at most four rows."""
    quarters = activities.order_by().values(quarter=ExtractQuarter("happened_on"))
    found = {row["quarter"]: row for row in quarters.annotate(events=Count("pk"), **KINDS, **SUMS)}
    nothing = dict.fromkeys((*KINDS, *SUMMED, "events"), 0)
    return {quarter: Totals.of(found.get(quarter, nothing)) for quarter in range(1, 5)}


def by_kind_and_month(organiser: Unit, year: int) -> dict[int, dict[str, int]]:
    """口径: month (1 to 12, all of them) → kind → events, every activity once, joint work too."""
    months = counted(organiser, year).order_by().values(month=ExtractMonth("happened_on"))
    found = {row["month"]: row for row in months.annotate(**KINDS)}
    nothing = dict.fromkeys(KINDS, 0)
    return {month: {kind: found.get(month, nothing)[kind] for kind in KINDS} for month in range(1, 13)}


def recorded_figures(activities: Iterable[int]) -> dict[str, Decimal]:
    """口径: sums over the reviewed ones among these activities (keys), each once; what a nomination cites.

    Keys: events, attendance, beneficiaries, hours, problems_received, problems_closed.
    """
    found = Activity.objects.filter(pk__in=activities).reviewed().order_by()
    row = found.aggregate(events=Count("pk"), **SUMS)
    return {name: Decimal(row[name]) for name in ("events", *SUMMED)}


def closed_year(organiser: Unit, year: int) -> ClosedYear | None:
    return ClosedYear.objects.filter(organiser=organiser, year=year).select_related("closed_by").first()


def closed_totals(closed: ClosedYear, *, units: QuerySet | None = None) -> list[UnitTotals]:
    """The frozen figures of a closed year by organization, in 规范排序. units: only these organizations."""
    lines = closed.lines.select_related("unit")
    if units is not None:
        lines = lines.filter(unit__in=units)
    return [
        UnitTotals(
            unit=line.unit,
            quarters=tuple(line.figures[f"q{number}"] for number in range(1, 5)),
            **vars(Totals.from_figures(line.figures)),
        )
        for line in lines
    ]


def addendum(frozen: Iterable[UnitTotals], now: Iterable[UnitTotals]) -> list[UnitTotals]:
    """补遗: what the organizations' figures have changed by since the year was closed, unchanged ones left out.

    Rows reviewed since add to it, rows returned since take away from it.
    """
    before = {line.unit.pk: line for line in frozen}
    changed = []
    for line in now:
        then = before.get(line.unit.pk)
        difference = line - then if then else line
        if difference:
            since = then.quarters if then else (0, 0, 0, 0)
            one, two, three, four = (n - t for n, t in zip(line.quarters, since, strict=True))
            changed.append(UnitTotals(unit=line.unit, quarters=(one, two, three, four), **_plain(difference)))
    return changed


def _plain(figures: Totals) -> dict[str, Any]:
    """The fields of a Totals, whatever more its class has."""
    return {name: getattr(figures, name) for name in ("events", "kinds", *SUMMED)}


# ---------------------------------------------------------------- the registers


def register_figures(organiser: Unit, year: int) -> dict[str, int | Decimal]:
    """The year's figures out of the registers, in one query. Only reviewed rows of units below the committee.

    volunteering_units   机关党组织: organizations below the committee (no 行动党支部) that led or took part
                         in a volunteering activity of the year, each once
    oilfield_communities 油田社区 with which a 共建项目 was agreed in the year, each once
    joint_projects       共建项目 agreed in the year; entered by several units, once (`entered_once`)
    registrations        党员报到 of the year, one for each registration
    registered_members   the same in 人数: members who registered, each once
    brands               志愿服务品牌 with a team founded in the year
    donations            捐款 of the year in yuan
    epidemic_donations   those of them whose purpose names 疫情
    ideas                金点子 proposed in the year
    """
    span = quarter_span(year)

    def rows(model, day):
        return model.objects.counted().below(organiser).filter(**{f"{day}__range": span})

    volunteering = counted(organiser, year).filter(is_volunteering=True).order_by()
    took_part = Q(pk__in=volunteering.values("unit__top")) | Q(
        pk__in=ActivityUnit.objects.filter(activity__in=volunteering).values("unit__top")
    )
    organizations = Unit.objects.filter(took_part).exclude(kind=UnitKind.ACTION_BRANCH)
    projects = rows(JointProject, "agreed_on")
    registrations = rows(Registration, "registered_on")
    donations = rows(Donation, "donated_on")
    figures = {
        "volunteering_units": _scalar(organizations, Count("pk")),
        "oilfield_communities": _scalar(
            projects.filter(community__kind=CommunityKind.OILFIELD), Count("community", distinct=True)
        ),
        "joint_projects": _scalar(entered_once(projects), Count("pk")),
        "registrations": _scalar(registrations, Count("pk")),
        "registered_members": _scalar(registrations, Count("member", distinct=True)),
        "brands": _scalar(rows(VolunteerBrand, "founded_on"), Count("pk")),
        "donations": _scalar(donations, Sum("amount")),
        "epidemic_donations": _scalar(donations.filter(purpose__contains="疫情"), Sum("amount")),
        "ideas": _scalar(rows(BrightIdea, "proposed_on"), Count("pk")),
    }
    found: Mapping[str, Any] = Unit.objects.filter(pk=organiser.pk).order_by().values(**figures).get()
    return {name: value or 0 for name, value in found.items()}


def entered_once(projects: QuerySet) -> QuerySet:
    """口径: a joint project that several units entered (same name, community and day) is one, the first of them."""
    same = {name: OuterRef(name) for name in ("name", "community", "agreed_on")}
    earlier = projects.order_by().filter(**same, pk__lt=OuterRef("pk"))
    return projects.exclude(Exists(earlier))


def _scalar(rows: QuerySet, figure) -> Subquery:
    """One figure of a set of rows as a subquery; no row at all gives NULL."""
    return Subquery(rows.order_by().values(all=Value(1)).annotate(figure=figure).values("figure"))


def year_and_waiting(activities: QuerySet, year: int) -> tuple[int, int]:
    """How many rows of a list lie in the year whatever their state, and how many wait for the office."""
    this_year = Q(happened_on__range=quarter_span(year))
    found = activities.order_by().aggregate(
        year=Count("pk", filter=this_year), waiting=Count("pk", filter=Q(state=LogState.SENT))
    )
    return found["year"], found["waiting"]


def with_joint_names(activities: QuerySet) -> QuerySet:
    """For an export: the short names of the joint units in one text, `joint_names`."""
    names = ActivityUnit.objects.filter(activity=OuterRef("pk")).order_by().values("activity")
    together = names.annotate(text=StringAgg(F("unit__short_name"), "、", order_by="unit__order"))
    return activities.annotate(joint_names=Subquery(together.values("text")))
