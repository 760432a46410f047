"""Each part of the portal offers its own to-dos; the front page only gathers, sorts and draws."""

import inspect
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Value
from django.utils import timezone

from awards.campaign.models import Phase
from awards.home.todos import LINE, PARTS, desk_of, tasks_of
from awards.urls import STAGES
from tests.factories import CampaignFactory, OfficeFactory, SecretaryFactory
from units.kit.todos import Desk, Task, once

ROOT = Path(settings.BASE_DIR)
ORDER = [*STAGES[1:], "services", "units"]


def folder(part) -> str:
    return part.__name__.split(".")[-2]


def test_every_part_with_to_dos_is_gathered_in_the_order_of_the_process():
    written = {path.parent.name for path in ROOT.glob("*/**/todos.py") if ".venv" not in path.parts}
    assert {folder(part) for part in PARTS} == written - {"home", "kit"}
    places = [ORDER.index(folder(part)) for part in PARTS]
    assert places == sorted(places)


def test_a_part_offers_one_shape():
    for part in PARTS:
        assert [*inspect.signature(part.tasks).parameters] == ["desk"]
        if hasattr(part, "figures"):
            assert [*inspect.signature(part.figures).parameters] == ["desk"]
    assert set(LINE) == set(Phase)


def test_no_two_parts_ask_for_a_figure_of_one_name(db):
    desk = Desk(OfficeFactory(), timezone.now(), CampaignFactory())
    names = [name for part in PARTS if hasattr(part, "figures") for name in part.figures(desk)]
    assert len(names) > 15
    assert len(names) == len(set(names))


def test_the_front_page_knows_no_table_of_a_stage():
    """It asks the parts: what it reads itself is the first season's set-up and what the public reads."""
    for name in ("views.py", "todos.py", "rules.py"):
        assert ".objects.filter(campaign=" not in (ROOT / "awards/home" / name).read_text()
    assert not (ROOT / "awards/home/queries/office.py").exists()


@pytest.mark.parametrize("figures", [1, 3])
def test_a_part_more_brings_its_to_dos_without_a_question_more(db, monkeypatch, cost, figures):
    """Its figures ride along in the one question for the year's row."""
    office, year = OfficeFactory(), CampaignFactory()

    class Part:
        @staticmethod
        def figures(desk):
            return {f"made_up_{at}": Value(at) for at in range(figures)}

        @staticmethod
        def tasks(desk):
            return [
                Task(f"事项{value}") for name, value in desk.figures.items() if name.startswith("made_up")
            ]

    tasks_of(desk_of(office, year, timezone.now()))  # reads the posts, which are kept
    with cost() as before:
        tasks_of(desk_of(office, year, timezone.now()))
    monkeypatch.setattr("awards.home.todos.PARTS", (*PARTS, Part))
    with cost() as after:
        found = tasks_of(desk_of(office, year, timezone.now()))

    assert [task.title for task in found if task.title.startswith("事项")] == [
        f"事项{at}" for at in range(figures)
    ]
    assert after.queries == before.queries


def test_what_a_desk_was_told_is_not_asked_again():
    asked = []

    @once
    def ask(desk):
        asked.append(desk)
        return []

    one, other = Desk(None, None), Desk(None, None)
    assert ask(one) is ask(one)
    ask(other)
    assert asked == [one, other]


def test_nobody_but_the_years_own_committee_pays_for_its_figures(db):
    year = CampaignFactory()
    assert desk_of(SecretaryFactory(), year, timezone.now()).figures == {}
    assert desk_of(OfficeFactory(), None, timezone.now()).figures == {}
