"""What the checklist, its proposals and the queue ask."""

from awards.screening.queries.standing import Standing, rounds_used, standing_of

__all__ = ["Standing", "rounds_used", "standing_of"]
