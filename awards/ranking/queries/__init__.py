"""What a freeze counts (gathering), when it may be made (readiness), what the page shows (pages)."""

from awards.ranking.queries.gathering import Gathered, gather
from awards.ranking.queries.readiness import stage_chain, unfinished_panels

__all__ = ["Gathered", "gather", "stage_chain", "unfinished_panels"]
