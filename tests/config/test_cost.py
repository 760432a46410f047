"""The measure itself: what it counts, it counts right."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def five_users():
    User = get_user_model()
    User.objects.bulk_create(User(username=f"user{number}") for number in range(5))
    return User.objects.all()


def test_every_way_of_fetching_counts_its_rows(five_users, cost):
    with cost() as spent:
        assert len(five_users) == 5
        get_user_model().objects.first()
        assert len(list(five_users.iterator(chunk_size=2))) == 5
        with connection.cursor() as cursor:
            cursor.execute("SELECT generate_series(1, 7)")
            cursor.fetchone()
            cursor.fetchmany(2)
            assert len(cursor.fetchall()) == 4

    assert (spent.queries, spent.rows) == (4, 5 + 1 + 5 + 7)


def test_a_count_fetches_one_row(five_users, rows_fetched):
    assert rows_fetched(five_users.count) == 1


def test_afterwards_nothing_is_counted(five_users, cost):
    with cost() as spent:
        pass
    list(five_users)

    assert (spent.queries, spent.rows) == (0, 0)
