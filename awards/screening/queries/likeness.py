"""Other files like this one, of this year and of earlier ones: candidates found in SQL, judged by rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Greatest

from awards.catalogue import long_texts
from awards.nomination.models import Nomination, Submission
from awards.nomination.rules.codes import code_key
from awards.screening.rules.similarity import SIMILAR_FROM, alike, similarity
from awards.states import State
from units.moments import chinese_date
from units.papers.typesetting import in_quotes

CANDIDATES = 20


@dataclass(frozen=True)
class Similar:
    """Another file. title_percent, text_percent: how much of title and text they share, 0 to 100.

    banned_until: of a revoked result, the last day on which the same work may not be put forward again.
    """

    code: str
    title: str
    unit: str
    campaign_code: str
    category: str
    state: str
    is_own: bool
    title_percent: int
    text_percent: int
    banned_until: date | None = None

    @property
    def sentence(self) -> str:
        what = f"内容相似{self.text_percent}%" if self.text_percent else f"名称相近{self.title_percent}%"
        until = self.banned_until
        ban = f"，同一成果限报至{chinese_date(until)}" if until else ""
        return f"与{self.code}{in_quotes(self.title)}（{self.unit}，{State(self.state).label}）{what}{ban}。"


def similar_files(nomination: Nomination, content: Mapping[str, Any]) -> list[Similar]:
    """Files whose title or text is at least half like this one's, most alike first; one question.

    The trigram indexes find titles or summaries that look alike, the nearest CANDIDATES of them; then the
    whole texts are compared. Drafts are nobody's business and never among them.
    """
    title, summary = (str(content.get(name) or "") for name in ("title", "summary"))
    near = Greatest(TrigramSimilarity("title", title), TrigramSimilarity("summary", summary))
    newest = Submission.objects.filter(nomination=OuterRef("pk")).order_by("-number")
    rows = (
        Nomination.objects.filter(Q(title__trigram_similar=title) | Q(summary__trigram_similar=summary))
        .filter(code__isnull=False)
        .filter(campaign__organiser=nomination.campaign.organiser_id, campaign__is_scratch=False)
        .exclude(pk=nomination.pk)
        .annotate(near=near, content=Subquery(newest.values("content")[:1]))
        .order_by("-near", "pk")
    )
    columns = (
        "pk",
        "code",
        "title",
        "unit__top",
        "unit__short_name",
        "campaign__code",
        "category__name",
        "state",
    )
    columns += ("result__banned_until",)
    rows = {row["pk"]: row for row in rows.values(*columns, "near", "content")[:CANDIDATES]}
    texts = {pk: _text(row["content"] or {}) for pk, row in rows.items()}
    shares = {like.key: like.percent for like in alike(_text(content), texts)}
    found = [_similar(nomination, title, row, shares.get(pk, 0)) for pk, row in rows.items()]
    kept = [one for one in found if one.text_percent or one.title_percent >= SIMILAR_FROM * 100]
    return sorted(kept, key=lambda one: (-one.text_percent, -one.title_percent, code_key(one.code)))


def _text(content: Mapping[str, Any]) -> str:
    return "\n".join(str(content.get(name) or "") for name in long_texts())


def _similar(nomination: Nomination, title: str, row: dict[str, Any], text_percent: int) -> Similar:
    # A winner of the years before the portal was never submitted here; it has its title alone.
    other = str((row["content"] or row).get("title") or "")
    return Similar(
        code=row["code"],
        title=other,
        unit=row["unit__short_name"],
        campaign_code=row["campaign__code"],
        category=row["category__name"],
        state=row["state"],
        is_own=row["unit__top"] == nomination.unit.top_id,
        title_percent=int(similarity(title, other) * 100),
        text_percent=text_percent,
        banned_until=row["result__banned_until"],
    )
