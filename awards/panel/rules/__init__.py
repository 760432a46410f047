"""Rules of the panel: who has a tie, who is drawn, who reads what, and whether the panel can judge."""

from awards.panel.rules.assignment import (
    Assignment,
    Unassignable,
    appearance_lot,
    appearance_order,
    assign,
    queue_order,
)
from awards.panel.rules.composition import (
    Member,
    blocked_ahead,
    panel_problems,
    panel_warnings,
    pool_warnings,
)
from awards.panel.rules.conflicts import (
    DECLARED,
    Belonging,
    EntryFacts,
    PastPost,
    ReviewerFacts,
    Tie,
    conflicts,
    held_within,
    top_of,
)
from awards.panel.rules.draw import Candidate, DrawLine, Drawn, PoolTooSmall, draw
from awards.panel.rules.lots import lot

__all__ = [
    "DECLARED",
    "Assignment",
    "Belonging",
    "Candidate",
    "DrawLine",
    "Drawn",
    "EntryFacts",
    "Member",
    "PastPost",
    "PoolTooSmall",
    "ReviewerFacts",
    "Tie",
    "Unassignable",
    "appearance_lot",
    "appearance_order",
    "assign",
    "blocked_ahead",
    "conflicts",
    "draw",
    "held_within",
    "lot",
    "panel_problems",
    "panel_warnings",
    "pool_warnings",
    "queue_order",
    "top_of",
]
