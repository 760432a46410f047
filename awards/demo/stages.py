"""Where the current year can be opened: `make demo STAGE=…`. Plain Python, for tools/setup.py asks too."""

from enum import StrEnum


class Stage(StrEnum):
    """The stages of a year in their order, each stopped at in its middle."""

    NOMINATION = "nomination"
    SCREENING = "screening"
    REVIEW = "review"
    LIVE = "live"
    MEETING = "meeting"
    NOTICE = "notice"
    RESULT = "result"

    @property
    def label(self) -> str:
        return LABELS[self]

    @property
    def day(self) -> int:
        """The day it is stopped at, in working days from the middle of the written review."""
        return DAYS[self]


LABELS = {
    Stage.NOMINATION: "申报",
    Stage.SCREENING: "资格审查",
    Stage.REVIEW: "书面评审",
    Stage.LIVE: "现场答辩",
    Stage.MEETING: "工委审定",
    Stage.NOTICE: "公示",
    Stage.RESULT: "公布结果",
}
DAYS = {
    Stage.NOMINATION: -15,
    Stage.SCREENING: -10,
    Stage.REVIEW: 0,
    Stage.LIVE: 9,
    Stage.MEETING: 12,
    Stage.NOTICE: 16,
    Stage.RESULT: 25,
}


def stage_problem(name: str) -> str | None:
    """Why this is no stage, in one line; None when it is one."""
    return None if name in set(Stage) else f"STAGE={name} is no stage: choose {', '.join(Stage)}."
