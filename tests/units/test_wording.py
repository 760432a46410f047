import inspect

import pytest
from django import forms
from django.core import validators
from django.db import models
from django.utils.functional import Promise


class Sample(forms.Form):
    name = forms.CharField()
    people = forms.IntegerField(min_value=0, max_value=9)


@pytest.mark.parametrize(
    ("people", "words"), [("", "请填写这一项。"), ("-3", "不能小于0。"), ("12", "不能大于9。")]
)
def test_a_form_refuses_in_the_words_of_the_house(people, words):
    form = Sample({"name": "", "people": people})

    assert form.errors == {"name": ["请填写这一项。"], "people": [words]}


def sentences():
    """Where each sentence with which a field or a validator of the framework refuses stands, and it."""
    places = [forms.fields, forms.models, forms.formsets, models.fields]
    classes = {one for place in places for _, one in inspect.getmembers(place, inspect.isclass)}
    for one in classes:
        for code, words in getattr(one, "__dict__", {}).get("default_error_messages", {}).items():
            yield f"{one.__module__}.{one.__name__} {code}", words
    for _, one in inspect.getmembers(validators, inspect.isclass):
        yield f"{one.__name__}", one.__dict__.get("message")
        if isinstance(messages := one.__dict__.get("messages"), dict):
            yield from ((f"{one.__name__} {code}", words) for code, words in messages.items())


# What no form of the portal has: addresses of machines, binary columns, keys given by hand.
ELSEWHERE = ("GenericIPAddress", "models.fields", "RegexValidator", "JSONString")


def test_no_sentence_of_the_framework_is_left():
    """Those that are, are marked for translation: they are the framework's."""
    left = [place for place, words in sentences() if isinstance(words, Promise)]

    assert [place for place in left if not any(other in place for other in ELSEWHERE)] == []
