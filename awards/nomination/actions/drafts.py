"""Beginning a nomination and saving what is typed. Saving is no act of its own and leaves no audit entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from awards.campaign.models import Campaign, Category, Phase
from awards.catalogue import codes, every_answer, typed
from awards.errors import StageError
from awards.nomination.actions.opening import closed_sentence, locked_for
from awards.nomination.models import Claim, Evidence, Nomination
from awards.nomination.queries.opening import open_parts
from services.models.activities import Activity
from units.audit.events import Event
from units.audit.record import record
from units.errors import StaleVersion
from units.models import Unit, User

CLAIM_FIELDS = ("metric", "indicator", "before", "value", "measure", "source", "explanation")


@transaction.atomic
def start_nomination(
    *, campaign: Campaign, category: Category, unit: Unit, actor: User, source: Nomination | None = None
) -> Nomination:
    """Begin a draft, blank or with the text of an earlier nomination.

    source: its texts and claimed figures are copied; records, files, partners and pledge are not.
    Raises StageError when the year takes no more nominations or the unit has no part in it.
    """
    dates = campaign.phase(Phase.NOMINATION)
    if not campaign.opened_at or dates is None:
        raise StageError("本年度评选尚未启动，不能新建申报。")
    if timezone.now() > dates.closes_at:
        raise StageError("申报已截止，不能新建申报。")
    if unit.top_id is None or not unit.path.startswith(campaign.organiser.path):
        raise StageError(f"{unit}不在本次评选的申报范围内。")
    if category.campaign_id != campaign.pk:
        raise StageError("所选类别不属于本年度评选。")
    texts = {name: getattr(source, name) for name in codes(typed(copied=True))} if source else {}
    nomination = Nomination(campaign=campaign, category=category, unit=unit, created_by=actor, **texts)
    nomination.save(force_insert=True)
    if source:
        # An explanation speaks of the records cited then.
        _write_claims(nomination, [row | {"explanation": ""} for row in source.claims.values(*CLAIM_FIELDS)])
    record(
        Event.NOMINATION_STARTED,
        actor=actor,
        target=nomination,
        after={"category": category.letter, "unit": str(unit), "source": source.key if source else ""},
    )
    return nomination


@transaction.atomic
def save_draft(nomination: Nomination, values: Mapping[str, Any], *, version: int, actor: User) -> Nomination:
    """Write what the form sends, as far as it is open, and raise the version when anything changed.

    values: fields of the form, `category`, and `claims` as the whole list of rows; what is left out stays.
    Raises StaleVersion when somebody saved since `version` was read, StageError when a closed part was
    changed.
    """
    nomination = locked_for(nomination, *every_answer())
    if nomination.version != version:
        raise StaleVersion
    changed = [name for name in codes() if name in values and getattr(nomination, name) != values[name]]
    if "category" in values and nomination.category_id != values["category"].pk:
        changed.append("category")
    claims = _changed_claims(nomination, values.get("claims"))
    _ask_whether_open(nomination, changed + (["claims"] if claims is not None else []))
    if not changed and claims is None:
        return nomination
    for name in changed:
        setattr(nomination, name, values[name])
    nomination.version += 1
    nomination.save(update_fields=[*changed, "version", "updated_at"])
    if claims is not None:
        nomination.claims.all().delete()
        _write_claims(nomination, claims)
    return nomination


def _ask_whether_open(nomination: Nomination, changed: Iterable[str]) -> None:
    opened = open_parts(nomination)
    for name in changed:
        if name == "category":
            if nomination.code:
                raise StageError("申报编号已生成，不能更改类别。")
        elif name not in opened:
            raise StageError(closed_sentence(nomination, name))


def _changed_claims(
    nomination: Nomination, claims: Sequence[Mapping[str, Any]] | None
) -> list[dict[str, Any]] | None:
    """The rows to write in place of the old ones; None when they are not sent, or the same."""
    if claims is None:
        return None
    rows = [{name: claim.get(name) or "" for name in CLAIM_FIELDS} for claim in claims]
    rows = [row | {"value": claim["value"]} for row, claim in zip(rows, claims, strict=True)]
    return None if rows == list(nomination.claims.values(*CLAIM_FIELDS)) else rows


def _write_claims(nomination: Nomination, rows: Iterable[Mapping[str, Any]]) -> None:
    Claim.objects.bulk_create(
        Claim(nomination=nomination, order=order, **row) for order, row in enumerate(rows)
    )


@transaction.atomic
def cite_activities(
    nomination: Nomination, *, add: Iterable[int] = (), drop: Iterable[int] = (), actor: User
) -> None:
    """Cite some activities and let go of others, by key; both sets may hold what is so already.

    Only reviewed rows of the own organization, or joint work it took part in, can be cited.
    """
    nomination = locked_for(nomination, "evidence")
    wanted = set(add)
    citable = Activity.objects.citable_by(nomination.unit).reviewed().filter(pk__in=wanted)
    if wanted - set(citable.values_list("pk", flat=True)):
        raise StageError("所选记录中有未审核的，或不属于本单位的记录，不能引用。请刷新页面后重选。")
    nomination.evidence.filter(activity__in=set(drop) - wanted).delete()
    Evidence.objects.bulk_create(
        [Evidence(nomination=nomination, activity_id=pk) for pk in sorted(wanted)], ignore_conflicts=True
    )
