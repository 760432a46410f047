"""Choosing units by a few letters, with script and without."""

import pytest
from django import forms
from django.http import QueryDict
from django.urls import reverse

from tests.factories.units import ClerkFactory, CommitteeFactory, UnitFactory, UserFactory
from units.models import Unit
from units.pickers import MOST_FOUND, Picking, UnitField, UnitsField

pytestmark = pytest.mark.django_db


class TeamForm(Picking, forms.Form):
    title = forms.CharField()
    several = UnitsField(rows=Unit.objects.all(), required=False)
    one = UnitField(rows=Unit.objects.all())


def form_of(query: str) -> TeamForm:
    return TeamForm(QueryDict(query))


def test_ticked_units_come_out_in_their_order():
    second, first = UnitFactory(slug="b", order=2), UnitFactory(slug="a", order=1)

    form = form_of("title=x&several=b&several=a&one=b")

    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"title": "x", "several": [first, second], "one": second}


@pytest.mark.parametrize("words", ["区财政局机关党委", "财政", "区财政"])
def test_a_name_left_in_the_box_counts_when_it_is_exactly_one_units(words):
    finance = UnitFactory(slug="finance", name="区财政局机关党委", short_name="区财政")
    finance.aliases.create(name="财政")
    UnitFactory(name="区财政预算中心党支部", short_name="预算中心")

    form = form_of(f"title=x&one={finance.slug}&several-words={words}")

    assert form.is_valid(), form.errors
    assert form.cleaned_data["several"] == [finance]


def test_words_that_name_no_unit_are_asked_about_beside_what_they_find():
    finance, tax = UnitFactory(short_name="区财政局"), UnitFactory(slug="tax", short_name="区税务局")

    form = form_of("title=x&one=tax&several=tax&several-words=财政")

    assert list(form.errors) == ["several"]
    drawn = str(form["several"])
    assert f'value="{tax.slug}" checked' in drawn
    assert f'value="{finance.slug}">' in drawn
    assert 'value="财政"' in drawn


def test_words_that_a_ticked_unit_bears_are_answered():
    UnitFactory(slug="finance", name="区财政局机关党委")
    UnitFactory(name="区财政预算中心党支部")

    assert form_of("title=x&one=finance&one-words=财政&several=finance&several-words=财政").is_valid()


def test_looking_for_a_unit_saves_nothing_and_blames_no_other_field():
    UnitFactory(short_name="区财政局")

    form = form_of("several-words=财政&find=several")

    assert not form.is_valid()
    assert form.errors == {"several": ["请勾选查到的单位。"]}


def test_the_button_with_an_empty_box_is_what_enter_presses_and_saves():
    UnitFactory(slug="tax")

    assert form_of("title=x&one=tax&several-words=&find=several").is_valid()


def test_a_unit_that_may_not_be_chosen_is_refused():
    UnitFactory(slug="tax")

    assert form_of("title=x&one=tax&several=elsewhere").errors.keys() == {"several"}
    assert form_of("title=x").errors.keys() == {"one"}


def test_the_search_box_finds_by_name_alias_and_number_what_is_not_chosen_yet(client):
    unit = UnitFactory(order=1)
    finance = UnitFactory(name="区财政局机关党委", short_name="区财政局", order=7)
    tax = UnitFactory(name="区税务局机关党委", short_name="区税务局", order=90807)
    tax.aliases.create(name="区国税局")
    UnitFactory(short_name="别区财政局", parent=CommitteeFactory(slug="elsewhere"))
    UnitFactory(short_name="区财政局一支部", parent=finance)
    client.force_login(ClerkFactory(unit=unit))

    def found(words, *chosen):
        query = {"name": "several", "kind": "checkbox", "scope": "tops", "several-words": words}
        page = client.get(reverse("units:unit-find"), query | {"several": chosen})
        found = [key for key, _ in page.context["found"].options]
        return [Unit.objects.get(slug=slug).short_name for slug in found]

    assert found("财政") == ["区财政局"]
    assert found("国税") == ["区税务局"]
    assert found("90807") == ["区税务局"]
    assert found("财政", finance.slug) == found("") == []


def test_the_search_box_gives_the_first_few_and_says_how_many_more(client, cost):
    unit = UnitFactory(short_name="甲局")
    for _ in range(MOST_FOUND + 3):
        UnitFactory()
    client.force_login(ClerkFactory(unit=unit))
    query = {"name": "one", "kind": "radio", "scope": "tops", "one-words": "测试区"}

    client.get(reverse("units:unit-find"), query)  # writes down that the session is in use
    with cost() as spent:
        page = client.get(reverse("units:unit-find"), query)

    assert len(page.context["found"].options) == MOST_FOUND
    assert page.context["found"].more == 4
    assert spent.queries <= 5


def test_strangers_and_odd_questions_find_nothing(client):
    assert client.get(reverse("units:unit-find")).status_code == 302
    client.force_login(UserFactory())
    query = {"name": "one", "kind": "radio", "scope": "all", "one-words": "局"}
    UnitFactory()

    assert client.get(reverse("units:unit-find"), query).context["found"].options == []
    for wrong in ({"name": "a b"}, {"kind": "text"}, {"scope": "every"}):
        assert client.get(reverse("units:unit-find"), query | wrong).status_code == 404
