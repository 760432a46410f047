"""What the boxes of a list find, in whichever spelling it is asked."""

import pytest

from tests.factories import SysadminFactory, UnitFactory, UserFactory
from units.kit.search import matching
from units.models import Unit, UnitAlias, User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "typed",
    [
        "clerk-019",
        "CLERK019",
        "ｃｌｅｒｋ－０１９",
        "\u200bclerk 019",
        "张三",
        "张\u200b三",
        "clerk　张三",
        "張三",
    ],
)
def test_a_search_finds_what_looks_the_same(typed):
    UserFactory(username="clerk-019", name="张三")
    UserFactory(username="clerk-020", name="李四")

    assert [one.name for one in User.objects.filter(matching(typed, "username", "name"))] == ["张三"]


def test_every_word_must_be_found():
    UserFactory(username="clerk-019", name="张三")

    assert not User.objects.filter(matching("019 李四", "username", "name"))


def test_what_is_stored_may_be_spelt_oddly_too():
    unit = UnitFactory(name="区⽂化和旅游局党支部", short_name="区文旅局")

    assert Unit.objects.called("区文化").get() == unit
    assert Unit.objects.named("區文化和旅遊局黨支部").get() == unit


def test_a_box_with_nothing_to_be_seen_asks_nothing():
    UnitAlias.objects.create(unit=UnitFactory(), name="某局")

    assert Unit.objects.called("\u3164").count() == Unit.objects.count()


def test_the_lists_ask_so(client):
    UserFactory(username="clerk-019", name="张三")
    client.force_login(SysadminFactory())

    page = client.get("/people/", {"q": "ＣＬＥＲＫ０１９\u200b"}).content.decode()

    assert "张三" in page
