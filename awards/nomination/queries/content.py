"""The content of a nomination: how complete it is, what its records say, what is frozen of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q

from awards import catalogue
from awards.campaign.models import Campaign
from awards.nomination.models import (
    Agreement,
    AttachmentKind,
    BlindState,
    Claim,
    Metric,
    Nomination,
    Submission,
)
from awards.nomination.rules.completeness import SectionState, completeness
from awards.nomination.rules.limits import FigureGap, claimed_vs_recorded
from awards.nomination.rules.measured import measured_by
from awards.nomination.rules.text_limits import TextLimits
from awards.scoring.numbers import plain
from services import queries as log
from services.models.logged import LogState
from units.kit.fields import column
from units.kit.status import Mark
from units.models import Unit, UnitAlias
from units.naming import called

if TYPE_CHECKING:
    from awards.nomination.models import WithRows


def limits_of(campaign: Campaign) -> TextLimits:
    return TextLimits(campaign.title_limit, campaign.summary_limit, campaign.body_limit)


def answers_of(
    nomination: Nomination, *, claims: int | None = None, cited: int | None = None, sealed: bool | None = None
) -> dict[str, Any]:
    """Item code → answer, as the rules of completeness ask. Counts a page has already are not asked again."""
    if claims is None:
        claims = nomination.claims.count()
    if cited is None:
        cited = nomination.evidence.filter(activity__state=LogState.REVIEWED).count()
    if sealed is None:
        sealed = nomination.attachments.present().filter(kind=AttachmentKind.SEALED).exists()
    answers = {name: getattr(nomination, name) for name in catalogue.codes()}
    return answers | {"claims": [True] * claims, "evidence": [True] * cited, "sealed": sealed}


def form_state(nomination: Nomination, **counts: Any) -> list[SectionState]:
    """The map of the form: each section with what is done and what is missing."""
    return completeness(
        nomination.category.letter,
        answers_of(nomination, **counts),
        limits=limits_of(nomination.campaign),
    )


def recorded_figures(activities: Iterable[int]) -> dict[Metric, Decimal]:
    """What the log vouches for among these activities (keys or a queryset of keys); reviewed ones only."""
    return {Metric(name): figure for name, figure in log.recorded_figures(activities).items()}


@dataclass(frozen=True)
class ClaimLine:
    """One claimed figure beside the recorded one; `gap` is None where the log has nothing to say."""

    claim: Claim
    gap: FigureGap | None

    @property
    def marks(self) -> tuple[Agreement | Mark | None, Agreement | None]:
        """Of the figure, where the log knows it, and of its source, where none is named."""
        return Agreement.of(
            self.gap
        ) if self.gap else None, None if self.claim.source else Agreement.NO_SOURCE


def claim_lines(claims: Iterable[Claim], recorded: dict[Metric, Decimal]) -> list[ClaimLine]:
    return [
        ClaimLine(
            claim,
            None
            if measured == Metric.OTHER
            else claimed_vs_recorded(claim.value, recorded[Metric(measured)]),
        )
        for claim in claims
        for measured in [measured_by(claim.metric, claim.indicator, claim.measure)]
    ]


def _blank(name: str) -> Any:
    return column(Nomination, name).get_default()


def _plain(value: Any) -> Any:
    """A value as canonical JSON keeps it: figures as decimal text, days as 2026-11-06."""
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else value


def files_of(nomination: WithRows, *, removed: bool = False) -> list[dict[str, Any]]:
    """The files of a nomination read `with_rows`, each with the name of its kind and its BlindState."""
    return [
        row
        | {
            "kind_label": AttachmentKind(row["kind"]).label,
            "mark": BlindState.of(
                claimed=row["blind_claimed"], cleared=row["blind_ok"], settled=row["blind_settled"]
            ),
        }
        for row in nomination.attachment_rows
        if removed or not row["removed"]
    ]


def files_handed_over(
    nomination: WithRows, submissions: Iterable[Submission], *, removed: bool = False
) -> list[dict[str, Any]]:
    """Those that one of the submissions lists: what the unit adds until the next one is nobody else's."""
    listed = {row["slug"] for submission in submissions for row in submission.content["attachments"]}
    return [row for row in files_of(nomination, removed=removed) if row["slug"] in listed]


def working_content(nomination: Nomination) -> dict[str, Any]:
    """What a submission would hold now, without partners and files: a page has those beside it.

    What only other categories are asked stays out, though an earlier choice of category may have left it.
    activities: only what the office has reviewed, each with its figures of this moment; recorded: their
    sums. JSON values only, figures as text.
    """
    cited = nomination.evidence.filter(activity__state=LogState.REVIEWED).select_related("activity__unit")
    activities = [row.activity for row in cited]
    recorded = recorded_figures([activity.pk for activity in activities])
    blank = catalogue.left_out(nomination.category.letter)
    return {
        **{name: _plain(_blank(name) if name in blank else getattr(nomination, name)) for name in catalogue.codes()},
        "campaign": nomination.campaign.code,
        "category": nomination.category.letter,
        "unit": {"slug": nomination.unit.slug, "name": nomination.unit.name},
        "claims": [
            {
                "metric": claim.metric, "indicator": claim.indicator, "before": claim.before,
                "value": plain(claim.value), "measure": claim.measure, "source": claim.source, "explanation": claim.explanation,
            }
            for claim in nomination.claims.all()
        ],
        "activities": [frozen_activity(activity) for activity in activities],
        "recorded": {str(metric): plain(figure) for metric, figure in recorded.items()},
    }  # fmt: skip


def frozen_content(nomination: Nomination) -> dict[str, Any]:
    """The content of a submission: the form's answers flat under their names, and its rows as lists.

    Partners are named only once they confirmed; files by name and digest.
    """
    return working_content(nomination) | {
        "partners": [
            {"slug": partner.unit.slug, "name": partner.unit.name, "share": partner.share}
            for partner in nomination.partners.confirmed().select_related("unit")
        ],
        "attachments": [
            {
                "slug": file.slug, "kind": file.kind, "name": file.name, "size": file.size,
                "sha256": file.sha256, "blind_claimed": file.blind_claimed,
            }
            | ({"text": file.stamped_text} if file.stamped_text else {})
            for file in nomination.attachments.present()
        ],
    }  # fmt: skip


def frozen_activity(activity) -> dict[str, Any]:
    """One cited activity with its recorded figures; the blind cut leaves out unit, place and target."""
    return {
        "slug": activity.slug,
        "kind": activity.kind,
        "happened_on": activity.happened_on.isoformat(),
        "subject": activity.subject,
        "unit": activity.unit.name,
        "place": activity.place,
        "target": activity.target,
        "summary": activity.summary,
        "outcome": activity.outcome,
        **{name: _plain(getattr(activity, name)) for name in log.SUMMED},
    }


def identity_names(nomination: Nomination, content: Mapping[str, Any]) -> list[str]:
    """Every name by which a reader of `content` could tell whose work it is: units, aliases, people.

    The lead unit with its whole organization, and the partners with theirs, confirmed or not. One question.
    """
    asked = nomination.partners.not_declined().values("unit__top")
    units = Unit.objects.filter(Q(top=nomination.unit.top_id) | Q(top__in=asked) | Q(pk=nomination.unit_id))
    aliases = UnitAlias.objects.filter(unit=OuterRef("pk")).values("name")
    rows = units.order_by().values_list("name", "short_name", ArraySubquery(aliases))
    names = {name for full, short, others in rows for name in called((full, short, *others))}
    people = [one.code for one in catalogue.typed(blind="person") if one.kind != "phone"]
    names.update(str(content.get(name) or "") for name in people)
    return sorted(name for name in names if name.strip())
