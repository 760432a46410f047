"""What holds for every test, whatever runs beside and before it."""

import itertools
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from tests.conftest import begins, shared_by, shuffle
from tests.factories import OfficeFactory, SecretaryFactory, UnitFactory
from tests.template import migrations_digest


@pytest.mark.parametrize("again", [1, 2])
@pytest.mark.django_db
def test_factories_count_from_the_same_number_in_each_test(again, counting_anew):
    for number in (counting_anew, counting_anew + 1):
        assert UnitFactory().slug == f"unit{number}"
    # All people share one count: two factories never make the same name.
    assert OfficeFactory().username == f"person{counting_anew}"
    assert SecretaryFactory().username == f"person{counting_anew + 1}"


def test_what_shares_a_browser_the_season_or_commits_stays_on_one_worker(request):
    for item in request.session.items:
        if shared_by(item):
            assert item.get_closest_marker("xdist_group")
            if hasattr(request.config, "workerinput"):  # what the scheduler goes by
                assert item.nodeid.rpartition("@")[2] == item.get_closest_marker("xdist_group").args[0]
        assert "page" not in item.fixturenames or item.get_closest_marker("browser")


def test_what_takes_minutes_begins_before_what_takes_a_moment(request):
    order = [begins(item) for item in request.session.items]
    assert order == sorted(order)


def test_a_shuffle_keeps_modules_whole_and_is_the_same_for_a_seed():
    items = [SimpleNamespace(path=Path(f"test_{n // 10}.py"), name=n) for n in range(100)]
    one, same, other = (list(items) for _ in range(3))

    shuffle(one, "7")
    shuffle(same, "7")
    shuffle(other, "8")

    assert [item.name for item in one] == [item.name for item in same] != [item.name for item in other]
    modules = [item.path for item in one]
    assert sum(a != b for a, b in itertools.pairwise(modules)) == 9


def test_the_copied_database_stands_for_names_and_texts_of_all_migrations(tmp_path, monkeypatch):
    monkeypatch.setattr(apps, "get_app_configs", lambda: [SimpleNamespace(label="app", path=tmp_path)])
    (tmp_path / "migrations").mkdir()
    file = tmp_path / "migrations" / "0001_begin.py"
    file.write_text("1")
    begun = migrations_digest()

    file.write_text("2")
    changed = migrations_digest()
    renamed = file.rename(file.with_name("0002_begin.py"))

    assert len({begun, changed, migrations_digest()}) == 3
    renamed.rename(file).write_text("1")
    assert migrations_digest() == begun


@pytest.mark.django_db
def test_the_copy_has_every_migration():
    assert MigrationExecutor(connection).migration_plan(MigrationLoader(connection).graph.leaf_nodes()) == []
