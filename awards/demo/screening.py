"""The office's part before the panels: every file looked at, decisions released together, corrections checked."""

from __future__ import annotations

from datetime import timedelta

from awards.demo.nominations import File
from awards.demo.two import by_two
from awards.demo.walk import Course, Walk
from awards.nomination.models import Nomination
from awards.screening.actions.checks import Opinion, confirm_blind, save_checks
from awards.screening.actions.decisions import (
    prepare_decision,
    prepare_decisions,
)
from awards.screening.actions.lapsing import lapse_overdue
from awards.screening.models import Verdict
from awards.screening.rules.checklist import checks_for
from awards.states import State

RELEASED = -8
# Half of the files are looked at on the first of these days, the others after the day the stage is stopped at.
DAYS = (-11, -9)
# Which question found what was wrong with a part of the form.
FOUND_BY = {"sealed": "seal", "document_number": "legality", "effect": "evidence", "started_on": "year"}
TIME_TO_MEND = 3  # working days, and lapsed on the next


def plan_screening(walk: Walk) -> None:
    files = [file for file in walk.files if file.sent_at]
    released = {RELEASED}
    for number, file in enumerate(files):
        course = walk.course(file)
        day = course.checked or DAYS[number * len(DAYS) // len(files)]
        start = walk.season.moment(day, 9) + timedelta(minutes=4 * (number % 100))
        walk.clock.plan(start, lambda file=file: _check(walk, file, walk.course(file)))
        decided = RELEASED if course.checked is None else course.checked + 1
        released.add(decided)
        if course.remarks and course.mended is None:
            walk.on(decided + TIME_TO_MEND + 1, 9, lapse_overdue)
        if course.rechecked is not None:
            walk.on(course.rechecked, 16, _check_again, walk, file, course)
    for day in released:
        walk.on(day, 17, _release, walk)


def _check(walk: Walk, file: File, course: Course) -> None:
    """The whole checklist of one file: 通过, but 需补正 or 不通过 where something is wrong."""
    nomination = Nomination.objects.get(pk=walk.nominations[file.key].pk)
    if nomination.state == State.WITHDRAWN:
        return
    verdict = Verdict.FAIL if course.refused else Verdict.FIX
    found = {
        FOUND_BY[part]: Opinion(verdict, remark, "" if course.refused else part)
        for part, remark in course.remarks.items()
    }
    _save(walk, nomination, found)
    for attachment in nomination.attachments.filter(blind_claimed=True):
        confirm_blind(attachment, ok=True, actor=walk.office)


def _check_again(walk: Walk, file: File, course: Course) -> None:
    """What was handed in anew qualifies, or is refused for what is still wrong."""
    nomination = Nomination.objects.get(pk=walk.nominations[file.key].pk)
    again = course.refused_again
    found = {FOUND_BY[part]: Opinion(Verdict.FAIL, again) for part in course.remarks} if again else {}
    _save(walk, nomination, found)
    prepare_decision(nomination, to=State.INELIGIBLE if again else State.QUALIFIED, actor=walk.office)
    by_two(walk, "screening-release")


def _save(walk: Walk, nomination: Nomination, found: dict[str, Opinion]) -> None:
    opinions = {check.code: Opinion(Verdict.PASS) for check in checks_for(nomination.category.letter)}
    save_checks(nomination, opinions | found, actor=walk.office)


def _release(walk: Walk) -> None:
    if prepare_decisions(walk.campaign, actor=walk.office):
        by_two(walk, "screening-release")
