"""The refusal of a stage: the house's one refusal, under the name the corridor knows it by."""

from units.errors import Refused

StageError = Refused
