import pytest
from django import forms


class Sample(forms.Form):
    name = forms.CharField()
    people = forms.IntegerField(min_value=0, max_value=9)


@pytest.mark.parametrize(
    ("people", "words"), [("", "请填写这一项。"), ("-3", "不能小于0。"), ("12", "不能大于9。")]
)
def test_a_form_refuses_in_the_words_of_the_house(people, words):
    form = Sample({"name": "", "people": people})

    assert form.errors == {"name": ["请填写这一项。"], "people": [words]}
