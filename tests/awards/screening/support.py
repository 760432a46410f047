"""The acts of screening in one call each: a filled checklist, one answer, a decision prepared and released."""

from awards.screening.actions.checks import Opinion, save_checks
from awards.screening.actions.decisions import prepare_decision, release_decisions
from awards.screening.rules.checklist import checks_for
from awards.states import State


def answer_all(nomination, *, actor, **others):
    """Every question 通过, but those named: `records=("fix", "引用不足")`."""
    opinions = {check.code: Opinion("pass") for check in checks_for(nomination.category.letter)}
    opinions |= {item: Opinion(*given) for item, given in others.items()}
    return save_checks(nomination, opinions, actor=actor)


def save_check(nomination, *, item, verdict, remark="", field="", actor):
    return save_checks(nomination, {item: Opinion(verdict, remark, field)}, actor=actor).checks[item]


def decide(nomination, to, *, actor):
    """Prepare the decision and release what is prepared; gives the file as it stands then."""
    prepare_decision(nomination, to=to, actor=actor)
    return next(file for file in release_decisions(nomination.campaign, actor=actor) if file == nomination)


def return_nomination(nomination, *, actor):
    return decide(nomination, State.RETURNED, actor=actor)
