"""Certificate and document numbers, wording, dates of papers, and the ban."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.result.rules import (
    CertificateNumber,
    certificate_date,
    document_number,
    document_number_problem,
    last_banned_day,
    next_certificate,
    parse_certificate,
    wording,
)


@given(st.integers(2020, 9999), st.sampled_from("FZX"), st.integers(1, 999))
def test_a_number_is_read_as_printed(year, category, sequence):
    number = CertificateNumber(year, category, sequence)

    assert parse_certificate(str(number)) == number
    assert parse_certificate(f" {str(number).lower()} ") == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("DYQZ-2026-F-001", CertificateNumber(2026, "F", 1)),
        ("ＤＹＱＺ－２０２６－Ｆ－００１", CertificateNumber(2026, "F", 1)),
        ("DYQZ-2026-F-000", None),
        ("DYQZ-2026-F-1", None),
        ("DYQZ-2026-F-0001", None),
        ("DYQZ2026F001", None),
        ("2026-F-001", None),
        ("", None),
    ],
)
def test_what_is_no_certificate_number_is_not_taken(text, number):
    assert parse_certificate(text) == number


@pytest.mark.parametrize("parts", [(2026, "F", 0), (2026, "F", 1000), (26, "服", 1), (20260, "F", 1)])
def test_a_number_that_cannot_be_printed_is_refused(parts):
    with pytest.raises(ValueError, match="certificate"):
        CertificateNumber(*parts)


def test_each_category_and_year_counts_by_itself_and_never_again():
    issued = [
        CertificateNumber(2026, "F", 1),
        CertificateNumber(2026, "F", 3),
        CertificateNumber(2025, "Z", 9),
    ]

    assert (
        str(next_certificate(issued, 2026, "F")) == "DYQZ-2026-F-004"
    )  # 2 was issued once, or never: not used
    assert str(next_certificate(issued, 2026, "Z")) == "DYQZ-2026-Z-001"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("东区直工委〔2026〕12号", None),
        (" 东区直工委〔2026〕12号 ", None),
        ("东区直工委[2026]12号", "年份应使用六角括号〔〕。"),
        ("东区直工委（2026）12号", "年份应使用六角括号〔〕。"),
        ("东区直工委〔2026〕第12号", "序号前不加“第”字。"),
        ("东区直工委〔2026〕012号", "序号不编虚位，不以0开头。"),
        ("东区直工委〔２０２６〕12号", "年份和序号应使用半角阿拉伯数字。"),
        ("东区委〔2026〕12号", "发文机关代字应为东区直工委。"),
        ("东区直工委〔2025〕12号", "发文年份应为2026。"),
        ("东区直工委12号", "发文字号的格式应如东区直工委〔2026〕12号。"),
        ("", "发文字号的格式应如东区直工委〔2026〕12号。"),
    ],
)
def test_document_numbers_follow_the_official_form(text, problem):
    assert document_number_problem(text, year=2026) == problem


@given(st.integers(2020, 2099), st.integers(1, 999))
def test_a_composed_document_number_is_right(year, number):
    assert document_number_problem(document_number(year, number), year=year) is None


def test_any_issuer_is_taken_when_none_is_asked_for():
    assert document_number_problem("东区委〔2026〕12号", issuer="") is None


@pytest.mark.parametrize("number", [None, "", "  "])
def test_without_an_approval_the_words_are_plain(number):
    words = wording(number)

    assert (words.act, words.verb, words.paper, words.plaque) == ("评选", "入选", "通报", "")
    assert "表彰" not in "".join(vars(words).values())


def test_with_an_approval_the_words_are_those_of_an_honour():
    words = wording("东区组〔2026〕3号")

    assert (words.act, words.honour, words.plaque) == ("表彰", "示范项目", "授牌")


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 12, 9), "二〇二六年十二月九日"),
        (date(2030, 10, 10), "二〇三〇年十月十日"),
        (date(2026, 1, 20), "二〇二六年一月二十日"),
        (date(2026, 11, 30), "二〇二六年十一月三十日"),
        (date(2026, 5, 31), "二〇二六年五月三十一日"),
    ],
)
def test_certificates_are_dated_in_characters(day, text):
    assert certificate_date(day) == text


@pytest.mark.parametrize(
    ("revoked", "last"),
    [(date(2026, 3, 1), date(2029, 3, 1)), (date(2028, 2, 29), date(2031, 2, 28))],
)
def test_a_revoked_work_is_banned_for_three_years(revoked, last):
    assert last_banned_day(revoked) == last
