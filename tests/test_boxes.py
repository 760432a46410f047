"""Every box of every form: one reader for its kind, one counter, a bound for each number."""

import importlib
import pkgutil
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms

import awards
import config
import services
import units
from units.counting import count_characters
from units.kit.fields import CountField, FigureField, LongTextField, PhoneField
from units.kit.reasons import ReasonForm

ROOT = Path(__file__).resolve().parent.parent
HOUSE = {"units", "services", "awards", "config"}
ALIASES = "别名"  # of a unit: a list, a name to each line


def all_forms() -> set[type[forms.BaseForm]]:
    for app in (units, services, awards, config):
        for module in pkgutil.walk_packages(app.__path__, f"{app.__name__}."):
            if ".forms" in module.name or module.name.endswith((".filters", ".kit.reasons", ".views")):
                importlib.import_module(module.name)
    found, waiting = set(), [forms.BaseForm]
    while waiting:
        one = waiting.pop()
        found.add(one)
        waiting += one.__subclasses__()
    return {one for one in found if one.__module__.split(".")[0] in HOUSE}


def boxes():
    """(where, field) of every box that stands in a form's class, and those of the form that asks why."""
    for form in all_forms():
        for name, field in getattr(form, "base_fields", {}).items():
            yield f"{form.__module__}.{form.__name__}.{name}", field
    yield "ReasonForm.reason", ReasonForm().fields["reason"]


def sources():
    return [path for app in HOUSE for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]


def test_there_are_many_boxes():
    assert len(list(boxes())) > 150


def test_every_long_text_is_counted_as_its_page_counts():
    long = [
        (where, box)
        for where, box in boxes()
        if isinstance(box.widget, forms.Textarea) and box.label != ALIASES
    ]

    assert len(long) > 12
    assert [where for where, box in long if not isinstance(box, LongTextField)] == []


def test_no_box_has_a_counter_that_the_server_does_not_share():
    counted = [(where, box) for where, box in boxes() if "data-limit" in box.widget.attrs]

    assert [
        where for where, box in counted if getattr(box, "limit", 0) != box.widget.attrs["data-limit"]
    ] == []
    # The title's box, the one other that is counted, is checked at submission by the very same function.
    told = {str(path.relative_to(ROOT)) for path in sources() if "data-limit" in path.read_text()}
    assert told == {"units/kit/fields.py", "awards/nomination/forms/draft.py"}


def test_every_number_has_a_largest_one():
    """Without, what is typed can be more than its column holds."""
    open_ended = [
        where
        for where, box in boxes()
        if isinstance(box, forms.IntegerField) and not box.widget.is_hidden
        and getattr(box, "max_digits", None) is None
        and box.max_value is None and not any(hasattr(one, "limit_value") for one in box.validators)
    ]  # fmt: skip
    assert open_ended == []


def test_no_form_folds_what_is_typed_by_itself():
    """Figures, phones, names and codes have one reader each, below the forms."""
    of_forms = [path for path in sources() if "forms" in path.relative_to(ROOT).as_posix()]

    assert len(of_forms) > 20
    assert [str(path.relative_to(ROOT)) for path in of_forms if "unicodedata" in path.read_text()] == []


ADDRESSES = "\r\n".join(
    f"第{n}条见http://www.example.gov.cn/art/2026/11/{n}/art_1234_5678901.html，当日已经逐条核对无误"
    for n in range(24)
)
LINES = "\r\n".join(["四个字的"] * 480)


@pytest.mark.parametrize("text", [ADDRESSES, LINES])
def test_a_text_within_its_limit_is_taken_whatever_its_characters_and_lines(text):
    used = count_characters(text)
    assert len(text) > used * 1.15

    assert LongTextField(max_length=used).clean(text) == text.replace("\r\n", "\n")
    with pytest.raises(forms.ValidationError, match=f"已写{used}字，请精简到{used - 1}字以内"):
        LongTextField(max_length=used - 1).clean(text)


def test_a_text_without_end_is_refused_even_where_it_is_one_word():
    with pytest.raises(forms.ValidationError, match="共2001个字符"):
        LongTextField(max_length=10).clean("x" * 2001)


@pytest.mark.parametrize("text", ["\u3164", "\u200b\r\n\u2060", "\x0b", "　"])
def test_a_text_that_only_looks_filled_is_missing(text):
    with pytest.raises(forms.ValidationError, match="请填写这一项"):
        LongTextField().clean(text)


def test_hidden_marks_are_no_part_of_a_text_and_those_that_mean_something_stay():
    assert (
        LongTextField().clean("区\u200b文\ufeff旅\x07局\x0b二行 👩\u200d💻 ᠮ\ufe0f")
        == "区文旅局\n二行 👩\u200d💻 ᠮ\ufe0f"
    )


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("１２３４．５", "1234.5"), ("1,234.5", "1234.5"), ("１，２３４", "1234"), ("12。5", "12.5"),
        ("98.6 %", "98.6"), ("3.2万元", "32000"),
    ],
)  # fmt: skip
def test_a_figure_is_read_as_in_a_workbook(typed, read):
    assert FigureField(max_digits=14, decimal_places=2).clean(typed) == Decimal(read)


@pytest.mark.parametrize("typed", ["12，5", "1,2345", "1e1", "一百", "NaN"])
@pytest.mark.parametrize("box", [FigureField(max_digits=14, decimal_places=2), CountField(max_value=10**6)])
def test_a_figure_with_two_readings_is_asked_about(box, typed):
    with pytest.raises(forms.ValidationError):
        box.clean(typed)


@pytest.mark.parametrize(
    "typed", ["\u202d13800000000\u202c", "+86 138 0000 0000", "138-0000-0000", "１３８００００００００"]
)
def test_a_phone_is_one_number_however_it_was_copied(typed):
    assert PhoneField().clean(typed) == "13800000000"
