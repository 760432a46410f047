"""What a freeze counts (gathering), when it may be made (readiness), what the page shows (pages)."""

from awards.ranking.queries.gathering import Gathered, gather
from awards.ranking.queries.pages import (
    DECIDED,
    compared,
    frozen_rankings,
    in_force,
    ranking_page,
    same_stage_older_rule,
    summaries,
)
from awards.ranking.queries.readiness import (
    NextStep,
    StagePanel,
    next_step,
    readiness,
    stage_chain,
    stage_panels,
    unfinished_panels,
)

__all__ = [
    "DECIDED",
    "Gathered",
    "NextStep",
    "StagePanel",
    "compared",
    "frozen_rankings",
    "gather",
    "in_force",
    "next_step",
    "ranking_page",
    "readiness",
    "same_stage_older_rule",
    "stage_chain",
    "stage_panels",
    "summaries",
    "unfinished_panels",
]
