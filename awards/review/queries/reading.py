"""What a reviewer reads of an entry. In a blind stage names are gone before anything leaves this module.

From the frozen submission only the parts listed here are asked for: names and phones of people stay in
the database, except as needles that hide them from the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from awards.catalogue import codes, label_of, typed
from awards.nomination.models import (
    Agreement,
    Attachment,
    AttachmentKind,
    BlindCorrection,
    Metric,
    Submission,
)
from awards.nomination.queries.answers import answer, day_text, facts
from awards.nomination.rules.measured import OTHER, measured_by
from awards.panel.models import LIVE_STAGES, Assignment
from awards.screening.rules.blindness import MAIL, PHONE, find_identity, mask
from services.models.activities import ServiceKind
from services.queries import SUMMED
from units.kit.differences import Change, differences
from units.kit.status import Mark
from units.models import Unit, UnitAlias
from units.naming import called

BREAK = "\ue000"  # between texts that are searched together; no text keeps one of its own


@dataclass(frozen=True)
class Piece:
    """A stretch of text; a hidden one holds the word that stands for a name."""

    text: str
    hidden: bool = False


Pieces = list[Piece]


@dataclass(frozen=True)
class Passage:
    """One part of the entry, paragraph by paragraph."""

    code: str
    label: str
    paragraphs: list[Pieces]


@dataclass(frozen=True)
class Figure:
    """A claimed figure beside the recorded one; `mark` says how they relate."""

    label: Pieces
    before: str
    claimed: Decimal
    measure: str
    source: Pieces
    recorded: Decimal | None
    mark: Agreement | Mark


@dataclass(frozen=True)
class CitedActivity:
    """One cited record: what and when and how much, neither who nor where."""

    kind: str
    happened_on: str
    subject: Pieces
    figures: str


@dataclass(frozen=True)
class File:
    """One attachment; in a blind stage its own name is not shown, for it may name the unit."""

    slug: str
    label: str
    size: int


@dataclass(frozen=True)
class Correction:
    """A file opened or closed while reviewers were reading: when, which, and why."""

    at: datetime
    told: str
    reason: Pieces


@dataclass(frozen=True)
class Reading:
    """An entry as this reviewer may read it."""

    submission: int
    number: int
    is_blind: bool
    title: Pieces
    unit: str
    passages: list[Passage]
    facts: list[tuple[str, str]]
    figures: list[Figure]
    activities: list[CitedActivity]
    files: list[File]
    corrections: list[Correction]


def is_blind(stage: str) -> bool:
    return stage not in LIVE_STAGES


def read_submission(desk: Assignment, submission: int | None = None) -> Reading:
    """The newest submission of a desk's entry (or this older one, by key) in this reviewer's cut."""
    blind = is_blind(desk.panel.stage)
    shown = Attachment.objects.filter(nomination=OuterRef("nomination")).present().order_by("pk")
    shown = shown.filter(blind_ok=True) if blind else shown.exclude(kind=AttachmentKind.SEALED)
    late = BlindCorrection.objects.filter(attachment__nomination=OuterRef("nomination")).order_by("pk")
    found = Submission.objects.filter(nomination=desk.nomination_id)
    if submission is not None:
        found = found.filter(pk=submission)
    row = (
        found.annotate(
            files=ArraySubquery(
                shown.values(one=JSONObject(slug="slug", kind="kind", name="name", size="size"))
            ),
            late=ArraySubquery(
                late.values(
                    one=JSONObject(
                        slug="attachment__slug", kind="attachment__kind", ok="ok", reason="reason", at="at"
                    )
                )
            ),
        )
        .order_by("-number")
        .values("pk", "number", "content", "files", "late")[0]
    )
    content = row["content"]
    names = identity_names(desk.panel.campaign.organiser) if blind else []
    people = [str(content.get(key) or "") for key in codes(typed(blind="person"))] if blind else []
    texts = _Texts(names, people)
    parts = {one.code: texts.add(answer(one, content)) for one in typed(blind="masked")}
    claims = [_claim_texts(texts, claim) for claim in content.get("claims") or []]
    cited = [(one, texts.add(one.get("subject"))) for one in content.get("activities") or []]
    late = [(one, texts.add(one["reason"])) for one in (row["late"] or [] if blind else [])]
    texts.close()
    recorded = content.get("recorded") or {}
    files = _files(row["files"] or [], blind)
    return Reading(
        submission=row["pk"],
        number=row["number"],
        is_blind=blind,
        title=texts[parts[typed(kind="title")[0].code]],
        unit="" if blind else str(desk.nomination.unit.name),
        passages=[
            Passage(one.code, one.label, paragraphs(texts[parts[one.code]]))
            for one in typed(kind="text", blind="masked")
            if content.get(one.code)
        ],
        facts=_facts(content | {code: words_of(texts[place]) for code, place in parts.items()}),
        figures=[_figure(claim, [texts[place] for place in places], recorded) for claim, places in claims],
        activities=[_activity(one, texts[at]) for one, at in cited],
        files=files,
        corrections=[_correction(one, texts[at], files) for one, at in late],
    )


# ---- names ----


def identity_names(organiser: Unit) -> list[str]:
    """Every name by which a unit of the committee may be called, what it is shortened to included."""
    aliases = UnitAlias.objects.filter(unit=OuterRef("pk")).values("name")
    rows = Unit.objects.below(organiser).annotate(others=ArraySubquery(aliases)).order_by()
    names: set[str] = set()
    for name, short_name, others in rows.values_list("name", "short_name", "others"):
        names |= called((name, short_name, *(others or [])))
    return sorted(names)


def masked_texts(texts: Iterable[str], organiser: Unit) -> list[Pieces]:
    """Several short texts (the titles of a queue) with the names of units hidden, in one search."""
    kept = _Texts(identity_names(organiser), [])
    places = [kept.add(text) for text in texts]
    kept.close()
    return [kept[place] for place in places]


class _Texts:
    """Texts that are searched together: folding three hundred names once is what takes the time."""

    def __init__(self, names: Sequence[str], people: Sequence[str]):
        self.people = {one for one in people if one.strip()}
        self.needles = [*names, *self.people]
        self.texts: list[str] = []
        self.masked: list[Pieces] = []

    def add(self, text: Any) -> int:
        self.texts.append(str(text or "").replace(BREAK, "").replace("\r\n", "\n"))
        return len(self.texts) - 1

    def close(self) -> None:
        whole = BREAK.join(self.texts)
        spans = find_identity(whole, self.needles) if self.needles else []
        words = iter(self._word(span.name) for span in spans)
        current: Pieces = []
        self.masked = [current]
        for segment in mask(whole, spans):
            if segment.hidden:
                current.append(Piece(next(words), hidden=True))
                continue
            first, *others = segment.text.split(BREAK)
            if first:
                current.append(Piece(first))
            for text in others:
                current = [Piece(text)] if text else []
                self.masked.append(current)

    def _word(self, name: str) -> str:
        if name in (MAIL, PHONE):
            return "某邮箱" if name == MAIL else "某电话"
        return "某人" if name in self.people else "某单位"

    def __getitem__(self, place: int) -> Pieces:
        return self.masked[place]


def paragraphs(pieces: Pieces) -> list[Pieces]:
    """The text cut at its line ends, empty lines left out."""
    found: list[Pieces] = [[]]
    for piece in pieces:
        first, *others = [piece.text] if piece.hidden else piece.text.split("\n")
        if first:
            found[-1].append(Piece(first, piece.hidden))
        for text in others:
            found.append([Piece(text)] if text.strip() else [])
    return [one for one in found if one]


def words_of(pieces: Pieces) -> str:
    return "".join(piece.text for piece in pieces)


# ---- figures, records, files ----


# What a unit types into a claim, all of it searched for names.
CLAIM_TEXTS = ("indicator", "source", "before", "measure")


def _claim_texts(texts: _Texts, claim: dict[str, Any]) -> tuple[dict[str, Any], list[int]]:
    return claim, [texts.add(claim.get(name)) for name in CLAIM_TEXTS]


def _figure(claim: dict[str, Any], pieces: list[Pieces], recorded: dict[str, Any]) -> Figure:
    label, source, before, measure = pieces
    claimed = Decimal(str(claim.get("value") or 0))
    known = recorded.get(
        measured_by(claim.get("metric") or OTHER, claim.get("indicator") or "", claim.get("measure") or "")
    )
    log = None if known is None else Decimal(str(known))
    return Figure(
        label=label,
        before=words_of(before),
        claimed=claimed.normalize(),
        measure=words_of(measure),
        source=source,
        recorded=None if log is None else log.normalize(),
        mark=_verdict(claimed, log),
    )


def _verdict(claimed: Decimal, recorded: Decimal | None) -> Agreement | Mark:
    if recorded is None:
        return Agreement.NOT_COUNTED
    if claimed == recorded:
        return Agreement.AGREES.said("一致")
    if claimed < recorded:
        return Agreement.NOT_COUNTED.said("少于记录")
    if not recorded:
        return Agreement.NOT_RECORDED.said("记录为零")
    over = (claimed - recorded) * 100 / recorded
    return Agreement.DIFFERS.said(f"多于记录{over:.1f}%")


def _facts(content: dict[str, Any]) -> list[tuple[str, str]]:
    """What the rubric needs of the short answers; nothing that says who or where. Names are hidden in it already."""
    told = [one for one in typed() if one.blind in ("shown", "masked") and one.kind != "title"]
    return [(fact.label, fact.text) for fact in facts(content, fields=told) if fact.text]


def _activity(one: dict[str, Any], subject: Pieces) -> CitedActivity:
    figures = [(Metric(name).label, one[name]) for name in SUMMED if one.get(name) not in (None, "", "0", 0)]
    return CitedActivity(
        kind=str(ServiceKind(one["kind"]).label) if one.get("kind") else "",
        happened_on=day_text(one["happened_on"]) if one.get("happened_on") else "",
        subject=subject,
        figures="，".join(f"{label}{value}" for label, value in figures),
    )


def _files(rows: list[dict[str, Any]], blind: bool) -> list[File]:
    files = []
    for number, row in enumerate(rows, start=1):
        ending = row["name"].rpartition(".")[2].lower()
        label = f"附件{number} {AttachmentKind(row['kind']).label}（{ending}）" if blind else row["name"]
        files.append(File(row["slug"], label, row["size"]))
    return files


# ---- what changed ----


def what_changed(old: Reading, new: Reading) -> list[Change]:
    """What changed between two submissions, in what this reviewer may read of them."""
    return differences(_as_texts(old), _as_texts(new))


def _as_texts(reading: Reading) -> dict[str, str]:
    figures = "；".join(f"{words_of(one.label)} {one.claimed:f}{one.measure}" for one in reading.figures)
    title = {typed(kind="title")[0].label: words_of(reading.title)}
    passages = {one.label: "\n".join(words_of(part) for part in one.paragraphs) for one in reading.passages}
    return title | passages | dict(reading.facts) | {label_of("claims"): figures}


def _correction(one: dict[str, Any], reason: Pieces, files: list[File]) -> Correction:
    label = next(
        (file.label for file in files if file.slug == one["slug"]), AttachmentKind(one["kind"]).label
    )
    told = f"{label}{'可以查看' if one['ok'] else '不再提供'}"
    return Correction(datetime.fromisoformat(one["at"]), told, reason)


# ---- attachments ----


def attachments_open_to(user) -> QuerySet[Attachment]:
    """Files this reviewer may fetch: of own live entries; in blind stages those cleared for it alone.

    `is_blind_here`: the reviewer has not reached an open stage with this entry.
    """
    desks = Assignment.objects.visible_to(user).filter(nomination=OuterRef("nomination"))
    heard = Exists(desks.filter(panel__stage__in=LIVE_STAGES))
    return (
        Attachment.objects.present()
        .annotate(is_blind_here=~heard)
        .filter(Q(Exists(desks), blind_ok=True) | (Q(heard) & ~Q(kind=AttachmentKind.SEALED)))
    )
