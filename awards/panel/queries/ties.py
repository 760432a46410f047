"""Ties between reviewers and entries, computed from posts, employers and partners in a few questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from awards.nomination.models import Nomination, Partner
from awards.panel.models import Reviewer
from awards.panel.rules.conflicts import Belonging, EntryFacts, PastPost, ReviewerFacts, Tie, conflicts
from units.models import Post

Pair = tuple[int, int]  # (nomination, reviewer), by primary key


def ties_between(
    nominations: Iterable[Nomination],
    reviewers: Iterable[Reviewer],
    on: date,
    partners: Mapping[int, list[Belonging]] | None = None,
) -> dict[Pair, list[Tie]]:
    """The computed ties of every pair that has any, as of a day.

    nominations need `unit`, reviewers `employer` loaded; two questions more, however many there are, one
    when the partners of each nomination are at hand.
    What somebody declared stands in Recusal and is not repeated here.
    """
    nominations, reviewers = list(nominations), list(reviewers)
    entries = entry_facts(nominations, partners)
    found = {}
    for reviewer, facts in reviewer_facts(reviewers).items():
        for entry in entries:
            if ties := conflicts(facts, entry, on):
                found[entry.key, reviewer] = ties
    return found


def entry_facts(
    nominations: list[Nomination], partners: Mapping[int, list[Belonging]] | None = None
) -> list[EntryFacts]:
    """Lead and partners (confirmed or still invited) of each nomination."""
    known = _partners(nominations) if partners is None else partners
    return [
        EntryFacts(one.pk, Belonging(one.unit_id, one.unit.top_id), tuple(known.get(one.pk, ())))
        for one in nominations
    ]


def _partners(nominations: list[Nomination]) -> Mapping[int, list[Belonging]]:
    found = defaultdict(list)
    rows = Partner.objects.filter(nomination__in=nominations, declined_at=None)
    for nomination, unit, top in rows.values_list("nomination", "unit", "unit__top"):
        found[nomination].append(Belonging(unit, top))
    return found


def reviewer_facts(reviewers: list[Reviewer]) -> dict[int, ReviewerFacts]:
    """Employer and confirmed posts, ended ones too, of each reviewer, by primary key."""
    posts = defaultdict(list)
    rows = Post.objects.filter(user__in=[one.user_id for one in reviewers], confirmed_at__isnull=False)
    for user, unit, top, since, until in rows.values_list("user", "unit", "unit__top", "from_on", "to_on"):
        posts[user].append(PastPost(Belonging(unit, top), since, until))
    return {
        one.pk: ReviewerFacts(
            employer=Belonging(one.employer.pk, one.employer.top_id) if one.employer else None,
            posts=tuple(posts[one.user_id]),
        )
        for one in reviewers
    }
