"""Acts that take two people: who may be the second, and what a tie to the entry means.

A page declares its row (`ActPage.second`); the rows themselves stand beside the acts: `awards/keys.py` for the
selection, `units/keys.py` for accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from units.roles import Role


class Tie(Enum):
    """What a tie between the second person and what the act is about does."""

    BARS = "与该项目有利害关系的不能确认"  # acts about one entry
    SHOWN = "有利害关系的如实显示并记录"  # acts on a list
    NONE = "不涉及项目"


@dataclass(frozen=True)
class SecondKey:
    """code: in the log and in addresses; label: what is done; first, second: who may; never the same person."""

    code: str
    label: str
    first: tuple[Role, ...]
    second: tuple[Role, ...]
    tie: Tie = Tie.SHOWN
    waits: bool = False
    """Whether the act waits for its second person; the others of the table declare theirs and act at once."""
    three: bool = False
    """Whether both are administrators other than whom it is about, each of another post: the remaining one confirms."""
    halves: bool = False
    """Whether it ends in a first password of which each of the two reads one half."""

    def __post_init__(self):
        TABLE[self.code] = self

    @property
    def confirmers(self) -> str:
        """Who may be the second, in words."""
        if self.three:
            return "另一类管理员"
        return "或".join(f"另一名{role.label}" if role in self.first else role.label for role in self.second)


TABLE: dict[str, SecondKey] = {}
"""Every row by its code, as the modules of rows are read."""
