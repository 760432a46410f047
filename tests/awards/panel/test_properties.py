"""However posts, employers and partners lie: nobody with a tie is given an entry, or fetches one."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from awards.nomination.models import Partner
from awards.panel.actions.assigning import assign_entries
from awards.panel.models import Assignment, Recusal
from awards.panel.queries.pool import count_ties
from awards.panel.queries.race import entries_of
from awards.panel.queries.ties import ties_between
from tests.factories import (
    CommitteeFactory,
    NominationFactory,
    OfficeFactory,
    PanelFactory,
    PostFactory,
    SeatFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db
YEAR = 366


def world():
    """Three organizations with a branch each, and the committee above them: seven units."""
    committee = CommitteeFactory()
    tops = UnitFactory.create_batch(3, parent=committee)
    return [committee, *tops, *(UnitFactory(parent=top) for top in tops)]


# A seat: index of the employer (None: from outside) and posts as (unit, began, ended) in days before today.
POSTS = st.lists(
    st.tuples(st.integers(1, 6), st.integers(-5, 6 * YEAR), st.none() | st.integers(-5, 5 * YEAR))
)
SEATS = st.lists(
    st.tuples(st.none() | st.integers(0, 6), POSTS.map(lambda posts: posts[:2])), min_size=2, max_size=4
)
# An entry: the lead and the partners, as (unit, declined).
ENTRIES = st.lists(
    st.tuples(st.integers(0, 6), st.lists(st.tuples(st.integers(1, 6), st.booleans()), max_size=2)),
    min_size=1,
    max_size=4,
)


def build(seats, entries):
    units, today, panel = world(), timezone.localdate(), PanelFactory()
    for employer, posts in seats:
        seat = SeatFactory(panel=panel)
        seat.reviewer.employer = None if employer is None else units[employer]
        seat.reviewer.save()
        for unit, began, ended in posts:
            since = today - timedelta(days=began)
            until = None if ended is None else max(since, today - timedelta(days=ended))
            PostFactory(user=seat.reviewer.user, unit=units[unit], from_on=since, to_on=until)
    for lead, partners in entries:
        nomination = NominationFactory(
            campaign=panel.campaign, category=panel.category, unit=units[lead], qualified=True, quota=False
        )
        for unit, declined in dict(partners).items():
            declined_at = timezone.now() if declined else None
            Partner.objects.create(nomination=nomination, unit=units[unit], declined_at=declined_at)
    return panel


SETTINGS = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@SETTINGS
@given(seats=SEATS, entries=ENTRIES)
def test_no_pair_with_a_tie_is_ever_assigned(seats, entries):
    panel = build(seats, entries)
    assign_entries(panel, actor=OfficeFactory())

    reviewers = [seat.reviewer for seat in panel.seats.all()]
    ties = ties_between(entries_of(panel), reviewers, timezone.localdate())

    given_out = set(panel.assignments.live().values_list("nomination", "seat__reviewer"))
    every = {(entry.pk, reviewer.pk) for entry in entries_of(panel) for reviewer in reviewers}
    assert given_out == every - ties.keys()
    assert set(
        Recusal.objects.filter(nomination__campaign=panel.campaign).values_list("nomination", "reviewer")
    ) == set(ties)


@SETTINGS
@given(seats=SEATS, entries=ENTRIES)
def test_the_fetch_knows_the_same_ties_as_the_rule(seats, entries):
    """`free_of_ties()` says in SQL what `conflicts()` says in Python; so does the count in the pool."""
    panel = build(seats, entries)
    rows = [
        Assignment(panel=panel, seat=seat, nomination=entry, order=order)
        for seat in panel.seats.all()
        for order, entry in enumerate(entries_of(panel), 1)
    ]
    Assignment.objects.bulk_create(rows)
    reviewers = [seat.reviewer for seat in panel.seats.all()]
    ties = ties_between(entries_of(panel), reviewers, timezone.localdate())

    seen = set()
    for one in reviewers:
        free = panel.assignments.filter(seat__reviewer=one).free_of_ties(one.user)
        seen |= set(free.values_list("nomination", "seat__reviewer"))
    assert {(row.nomination_id, row.seat.reviewer_id) for row in rows} - seen == set(ties)
    counted = count_ties(panel.campaign, reviewers)
    assert {one.pk: counted[one.pk].get(panel.category.letter, 0) for one in reviewers} == {
        one.pk: sum(one.pk == reviewer for _, reviewer in ties) for one in reviewers
    }
