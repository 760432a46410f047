"""The fold over whole blocks, in Python and in the database."""

import sys
import unicodedata

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from awards.screening.rules.blindness import find_identity
from units.folding import (
    fold,
    fold_from,
    looks_empty,
    private_use,
    sought,
    sought_words,
    without_unseen,
)

EVERY = [chr(code) for code in range(1, sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
KNOWN = [one for one in EVERY if unicodedata.category(one) not in {"Cn", "Co"}]
UNSEEN = [one for one in KNOWN if not fold(one)]
NAMES = ["区行政审批服务局", "区文化和旅游局", "区档案馆", "区直机关工委", "东营区统计局", "区民政局"]


def block(first, last):
    return [one for one in KNOWN if first <= ord(one) <= last]


@pytest.mark.parametrize(
    ("first", "last"), [(0x2E80, 0x2EFF), (0x2F00, 0x2FDF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)]
)
def test_no_sign_of_a_radical_or_of_an_older_standard_stays_as_it_is(first, last):
    kept = {one for one in block(first, last) if fold(one) == one and unicodedata.decomposition(one)}
    left = {one for one in block(first, last) if first <= ord(fold(one)[0]) <= last}

    assert not kept
    # The compatibility block holds twelve that are ideographs of their own; ⺀ stands for no character.
    assert left <= {*"⺀﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩"}


def test_full_width_is_half_width_in_small_letters():
    assert [fold(one) for one in block(0xFF01, 0xFF5E)] == [chr(code).lower() for code in range(0x21, 0x7F)]


def test_every_dash_is_one_dash():
    dashes = [one for one in KNOWN if unicodedata.category(one) == "Pd"] + ["−", "－"]

    assert {fold(one) for one in dashes} <= {"-", "--"}
    assert {sought(one) for one in dashes} == {""}


def test_what_is_not_seen_is_not_there():
    assert {"\u200b", "\ufe0f", "\u3164", "\u2800", "\u00ad", "\u034f", "\u202d", "\x0b"} <= set(UNSEEN)
    assert all(looks_empty(one) for one in UNSEEN)
    assert not any(looks_empty(one) for one in "一a1。-□")


@pytest.mark.parametrize(
    "typed", ["區行政審批服務局", "區行政審批服務局".replace("行", "⾏"), "区⾏政审批服务局"]
)
def test_traditional_forms_are_the_simplified_ones(typed):
    assert fold(typed) == "区行政审批服务局"


@given(st.sampled_from(NAMES), st.data())
def test_a_name_is_masked_whatever_is_put_between_and_whichever_sign_is_taken(name, data):
    """Each character by any that folds to it, with anything unseen between, in front and behind."""
    unseen = st.text(st.sampled_from(UNSEEN), max_size=2)
    typed = "".join(data.draw(st.sampled_from(alike(one))) + data.draw(unseen) for one in name)

    spans = find_identity(f"由{typed}牵头", NAMES)

    assert [span.name for span in spans] == [name]
    assert (spans[0].start, "牵头") == (1, f"由{typed}牵头"[-2:])


_alike = {}


def alike(character):
    if not _alike:
        for one in KNOWN:
            _alike.setdefault(fold(one), []).append(one)
    return _alike[character]


@given(st.text(max_size=30))
def test_each_folded_character_knows_where_it_came_from(text):
    folded, origins = fold_from(text)

    assert folded == fold(text)
    assert len(folded) == len(origins)
    assert all(character in fold(text[at]) for character, at in zip(folded, origins, strict=True))


@pytest.mark.django_db
def test_the_database_folds_every_character_as_python_does():
    with connection.cursor() as cursor:
        cursor.execute("SELECT one, sought(one) FROM unnest(%s::text[]) one", [KNOWN])
        other = [
            (hex(ord(one)), found, sought(one)) for one, found in cursor.fetchall() if found != sought(one)
        ]

    # Their small letters differ between versions of Unicode.
    assert len(other) < 20, other[:20]
    assert not [one for one, *_ in other if 0x2E80 <= int(one, 16) <= 0x9FFF or int(one, 16) >= 0xF900]


def test_a_search_has_words_and_no_empty_ones():
    assert sought_words("\u200b２０２６－Ｆ－０１９　 \u3164 Ab-\x00") == ["2026f019", "ab"]


def test_a_single_value_comes_without_what_was_copied_along():
    assert without_unseen("\u202d138 0000\u202c \ud800\x00\n1\u200b") == "138 0000 1"
    assert without_unseen("阿不都·买买提") == "阿不都·买买提"


def test_characters_of_private_use_are_named_once():
    assert private_use("欧阳\ue863和\ue863、\U000f0000") == "\ue863\U000f0000"
