"""The dates of the year: what is wrong with them, how they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from awards.campaign.models import (
    Campaign,
    Deadline,
    Extension,
    Phase,
    ScoringRule,
)
from awards.campaign.queries.calendar import working_calendar
from awards.campaign.queries.rule import category_names, rule_in_force
from awards.campaign.rules.setup import Step, setup_problems, timetable_problems, timetable_warnings
from awards.campaign.rules.wording import left_text, span_text
from awards.campaign.rules.working_days import local_date
from units.known import known
from units.moments import day_text, moment_text

REVIEW_PHASES = frozenset({Phase.WRITTEN, Phase.LIVE})


def steps_of(campaign: Campaign) -> list[Step]:
    """The timetable in the order of the process; a phase without dates is not part of this year."""
    rows = {row.phase: row for row in campaign.timetable.all()}
    return [
        Step(phase.label, rows[phase].opens_at, rows[phase].closes_at) for phase in Phase if phase in rows
    ]


def missing_phases(campaign: Campaign, rule: ScoringRule) -> list[str]:
    """Phases the year needs and its timetable lacks: the stages of the rule and what every year has."""
    needed = [phase for phase in Phase if phase not in REVIEW_PHASES or phase in rule.parsed.stage_codes]
    dated = {row.phase for row in campaign.timetable.all()}
    return [f"{phase.label}没有填时间。" for phase in needed if phase not in dated]


def opening_problems(campaign: Campaign, rule: ScoringRule | None = None) -> list[str]:
    """Everything that keeps the year from being opened, as whole sentences."""
    rule = rule or rule_in_force(campaign)
    return [
        *setup_problems(rule.parsed, category_names(campaign)),
        *missing_phases(campaign, rule),
        *timetable_problems(steps_of(campaign)),
    ]


def timetable_remarks(campaign: Campaign) -> list[str]:
    """What is allowed in the timetable but should be seen: overlaps once it is open, rest days, 暂定."""
    steps = steps_of(campaign)
    moments = (moment for step in steps for moment in (step.opens_at, step.closes_at))
    years = {local_date(known(moment)).year for moment in moments}
    overlaps = timetable_problems(steps) if campaign.opened_at else []
    return [*overlaps, *timetable_warnings(steps, working_calendar(years))]


@dataclass(frozen=True)
class LineStage:
    """One stage of the year's line, as `components/_stages.html` draws it; phase "" is the call itself."""

    phase: str
    label: str
    when: str
    status: str  # done, now or next


def timetable_line(campaign: Campaign, now: datetime) -> list[LineStage]:
    """The year from the call to the announcement, with what is left of the running phase."""
    line = []
    if campaign.opened_at:
        day = local_date(campaign.opened_at)
        line.append(LineStage("", "印发通知", day_text(day), "done"))
    rows = {row.phase: row for row in campaign.timetable.all()}
    for phase in Phase:
        if row := rows.get(phase):
            line.append(_line_stage(phase, row, now))
    return line


def _line_stage(phase: Phase, row: Deadline, now: datetime) -> LineStage:
    if row.opens_at <= now < row.closes_at:
        label = f"{phase.label}，{left_text(now, row.closes_at)}"
        return LineStage(phase, label, f"{moment_text(row.closes_at)}截止", "now")
    status = "done" if row.closes_at <= now else "next"
    return LineStage(phase, phase.label, span_text(row.opens_at, row.closes_at), status)


def extensions_of(campaign: Campaign):
    """Every move of a deadline of the year, newest first."""
    found = Extension.objects.filter(deadline__campaign=campaign)
    return found.select_related("deadline", "made_by").order_by("-made_at", "-pk")
