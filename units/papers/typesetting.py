"""Arithmetic of the official page: numbers, dates, line breaks and indents, in characters of the body face."""

import re
from collections.abc import Sequence

from units.papers.values import display_width

NUMERALS = ("", *"一二三四五六七八九")
ORDINAL = "[一二三四五六七八九十]+"
NUMBERED = re.compile(rf"{ORDINAL}、|（{ORDINAL}）|\d+[.．]\s*\D|（\d+）|第{ORDINAL}[章条]")
TITLE_LINE = 20  # characters of 二号 in 156 mm
INNER_QUOTES = str.maketrans("“”", "‘’")
BREAK_AFTER, BREAK_BEFORE = "的和与暨、，”》）", "“《（和与暨"
# Words that titles of this house are made of: a line rather begins with one than cuts one in two.
FIRST_WORDS = ("服务", "示范", "评选", "拟入选", "名单", "公示", "审定", "评审", "排名")


def chinese_number(number: int) -> str:
    """1 to 99 in 汉字: 一, 十, 十一, 二十, 二十三."""
    if not 1 <= number <= 99:
        raise ValueError(f"no heading bears the number {number}")
    tens, ones = divmod(number, 10)
    return ("", "十")[tens] + NUMERALS[ones] if tens < 2 else NUMERALS[tens] + "十" + NUMERALS[ones]


def in_quotes(text: str) -> str:
    """A name in “ ”; quotation marks inside it become ‘ ’ (GB/T 15834)."""
    return f"“{text.translate(INNER_QUOTES)}”"


def numbered(text: str, number: int, level: int) -> str:
    """The heading with its number: 一、 （一） 1. （1） by level 1 to 4."""
    mark = chinese_number(number) if level <= 2 else str(number)
    return (f"{mark}、", f"（{mark}）", f"{mark}.", f"（{mark}）")[level - 1] + text


def has_number(text: str) -> bool:
    return bool(NUMBERED.match(text))


def balanced(title: str, room: int = TITLE_LINE) -> list[str]:
    """Lines for a long title, of about equal length and broken where the words allow it.

    A title of one line stays; where no mark near the even length allows a break, the line breaks there all the
    same rather than leaving one character alone in the next.
    """
    length = display_width(title) / 2
    if length <= room:
        return [title]
    lines = -(-length // room)
    target = round(len(title) / lines)
    place = min(
        range(max(1, target - 5), min(len(title) - 1, target + 5) + 1),
        key=lambda place: (not _may_break(title, place), abs(place - target)),
    )
    if display_width(title[:place]) / 2 > room:
        place = target
    return [title[:place], *balanced(title[place:], room)]


def _may_break(title: str, place: int) -> bool:
    begins = title[place] in BREAK_BEFORE or title.startswith(FIRST_WORDS, place)
    return begins or title[place - 1] in BREAK_AFTER


def characters(text: str) -> float:
    """Width in body characters: digits and Latin letters take half of one."""
    return display_width(text) / 2


def sealed_indents(issuer: str, dated: str) -> tuple[float, float]:
    """Right indents of issuer and date under a seal: the date four in, the issuer centred over it.

    An issuer so long that it would come nearer to the edge than two keeps two, and the date is centred under it.
    """
    overhang = (characters(issuer) - characters(dated)) / 2
    return (4 - overhang, 4) if overhang <= 2 else (2, 2 + overhang)


def unsealed_indents(issuer: str, dated: str) -> tuple[float, float]:
    """Right indents without a seal: the issuer two in, the date begins two after the issuer's first character.

    A date that would then end nearer to the edge than two keeps two, and the issuer moves in instead.
    """
    rest = characters(issuer) - characters(dated)
    return (2, rest) if rest >= 2 else (4 - rest, 2)


def shared_width(needs: Sequence[float], whole: float, least: Sequence[float] = ()) -> list[float]:
    """Column widths that fill the page: each column what it needs while that lasts, the broadest give way.

    Figures and codes so stay on one line, and only the texts that wrap anyway wrap. least: what a column gets
    in any case, for the word in it that must not be broken.
    """
    least = least or [0] * len(needs)
    if sum(needs) <= whole:
        return [need * whole / sum(needs) for need in needs]
    widths, rest = {}, whole
    for rank, index in enumerate(sorted(range(len(needs)), key=lambda index: needs[index])):
        widths[index] = min(needs[index], max(rest / (len(needs) - rank), least[index]))
        rest -= widths[index]
    return [widths[index] for index in range(len(needs))]
