"""What the office decides of a submitted file, and what the clock decides of a returned one."""

from awards.screening.actions.checks import Opinion, confirm_blind, save_check, save_checks
from awards.screening.actions.decisions import (
    discard_decision,
    prepare_decision,
    prepare_decisions,
    qualify_nomination,
    refuse_nomination,
    release_decisions,
    return_nomination,
)
from awards.screening.actions.lapsing import lapse_overdue

__all__ = [
    "Opinion",
    "confirm_blind",
    "discard_decision",
    "lapse_overdue",
    "prepare_decision",
    "prepare_decisions",
    "qualify_nomination",
    "refuse_nomination",
    "release_decisions",
    "return_nomination",
    "save_check",
    "save_checks",
]
