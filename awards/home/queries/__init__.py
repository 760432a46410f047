"""What waits for each post, and what the public reads first. Each in a fixed number of questions."""

from awards.home.queries.administration import administration_tasks
from awards.home.queries.beginning import beginning_for
from awards.home.queries.committee import member_tasks, reviewer_tasks
from awards.home.queries.front import model_projects, public_notices
from awards.home.queries.office import Board, board_of, office_tasks, start_tasks, supervisor_tasks
from awards.home.queries.running import Running, running_now
from awards.home.queries.unit import UnitDesk, unit_desk

__all__ = [
    "Board",
    "Running",
    "UnitDesk",
    "administration_tasks",
    "beginning_for",
    "board_of",
    "member_tasks",
    "model_projects",
    "office_tasks",
    "public_notices",
    "reviewer_tasks",
    "running_now",
    "start_tasks",
    "supervisor_tasks",
    "unit_desk",
]
