"""Single values: text made fit for files, and what people type into cells made exact.

A parser takes the raw, non-empty value of a cell (text, number, date) and returns the clean one; it raises
Unreadable, whose Chinese text the user reads, and never guesses where two readings are possible.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache

from units.counting import count_characters
from units.folding import fold
from units.moments import WEEKDAYS, day_text
from units.phones import normalise_phone, phone_problem

# Characters that no XML file may hold, those that reverse or hide text, and letters that are drawn as nothing.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff"
    "\u00ad\u034f\u115f\u1160\u180e\u2800\u3164\uffa0]"
)
SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u3000]+")
SPACED_OUT = re.compile(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])")
FULL_WIDTH = {0xFF10 + i: str(i) for i in range(10)}
FULL_WIDTH |= {start + i: chr(half + i) for start, half in ((0xFF21, 65), (0xFF41, 97)) for i in range(26)}

DATE = re.compile(
    r"(\d{4})\s*(?:[./\-]|年)\s*(\d{1,2})\s*(?:[./\-]|月)\s*(\d{1,2})\s*日?(?:[ T]*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
WEEKDAY = re.compile(r"[（(]?(?:星期|周|礼拜)([一二三四五六日天])[)）]?")
SEVERAL_DAYS = re.compile(r"\d{4}\s*[./\-年]\s*\d{1,2}\s*[./\-月]\s*\d{1,2}\s*日?\s*[\-至到~～、]+\s*\d.*")
DATE_MARKS = str.maketrans("．。－—–／", "..---/")
DATE_HINT = "请写成2020-06-01这样的年月日"
YEARS = range(1900, 2101)
SERIALS = range(18264, 73416)  # Excel counts the days from 1899-12-30; these are the years 1950 to 2100

NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?([万亿]?)(\D*)")
THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:，\d{3})+(?!\d|，)")
NUMBER_MARKS = str.maketrans("．。－＋％", "..-+%")
UNITS = re.compile("|元|人民币|人次?|场?次|场|个|户|项|件次?|名|位|家|条|篇|天|小时|分|岁|支|所|处|份|批次?")
SCALES = {"": 1, "万": 10**4, "亿": 10**8}


class Unreadable(ValueError):
    """A cell that cannot be taken as it stands; the message says what to write instead."""


def printable(value: str) -> str:
    """The text without control characters and without marks that hide or reverse others."""
    return UNPRINTABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def display_width(value: str) -> int:
    """Columns a text takes in a fixed-width face: a CJK character 2, any other 1; the longest line counts."""
    return max((sum(_width(mark) for mark in line) for line in value.split("\n")), default=0)


@cache
def _width(mark: str) -> int:
    # Ambiguous marks (“ ” — ·) are drawn full width by every Chinese face.
    return 2 if unicodedata.east_asian_width(mark) in "WFA" else 1


def plain(value) -> str:
    """What a cell says, in one way of writing: half-width letters and digits, single spaces, no padding."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (int, float, Decimal)):
        return format(_exact(value).normalize(), "f")
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != datetime.min.time() else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    lines = printable(str(value)).translate(FULL_WIDTH).split("\n")
    return "\n".join(SPACES.sub(" ", line).strip() for line in lines).strip()


def squeezed(value) -> str:
    """`plain` without any space."""
    return re.sub(r"\s+", "", plain(value))


def folded(value) -> str:
    """What names and labels are compared by, whoever typed them (units.folding)."""
    return fold(plain(value))


def text(value) -> str:
    return plain(value)


def name_text(value) -> str:
    """A name as it is meant: without the spaces that stretch two Chinese characters to the width of a column."""
    return SPACED_OUT.sub("", plain(value).replace("\n", ""))


@dataclass(frozen=True)
class limited_text:
    """Text of at most so many characters."""

    limit: int

    @property
    def hint(self) -> str:
        return f"不超过{self.limit}字"

    def __call__(self, value) -> str:
        content = plain(value)
        if len(content) > self.limit:
            raise Unreadable(f"共{len(content)}字，最多{self.limit}字。")
        return content


@dataclass(frozen=True)
class long_text:
    """Text of at most so many 字, counted as on the page."""

    limit: int

    @property
    def hint(self) -> str:
        return f"不超过{self.limit}字"

    def __call__(self, value) -> str:
        content = plain(value)
        if (used := count_characters(content)) > self.limit:
            raise Unreadable(f"共{used}字，最多{self.limit}字。")
        return content


def date_value(value) -> date:
    """A day, from a real date, an Excel serial, or 2020.6.1, 2020年6月1日, 20200601, 2020-06-01, 2020/6/1."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _in_range(value)
    written = plain(value).translate(DATE_MARKS)
    if re.fullmatch(r"\d{5}(\.\d+)?", written) and int(float(written)) in SERIALS:
        return date(1899, 12, 30) + timedelta(days=int(float(written)))
    bare = WEEKDAY.sub("", written).strip()
    if re.fullmatch(r"\d{8}", bare):
        return _on_weekday(_day(bare[:4], bare[4:6], bare[6:], written), written)
    if found := DATE.fullmatch(bare):
        return _on_weekday(_day(*found.groups(), written), written)
    if SEVERAL_DAYS.fullmatch(bare):
        raise Unreadable(
            f"“{shortened(written, 30)}”是几天，请只填开始的一天；有“结束日期”列的，最后一天填在那里。"
        )
    raise Unreadable(f"“{shortened(written)}”不是日期，{DATE_HINT}。")


def _on_weekday(day: date, written: str) -> date:
    """A weekday beside the date must be its own: one of the two is wrong otherwise."""
    said = WEEKDAY.search(written)
    if said and said[1].replace("天", "日") != WEEKDAYS[day.weekday()]:
        raise Unreadable(
            f"“{shortened(written)}”不对：{day_text(day)}是星期{WEEKDAYS[day.weekday()]}，请核对。"
        )
    return day


def _day(year: str, month: str, day: str, written: str) -> date:
    try:
        return _in_range(date(int(year), int(month), int(day)))
    except ValueError as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"没有“{shortened(written)}”这一天，{DATE_HINT}。") from None


def _in_range(day: date) -> date:
    if day.year not in YEARS:
        raise Unreadable(f"年份{day.year}不对，{DATE_HINT}。")
    return day


def whole_number(value) -> int:
    """A count, 0 or more: 1,234, １２３人次, 3.0, 1.2万."""
    number = figure(value)
    if number != number.to_integral_value():
        raise Unreadable(f"“{shortened(plain(value))}”不是整数。")
    return int(_not_negative(number))


def amount(value) -> Decimal:
    """Money in yuan with two places, 0 or more: 301,705元, ￥1,200.5, 3.2万元."""
    number = figure(value)
    cents = number.quantize(Decimal("0.01"), ROUND_HALF_UP)
    # A sum made by Excel carries binary dust (301705.10000000003); a third place that was meant is refused.
    if abs(number - cents) > Decimal("0.000001"):
        raise Unreadable(f"“{shortened(plain(value))}”的小数超过两位。")
    return _not_negative(cents)


def bare_number(text: str) -> str:
    """A number as it is typed with a Chinese keyboard, in half-width marks without spaces: ９。５ → 9.5."""
    return squeezed(text).translate(NUMBER_MARKS)


def figure(value) -> Decimal:
    """A figure with its sign, perhaps with thousands separated, a scale and a word behind: 1,234.5, 3.2万元.

    A comma stands between thousands or not at all: 12，5 may be meant for 12.5 and for 125.
    """
    if isinstance(value, (bool, date)):
        raise Unreadable(f"“{plain(value)}”不是数字。")
    if isinstance(value, (int, float, Decimal)):
        return _exact(value)
    written = bare_number(value).lstrip("¥￥")
    if "，" in written and not THOUSANDS.match(written):
        raise Unreadable(f"“{shortened(written)}”里的逗号是小数点还是千位分隔？请只填数字和小数点。")
    written = written.replace("，", ",")
    found = NUMBER.fullmatch(written)
    if not found or not UNITS.fullmatch(found[5]):
        raise Unreadable(f"“{shortened(written)}”不是数字，请只填数字。")
    sign, whole, places, scale, _ = found.groups()
    return Decimal(sign + whole.replace(",", "") + (places or "")) * SCALES[scale]


def _exact(value) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise Unreadable(f"“{shortened(str(value))}”超出可以登记的范围。")
    return number


def _not_negative(number: Decimal) -> Decimal:
    if number < 0:
        raise Unreadable("不能是负数。")
    return abs(number)


def phone(value) -> str:
    """A phone number in plain digits (`units.phones`), also where Excel made a number of it (13800000000.0)."""
    number = normalise_phone(plain(value))
    if problem := phone_problem(number):
        raise Unreadable(problem)
    return number


@dataclass(frozen=True, eq=False)
class choice:
    """One of a list, by its Chinese label: choice({"机关": "office", ...}); several labels may mean the same.

    unlisted: labels that are understood and offered to nobody.
    """

    labels: Mapping[str, object]
    unlisted: Mapping[str, object] = field(default_factory=dict)
    known: dict = field(init=False, repr=False)

    def __post_init__(self):
        known = {folded(label): value for label, value in (self.labels | self.unlisted).items()}
        object.__setattr__(self, "known", known)

    @property
    def hint(self) -> str:
        return f"{'、'.join(self.labels)}之一"

    def __call__(self, value):
        try:
            return self.known[folded(value)]
        except KeyError:
            raise Unreadable(f"没有“{shortened(plain(value))}”，应为{self.hint}。") from None


yes_or_no = choice({"是": True, "否": False, "有": True, "无": False, "√": True, "×": False})


@dataclass(frozen=True)
class several:
    """A list in one cell, separated by 、 ， ； or a new line; each part read by `parse`, none twice."""

    parse: object

    def __call__(self, value) -> list:
        parts = [part for part in re.split(r"[、，；,;\n]", plain(value)) if part.strip()]
        return list(dict.fromkeys(self.parse(part) for part in parts))


def shortened(value: str, limit: int = 20) -> str:
    """The beginning of what was typed, for a message."""
    return value if len(value) <= limit else value[: limit - 1] + "…"
