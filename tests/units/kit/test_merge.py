"""Two people in one form lose nothing of what either of them changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from units.kit.merge import answers_to, base_of, merge

BOXES = ["title", "place", "result"]
TEXT = st.lists(st.text("ab\n", max_size=2), max_size=2)
FORM = st.fixed_dictionaries(dict.fromkeys(BOXES, TEXT))


def said(**boxes):
    return {name: [text] for name, text in boxes.items()}


BASE = said(title="走访", place="东城", result="")


@pytest.mark.parametrize(
    ("typed", "stored", "texts", "both"),
    [
        (BASE, BASE, BASE, []),
        (said(title="回访", place="东城", result=""), BASE, said(title="回访", place="东城", result=""), []),
        (BASE, said(title="走访", place="西城", result=""), said(title="走访", place="西城", result=""), []),
        (
            said(title="回访", place="东城", result=""),
            said(title="走访", place="东城", result="已解决"),
            said(title="回访", place="东城", result="已解决"),
            [],
        ),
        (
            said(title="回访", place="东城", result=""),
            said(title="慰问", place="东城", result=""),
            said(title="回访", place="东城", result=""),
            ["title"],
        ),
        (
            said(title="回访", place="东城", result=""),
            said(title="回访", place="东城", result=""),
            said(title="回访", place="东城", result=""),
            [],
        ),
    ],
    ids=["nobody", "only I", "only they", "different boxes", "the same box", "the same text"],
)
def test_each_keeps_what_each_changed(typed, stored, texts, both):
    found = merge(base_of(BASE), typed, stored)

    assert {name: found.texts[name] or [""] for name in texts} == texts
    assert found.both == both


def test_a_row_that_either_has_added_is_theirs_or_mine_and_asked_about_only_when_both_have():
    found = merge(base_of(BASE), BASE | said(mine="五一", same="甲"), BASE | said(theirs="国庆", same="乙"))

    assert (found.taken, found.both) == (["theirs"], ["same"])
    assert (found.texts["mine"], found.texts["theirs"]) == (["五一"], ["国庆"])


def test_an_emptied_box_is_a_change():
    found = merge(base_of(BASE), {"place": ["东城"]}, BASE)

    assert (found.texts["title"], found.both) == ([], [])


def test_line_ends_are_no_change():
    base = said(result="一\n二")

    found = merge(base_of(base), said(result="一\r\n二"), said(result="三"))

    assert (found.texts, found.taken) == (said(result="三"), ["result"])


@pytest.mark.parametrize("lost", ["", "{", "[]", "{}"])
def test_a_form_that_lost_what_it_was_base_of_asks_about_every_difference(lost):
    found = merge(lost, said(title="回访", place="东城"), said(title="走访", place="东城"))

    assert (found.both, found.taken) == (["title"], [])


@given(base=FORM, typed=FORM, stored=FORM)
def test_nothing_that_anybody_changed_is_lost_without_being_asked_about(base, typed, stored):
    def plain(texts):
        return [text for text in texts if text]

    found = merge(base_of(base), typed, stored)

    for name in BOXES:
        before, mine, theirs = plain(base[name]), plain(typed[name]), plain(stored[name])
        kept = found.texts[name]
        if mine == before:
            assert kept == theirs
        elif theirs == before or mine == theirs:
            assert kept == mine
        else:
            assert name in found.both
            assert kept == mine
        assert (name in found.both) == (mine not in (before, theirs) and theirs != before)


@given(base=FORM, mine=FORM, theirs=FORM)
def test_whoever_saves_first_the_untouched_boxes_come_out_alike(base, mine, theirs):
    one = merge(base_of(base), mine, theirs)
    other = merge(base_of(base), theirs, mine)

    assert set(one.both) == set(other.both)
    assert all(one.texts[name] == other.texts[name] for name in BOXES if name not in one.both)


MINE, THEIRS = said(title="回访", place="东城", result=""), said(title="慰问", place="西城", result="")


@pytest.mark.parametrize(("side", "title", "taken"), [("mine", "回访", []), ("theirs", "慰问", ["title"])])
def test_an_answer_keeps_the_side_it_names(side, title, taken):
    answers = {"title": answers_to(THEIRS["title"])[side]}

    found = merge(base_of(BASE), MINE, THEIRS, answers)

    assert (found.both, found.texts["title"]) == ([], [title])
    assert found.taken == [*taken, "place"]


def test_an_answer_is_void_once_the_other_text_has_changed_again():
    answers = {"title": answers_to(["慰问"])["mine"]}

    assert merge(base_of(BASE), MINE, said(title="座谈", place="东城"), answers).both == ["title"]


def test_what_was_asked_about_is_asked_until_it_is_answered():
    carried = base_of(THEIRS, asked=["title"], before=base_of(BASE))

    again = merge(carried, said(title="回访", place="西城", result=""), THEIRS)

    assert again.both == ["title"]
    assert merge(base_of(THEIRS), said(title="回访", place="西城", result=""), THEIRS).both == []
