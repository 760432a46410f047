"""Asked under the row lock by everything that changes a nomination: whether that part is open now."""

from __future__ import annotations

from awards.catalogue import label_of
from awards.errors import StageError
from awards.moves import locked
from awards.nomination.models import Nomination
from awards.nomination.queries.opening import open_parts
from awards.states import State


def locked_for(nomination: Nomination, *answers: str) -> Nomination:
    """The nomination under its lock, when one of the answers is open. Raises StageError."""
    nomination = locked(nomination)
    if not nomination.is_with_the_unit:
        raise StageError(f"当前状态为“{nomination.mark.label}”，不能再修改。")
    if not open_parts(nomination).intersection(answers):
        raise StageError(closed_sentence(nomination, answers[0]))
    return nomination


def closed_sentence(nomination: Nomination, answer: str) -> str:
    """Why this answer of a returned file is closed."""
    if nomination.state == State.RETURNED and not open_parts(nomination):
        return "补正期限已过，不能再修改。"
    return f"“{label_of(answer)}”未列入补正意见，不能修改。"
