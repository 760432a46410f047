"""What a nomination still lacks, section by section: the map beside the form and the list before submission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from awards import catalogue
from awards.catalogue import Field, Section
from awards.nomination.rules.text_limits import TextLimits, length_problem
from units.counting import count_characters
from units.folding import looks_empty
from units.phones import phone_problem

DEFAULT_LIMITS = TextLimits()


@dataclass(frozen=True)
class Gap:
    """One thing to mend. code: the item's, so that a page can link to its field; text without a full stop."""

    code: str
    text: str


@dataclass(frozen=True)
class SectionState:
    """A section of the map: done of total items, and what is wrong with it (missing or too long)."""

    code: str
    label: str
    done: int
    total: int
    gaps: tuple[Gap, ...]


def completeness(
    category: str, answers: Mapping[str, object], *, limits: TextLimits = DEFAULT_LIMITS
) -> list[SectionState]:
    """How far a nomination of a category (F, Z or X) has come; a section without items for it is left out.

    answers: code of the field → value; text is there when it has a visible character, a tick when True, a list
    when it has a row, a number or date when it is not None (0 is an answer).
    """
    states = []
    for section in catalogue.SECTIONS:
        fields = catalogue.of_section(section.code)
        asked = [one for one in fields if one.asked_of(category)]
        if not asked:
            continue
        gaps = [gap for one in asked if (gap := _gap(one, answers.get(one.code)))]
        done = len(asked) - len(gaps)
        gaps += _too_long(section, fields, answers, limits)
        states.append(SectionState(section.code, section.label, done, len(asked), tuple(gaps)))
    return states


def percent_of(states: Sequence[SectionState]) -> int:
    """How complete the form is, cut: 100 means that nothing is missing."""
    return sum(state.done for state in states) * 100 // max(1, sum(state.total for state in states))


def gaps_of(states: Sequence[SectionState]) -> list[Gap]:
    """All gaps in the order of the form; empty when the nomination may be submitted."""
    return [gap for state in states for gap in state.gaps]


def _given(value: object) -> bool:
    if isinstance(value, str):
        return not looks_empty(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, list | tuple | set | frozenset | dict):
        return len(value) > 0
    return value is not None


def _gap(asked: Field, value: object) -> Gap | None:
    if not _given(value):
        return Gap(asked.code, asked.gap)
    if asked.kind == "phone" and (problem := phone_problem(str(value))):
        return Gap(asked.code, f"{asked.label}：{problem.rstrip('。')}")
    return None


def _too_long(
    section: Section, fields: Sequence[Field], answers: Mapping[str, object], limits: TextLimits
) -> list[Gap]:
    """Texts under one limit count together, and the section speaks for them; a text alone for itself."""
    gaps = []
    for limit in dict.fromkeys(one.limit for one in fields if one.limit):
        texts = [one for one in fields if one.limit == limit]
        label = texts[0].label if len(texts) == 1 else section.label
        used = sum(count_characters(str(answers.get(one.code) or "")) for one in texts)
        if problem := length_problem(label, used, getattr(limits, limit)):
            gaps.append(Gap(texts[0].code, problem.rstrip("。")))
    return gaps
