"""What the office, the witness and the reviewers do to a panel."""

from awards.panel.actions.assigning import assign_entries
from awards.panel.actions.drawing import draw_panel, fill_from_reserve
from awards.panel.actions.panels import change_panel, close_panel, obstacles, open_panel, set_up_panel
from awards.panel.actions.pool import add_reviewer, change_reviewer, why_not_a_reviewer
from awards.panel.actions.recusing import recuse_reviewer
from awards.panel.actions.supplementing import reopen_panel

__all__ = [
    "add_reviewer",
    "assign_entries",
    "change_panel",
    "change_reviewer",
    "close_panel",
    "draw_panel",
    "fill_from_reserve",
    "obstacles",
    "open_panel",
    "recuse_reviewer",
    "reopen_panel",
    "set_up_panel",
    "why_not_a_reviewer",
]
