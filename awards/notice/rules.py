"""异议: what is one, by when it is answered, what follows, and the numbers its sender keeps (docs/field.md 3)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from awards.campaign.rules.working_days import Calendar, local_date
from units.folding import fold
from units.moments import moment_text

ACCEPT_DAYS = 2
RULING_DAYS = 10


# Grounds that are about facts or eligibility; a score or a place alone is none (docs/field.md 3).
IN_SCOPE = frozenset({"facts", "eligibility", "repeat", "veto", "procedure"})
ABOUT_MARKS = "score"


class Route(StrEnum):
    """What the scope check suggests; a person decides."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    LEAD = "lead"

    @property
    def label(self) -> str:
        return {"accept": "建议受理", "refuse": "建议不予受理", "lead": "作为线索转监督员"}[self]


@dataclass(frozen=True)
class ObjectionFacts:
    """What was filed. ground: a Ground of the notice's models; statement: the facts as told.

    is_named: signed; contact: phone, address or mail; evidence: pieces named or attached.
    """

    filed_at: datetime
    ground: str
    statement: str
    is_named: bool
    name: str = ""
    contact: str = ""
    evidence: int = 0


@dataclass(frozen=True)
class Suggestion:
    """route, and the Chinese sentences for it; a refusal names everything that is wrong at once."""

    route: Route
    reasons: tuple[str, ...]


def scope(facts: ObjectionFacts, published_at: datetime, closes_at: datetime) -> Suggestion:
    """Check an objection against the scope a notice announces.

    In scope: in time, about facts or eligibility, with evidence. Disagreement with a score alone is none. An
    anonymous one within the scope is a lead for the supervisor and gets no reply; a signed one needs a name
    and a way to answer.
    """
    faults = []
    if facts.filed_at < published_at:
        faults.append("提交时公示尚未发布。")
    elif facts.filed_at >= closes_at:
        faults.append(f"提交时公示已于{moment_text(closes_at)}截止。")
    if facts.ground == ABOUT_MARKS:
        faults.append("只对得分或名次有不同意见，不属于异议范围。")
    elif facts.ground not in IN_SCOPE:
        faults.append("没有涉及材料真实性或参评资格。")
    if not facts.statement.strip():
        faults.append("没有写明事实。")
    if not facts.evidence:
        faults.append("没有提供证据或可以核查的线索。")
    if facts.is_named and not facts.name.strip():
        faults.append("实名异议没有署名。")
    if facts.is_named and not facts.contact.strip():
        faults.append("实名异议没有留联系方式，无法答复。")
    if faults:
        return Suggestion(Route.REFUSE, tuple(faults))
    if not facts.is_named:
        return Suggestion(Route.LEAD, ("匿名提交，作为线索由监督员核查，不作答复。",))
    return Suggestion(Route.ACCEPT, ("在公示期内实名提出，涉及事实或资格，并附证据。",))


def acceptance_due(calendar: Calendar, filed_at: datetime) -> date:
    """The last day to tell the objector whether the case is taken up: the 2nd working day after filing."""
    return calendar.add_working_days(local_date(filed_at), ACCEPT_DAYS)


def ruling_due(calendar: Calendar, accepted_at: datetime, *, extended: bool = False) -> date:
    """The last day to rule: the 10th working day after acceptance; one extension of as many again."""
    return calendar.add_working_days(local_date(accepted_at), RULING_DAYS * (2 if extended else 1))


@dataclass(frozen=True)
class Consequence:
    """What a ruling does to the entry.

    keeps: it goes back on notice, else it is not selected; corrects: its published text is put right;
    successor: the next in rank may move up, and then only with a notice of its own.
    """

    label: str
    keeps: bool
    corrects: bool
    successor: bool
    sentence: str


# By the outcome of the ruling, as the model stores it.
CONSEQUENCES: Mapping[str, Consequence] = {
    "not_upheld": Consequence("不成立", True, False, False, "异议不成立，维持公示结果。"),
    "partly": Consequence("部分成立", True, True, False, "异议部分成立，更正有关内容，保留拟入选资格。"),
    "upheld": Consequence("成立", False, False, True, "异议成立，取消拟入选资格；依次递补的，另行公示。"),
}


# Read aloud over the phone and copied by hand: no 0 O, 1 I L, 2 Z, 5 S, 8 B, 6 (G), U (V).
ALPHABET = "3479ACDEFGHJKMNPQRTVWXY"
CODE_LENGTH = 12
CODES = len(ALPHABET) ** CODE_LENGTH  # draw with secrets.randbelow(CODES): 54 bits
RECEIPT = re.compile(r"([A-Z0-9][A-Z0-9-]*)-YY-(\d{3,})")


def receipt_number(campaign: str, sequence: int) -> str:
    """The number an objection is known by, safe in an address: 2026-YY-007. Raises ValueError below 1."""
    if sequence < 1:
        raise ValueError("receipts are numbered from 1")
    return f"{campaign}-YY-{sequence:03d}"


def parse_receipt(text: str) -> tuple[str, int] | None:
    """Campaign code and sequence of a receipt as somebody typed it; None when it is none."""
    found = RECEIPT.fullmatch(_typed(text))
    return (found[1], int(found[2])) if found and int(found[2]) else None


def lookup_code(number: int) -> str:
    """The secret beside the receipt, from a number drawn below CODES, in groups: 3KMQ-7ACD-TVXY.

    Raises ValueError outside 0 … CODES − 1.
    """
    if not 0 <= number < CODES:
        raise ValueError("the number does not fit a lookup code")
    letters = []
    for _ in range(CODE_LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[digit])
    text = "".join(reversed(letters))
    return "-".join(text[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def normalise_lookup_code(text: str) -> str | None:
    """A code as typed (small letters, full-width, spaces, no dashes) as printed; None when it is none."""
    plain = _typed(text).replace("-", "")
    if len(plain) != CODE_LENGTH or set(plain) - set(ALPHABET):
        return None
    return "-".join(plain[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def _typed(text: str) -> str:
    """Without what was copied along: 查询码：3KMQ-…"""
    return fold(text).upper().rpartition(":")[2]
