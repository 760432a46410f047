"""Where a file stands in screening: its newest submission, the answers given, what they allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from awards.nomination.models import Nomination, PreparedDecision, Submission
from awards.screening.models import ScreeningCheck
from awards.screening.rules.checklist import Answer, Conclusion, Mark, Way, checks_for, verdict
from awards.states import State
from units.known import known

# What screening may decide.
OUTCOMES = {
    State.QUALIFIED: Way.QUALIFY,
    State.RETURNED: Way.RETURN,
    State.INELIGIBLE: Way.INELIGIBLE,
}


@dataclass(frozen=True)
class Examination:
    """checks: answers by question; rounds: corrections used so far; waiting: the decision not yet released."""

    submission: Submission
    checks: dict[str, ScreeningCheck]
    rounds: int
    conclusion: Conclusion
    waiting: PreparedDecision | None

    @property
    def version(self) -> str:
        """Changes with every saved answer, so that a stale page never overwrites a newer one."""
        latest = max((check.checked_at for check in self.checks.values()), default=None)
        return f"{self.submission.number}-{latest.timestamp() if latest else 0}"

    @property
    def outcome(self) -> State | None:
        """The state the answers lead to; None while something is open."""
        return next((state for state, way in OUTCOMES.items() if way == self.conclusion.way), None)

    def reasons(self, answer: Answer) -> list[ScreeningCheck]:
        """The questions answered so, in the order of the checklist."""
        return [check for check in self.checks.values() if check.verdict == answer]


def rounds_used(nomination: Nomination) -> int:
    return nomination.corrections.count()


def examination_of(nomination: Nomination) -> Examination:
    """Four questions to the database; `campaign` and `category` should be loaded."""
    submission = known(nomination.submissions.order_by("-number").first())
    given = {check.item: check for check in submission.checks.select_related("checked_by")}
    waiting = nomination.prepared_decisions.filter(released_at=None).first()
    return examination_from(nomination, submission, given, rounds_used(nomination), waiting)


def examination_from(
    nomination: Nomination,
    submission: Submission,
    given: Mapping[str, ScreeningCheck],
    used: int,
    waiting: PreparedDecision | None,
) -> Examination:
    """The examination from rows that a page has already; `given` is put into the checklist's order."""
    order = [check.code for check in checks_for(nomination.category.letter)]
    checks = {item: given[item] for item in order if item in given}
    marks = {item: Mark(Answer(check.verdict), check.remark) for item, check in checks.items()}
    most = nomination.campaign.correction_rounds
    conclusion = verdict(nomination.category.letter, marks, used, most)
    return Examination(submission, checks, used, conclusion, waiting)
