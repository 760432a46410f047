"""The refusal of a stage: the house's one refusal, under the name the corridor knows it by."""

from units.errors import Refused as StageError
from units.errors import StaleVersion

__all__ = ["StageError", "StaleVersion"]
