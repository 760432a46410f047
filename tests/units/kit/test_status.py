"""Every status has a word, an icon that the font knows, and a tone; one tag draws it."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import TextChoices

from units.kit.status import TONES, Mark, Status

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
FONT = (ROOT / "node_modules/bootstrap-icons/font/bootstrap-icons.css").read_text()
# What a status is drawn as, by hand; the words of an allauth badge come in a slot, which no tag can take.
BY_HAND = r"class=\"state[\s\"{]|class=\"[^\"]* state[\s\"]|bi bi-\{\{|\{% mark "
ALLOWED = {"templates/allauth/elements/badge.html"}


def below(kind):
    return [one for sub in kind.__subclasses__() for one in (sub, *below(sub))]


STATUSES = [one for one in below(Status) if one.__module__.split(".")[0] in ("units", "services", "awards")]


@pytest.mark.parametrize("status", STATUSES, ids=lambda status: status.__name__)
def test_a_status_has_word_icon_and_tone(status):
    for one in status:
        assert one.label
        assert one.label != one.name.title()
        assert f".bi-{one.icon}::before" in FONT
        assert one.tone in TONES


def test_every_table_of_states_is_a_status():
    """Of party members the portal only counts who is what; nothing draws it."""
    assert len(STATUSES) > 20
    named = [one for one in below(TextChoices) if re.search("State|Standing|Status$", one.__name__)]
    assert {one.__name__ for one in named if not issubclass(one, Status)} == {"MemberState", "EntryStatus"}


def test_every_state_that_a_row_keeps_draws_itself():
    """A model with a stored state gives it as `mark`, so that a page need not know the table."""
    kept = [
        model
        for model in apps.get_models()
        if model._meta.app_label in ("units", "services", "awards")
        and any(field.name == "state" for field in model._meta.concrete_fields)
    ]
    assert len(kept) > 5
    assert [model.__name__ for model in kept if not hasattr(model, "mark")] == ["PartyMember"]


def test_a_status_in_words_of_the_moment_keeps_icon_and_tone():
    short = next(one for one in STATUSES if one.__name__ == "Enough").NO
    assert short.said("差2份") == Mark("差2份", short.icon, short.tone)


def test_no_template_draws_a_status_by_hand():
    found = {str(path.relative_to(ROOT)) for path in TEMPLATES if re.search(BY_HAND, path.read_text())}
    assert found == ALLOWED
