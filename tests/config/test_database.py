import psycopg2
import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import is_psycopg3

from config.checks import psycopg2_in_use, server_fits


def test_psycopg2_is_the_driver():
    assert is_psycopg3 is False
    assert connection.Database is psycopg2
    assert psycopg2_in_use(None) == []


@pytest.mark.django_db
def test_trigrams_are_found_in_chinese():
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("SELECT cardinality(show_trgm('先进集体')), similarity('乡村振兴', '乡村振兴行动')")
        count, likeness = cursor.fetchone()
    assert count == 5
    assert likeness >= 0.5


@pytest.mark.django_db
def test_the_check_accepts_this_server():
    assert server_fits(None, databases=["default"]) == []


def test_the_check_asks_no_database_that_it_was_not_given():
    assert server_fits(None, databases=None) == []


@pytest.mark.commits
def test_the_check_finds_a_database_blind_to_chinese():
    name = f"{connection.settings_dict['NAME']}_blind"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'"
        )
    blind = connection.copy()
    blind.settings_dict = blind.settings_dict | {"NAME": name}
    try:
        with blind.cursor() as cursor:
            cursor.execute("CREATE EXTENSION pg_trgm")
        from config.checks import _problems

        assert [problem.id for problem in _problems(blind)] == ["config.E003"]
    finally:
        blind.close()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")
