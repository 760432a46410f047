"""The refusal of a stage: units.errors.Refused, under the name the stages use."""

from units.errors import Refused

StageError = Refused
