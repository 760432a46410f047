"""What a freeze counts (gathering), when it may be made (readiness), what the page shows (pages)."""

from awards.ranking.queries.gathering import Gathered, gather
from awards.ranking.queries.pages import (
    compared,
    frozen_rankings,
    in_force,
    ranking_page,
    same_stage_older_rule,
    summaries,
)
from awards.ranking.queries.readiness import readiness, stage_chain, unfinished_panels

__all__ = [
    "Gathered",
    "compared",
    "frozen_rankings",
    "gather",
    "in_force",
    "ranking_page",
    "readiness",
    "same_stage_older_rule",
    "stage_chain",
    "summaries",
    "unfinished_panels",
]
