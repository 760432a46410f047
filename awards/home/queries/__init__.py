"""The first season's steps, and what the public reads first."""

from awards.home.queries.beginning import beginning_for
from awards.home.queries.front import model_projects, public_notices

__all__ = ["beginning_for", "model_projects", "public_notices"]
