"""Two versions woven into one: nothing of either is lost, and what is marked is what changed."""

from hypothesis import given
from hypothesis import strategies as st

from units.kit.differences import Change, Piece, differences, sides, woven

TEXTS = st.lists(st.text(alphabet="甲乙丙丁。；\n！1 ", max_size=12), max_size=8).map("".join)


@given(TEXTS, TEXTS)
def test_the_woven_text_gives_both_texts_back(old, new):
    pieces = woven(old, new)

    assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == new


def told(old, new):
    return [(piece.kind, piece.text) for piece in woven(old, new)]


def test_a_changed_sentence_stands_alone():
    assert told("一句。二句。三句。", "一句。全新。三句。") == [
        ("same", "一句。"), ("gone", "二句。"), ("new", "全新。"), ("same", "三句。"),
    ]  # fmt: skip


def test_in_a_mended_sentence_the_characters_are_marked():
    old, new = "全区新开办企业一千二百户全部进驻服务大厅。", "全区新开办企业一千三百户全部进驻服务大厅。"
    assert told(old, new) == [
        ("same", "全区新开办企业一千"), ("gone", "二"), ("new", "三"), ("same", "百户全部进驻服务大厅。"),
    ]  # fmt: skip


def test_a_sentence_written_anew_is_shown_whole():
    old, new = "全区新开办企业一千二百户全部进驻服务大厅。", "每月走访困难群众三次，登记诉求并限时答复。"
    assert told(old, new) == [("gone", old), ("new", new)]


def test_a_short_answer_is_shown_gone_and_new():
    assert told("2026年3月1日", "2026年3月8日") == [("gone", "2026年3月1日"), ("new", "2026年3月8日")]
    assert told("", "98%") == [("new", "98%")]


def test_only_what_differs_is_listed_and_what_went_comes_last():
    found = differences({"甲": "1", "乙": "2", "丙": "3"}, {"甲": "1", "乙": "5", "丁": "4"})
    assert [one.label for one in found] == ["乙", "丁", "丙"]
    assert found[2] == Change("丙", [Piece("gone", "3")])


# ---- side by side


@given(st.text("甲乙丙。\n", max_size=30), st.text("甲乙丙。\n", max_size=30))
def test_the_pieces_of_a_side_are_its_text_and_the_unmarked_ones_are_alike(one, other):
    def plain(pieces):
        return "".join(piece.text for piece in pieces if not piece.changed)

    left, right = sides(one, other)

    assert "".join(piece.text for piece in left) == one
    assert "".join(piece.text for piece in right) == other
    assert plain(left) == plain(right)
    assert all(piece.text for piece in [*left, *right])


def test_single_characters_are_marked_side_by_side_in_long_texts_too():
    left, right = sides("走访企业三户，解决两件。", "走访企业五户，解决两件。")
    assert [piece.text for piece in left if piece.changed] == ["三"]
    assert [piece.text for piece in right if piece.changed] == ["五"]

    one = "".join(f"第{number}句。" for number in range(2000))
    left, right = sides(f"头{one}尾", f"首{one.replace('第7句', '第七句')}末")
    assert [piece.text for piece in left if piece.changed][1] == "7"
