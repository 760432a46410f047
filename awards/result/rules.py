"""Numbers, words and dates of the papers that close a year (docs/field.md 1.1, 3, 6.5)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from awards.campaign.rules.working_days import add_years
from units.folding import fold

PREFIX = "DYQZ"
ISSUER = "东区直工委"
BAN_YEARS = 3
CERTIFICATE = re.compile(r"([A-Z]+)-(\d{4})-([A-Z])-(\d{3})", re.ASCII)


@dataclass(frozen=True, order=True)
class CertificateNumber:
    """DYQZ-2026-F-001: unique for ever, counted from 1 in each year and category, at most 999.

    Raises ValueError for a year, category or sequence that the printed form cannot hold.
    """

    year: int
    category: str
    sequence: int
    prefix: str = PREFIX

    def __post_init__(self):
        if not 1 <= self.sequence <= 999 or not CERTIFICATE.fullmatch(str(self)):
            raise ValueError(f"no certificate number: {self}")

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year:04d}-{self.category}-{self.sequence:03d}"


def parse_certificate(text: str) -> CertificateNumber | None:
    """A number as somebody typed it (small letters, full-width, spaces around); None when it is none."""
    found = CERTIFICATE.fullmatch(fold(text).upper())
    if not found or found[4] == "000":
        return None
    return CertificateNumber(int(found[2]), found[3], int(found[4]), found[1])


def next_certificate(
    issued: Iterable[CertificateNumber], year: int, category: str, prefix: str = PREFIX
) -> CertificateNumber:
    """The number after the highest ever issued for a year and category; a revoked one is not given again."""
    taken = [
        number.sequence
        for number in issued
        if (number.year, number.category, number.prefix) == (year, category, prefix)
    ]
    return CertificateNumber(year, category, max(taken, default=0) + 1, prefix)


def document_number(year: int, number: int, issuer: str = ISSUER) -> str:
    """The 发文字号 of a paper: 东区直工委〔2026〕12号 (GB/T 9704: no 第, no leading zero)."""
    return f"{issuer}〔{year}〕{number}号"


def document_number_problem(text: str, issuer: str = ISSUER, year: int | None = None) -> str | None:
    """Why a 发文字号 cannot go on a paper, None when it can. issuer: "" takes any; year: None takes any."""
    found = re.fullmatch(r"(.+?)([〔\[（(【［〖])(\d{4})([〕\])）】］〗])(第?)(\d+)号", text.strip())
    if not found:
        return f"发文字号的格式应如{document_number(year or 2026, 12, issuer or ISSUER)}。"
    maker, left, written_year, right, ordinal, number = found.groups()
    if left + right != "〔〕":
        return "年份应使用六角括号〔〕。"
    if ordinal:
        return "序号前不加“第”字。"
    if not (written_year + number).isascii():
        return "年份和序号应使用半角阿拉伯数字。"
    if number.startswith("0"):
        return "序号不编虚位，不以0开头。"
    if issuer and maker != issuer:
        return f"发文机关代字应为{issuer}。"
    if year is not None and int(written_year) != year:
        return f"发文年份应为{year}。"
    return None


@dataclass(frozen=True)
class Wording:
    """The words papers and pages use. act 评选/表彰, honour 示范项目, verb 入选/荣获, paper 通报/表彰决定.

    plaque: 授牌 where it may be done, empty otherwise: then nothing on the page speaks of one.
    """

    act: str
    honour: str
    verb: str
    paper: str
    plaque: str


PLAIN = Wording(act="评选", honour="示范项目", verb="入选", paper="通报", plaque="")
APPROVED = Wording(act="表彰", honour="示范项目", verb="荣获", paper="表彰通报", plaque="授牌")


def wording(approval_number: str | None) -> Wording:
    """表彰 and 授牌 only where the number of an approval was entered (docs/field.md 1.1)."""
    return APPROVED if approval_number and approval_number.strip() else PLAIN


def certificate_date(day: date) -> str:
    """The date in characters, for a certificate: 二〇二六年十二月九日."""
    year = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(day.year))
    return f"{year}年{_count_in_characters(day.month)}月{_count_in_characters(day.day)}日"


def _count_in_characters(number: int) -> str:
    """1 to 31."""
    tens, ones = divmod(number, 10)
    head = ("", "十", "二十", "三十")[tens]
    return head + ("", "一", "二", "三", "四", "五", "六", "七", "八", "九")[ones]


def last_banned_day(revoked_on: date, years: int = BAN_YEARS) -> date:
    """The last day on which a revoked work may not be put forward again (Civil Code art. 202)."""
    return add_years(revoked_on, years)
