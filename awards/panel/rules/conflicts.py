"""Ties between a reviewer and an entry: computed from posts, or declared (docs/design.md, docs/field.md 2.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from awards.campaign.rules.working_days import add_years

YEARS_A_POST_COUNTS = 3


class Tie(StrEnum):
    """Why a reviewer stays away from an entry; the first four are computed, the others declared."""

    OWN_UNIT = "own_unit"
    PARENT_OR_CHILD = "parent_or_child"
    CO_APPLICANT = "co_applicant"
    PAST_POST = "past_post"
    DECLARED_KIN = "declared_kin"
    DECLARED_MENTOR = "declared_mentor"
    DECLARED_AUTHOR = "declared_author"
    DECLARED_INTEREST = "declared_interest"
    DECLARED_OTHER = "declared_other"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Tie.OWN_UNIT: "本单位",
    Tie.PARENT_OR_CHILD: "上下级单位",
    Tie.CO_APPLICANT: "联合申报单位",
    Tie.PAST_POST: "近三年任职单位",
    Tie.DECLARED_KIN: "亲属关系",
    Tie.DECLARED_MENTOR: "师生关系",
    Tie.DECLARED_AUTHOR: "参与材料撰写",
    Tie.DECLARED_INTEREST: "利益关系",
    Tie.DECLARED_OTHER: "其他关系",
}
DECLARED = frozenset(tie for tie in Tie if tie.startswith("declared_"))


class Belonging(NamedTuple):
    """A unit by key, and the top organization below the organiser that it is part of (or is itself).

    top is None for the organiser: it stands above all, and being employed there ties nobody to a unit below.
    """

    unit: int
    top: int | None


@dataclass(frozen=True)
class PastPost:
    """A post somebody holds or held; since and until are its first and last day, None where open."""

    at: Belonging
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class ReviewerFacts:
    """A reviewer: the employer (None: from outside), posts of any time, ties declared (entry key → types)."""

    employer: Belonging | None
    posts: tuple[PastPost, ...] = ()
    declared: Mapping[int, frozenset[Tie]] = field(default_factory=dict)


@dataclass(frozen=True)
class EntryFacts:
    """An entry: its key, the lead unit and the co-applicants."""

    key: int
    lead: Belonging
    partners: tuple[Belonging, ...] = ()


def conflicts(reviewer: ReviewerFacts, entry: EntryFacts, on: date) -> list[Tie]:
    """Every tie of a reviewer to an entry on a day, in the order of Tie; one is enough to bar.

    A post held on any of the last three years' days counts, the third anniversary of its end included; so
    does a post still held beside the employer. A post that begins later does not.
    """
    found = set(reviewer.declared.get(entry.key, ()))
    lead = entry.lead
    partners = {partner.top for partner in entry.partners} - {None}
    if employer := reviewer.employer:
        if employer.unit in (lead.unit, lead.top):
            found.add(Tie.OWN_UNIT)
        elif employer.top is not None and employer.top == lead.top:
            found.add(Tie.PARENT_OR_CHILD)
        if employer.top in partners:
            found.add(Tie.CO_APPLICANT)
    if held_within(reviewer, on) & (partners | ({lead.top} - {None})):
        found.add(Tie.PAST_POST)
    return [tie for tie in Tie if tie in found]


def held_within(reviewer: ReviewerFacts, on: date) -> set[int]:
    """The top organizations at which the reviewer holds or held a post that still counts on a day."""
    earliest = add_years(on, -YEARS_A_POST_COUNTS)
    counting = (post.at.top for post in reviewer.posts if _counts(post, earliest, on))
    return {top for top in counting if top is not None}


def _counts(post: PastPost, earliest: date, on: date) -> bool:
    return (post.since is None or post.since <= on) and (post.until is None or post.until >= earliest)
