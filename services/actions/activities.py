"""An activity with what hangs on it: the details of its kind, the units that took part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from services.actions.rows import locked_for_change, log_row, plain_values, write
from services.models.activities import DETAIL_MODELS, DETAIL_NAMES, Activity, ActivityUnit, ServiceKind
from units.models import Unit, User


@transaction.atomic
def log_activity(
    activity: Activity, *, detail: Mapping[str, Any], joint_units: Iterable[Unit] = (), actor: User
) -> Activity:
    """Save a new activity with the details of its kind and the units that took part."""
    log_row(activity, actor=actor)
    DETAIL_MODELS[ServiceKind(activity.kind)].objects.create(activity=activity, **detail)
    _set_joint_units(activity, joint_units)
    return activity


@transaction.atomic
def change_activity(
    activity: Activity,
    *,
    values: Mapping[str, Any],
    detail: Mapping[str, Any],
    joint_units: Iterable[Unit],
    version: int,
    actor: User,
) -> Activity:
    """Write an open activity anew, its details and its joint units with it. Raises as change_row."""
    activity = locked_for_change(activity, version, *DETAIL_NAMES)
    row = activity.detail or DETAIL_MODELS[ServiceKind(activity.kind)](activity=activity)
    before = plain_values(row)
    for name, value in detail.items():
        setattr(row, name, value)
    after = plain_values(row)
    also = {name: (before[name], after[name]) for name in detail if before[name] != after[name]}
    if also or row._state.adding:
        row.save()
    units = _set_joint_units(activity, joint_units)
    if units[0] != units[1]:
        also["joint_units"] = units
    write(activity, values, actor, **also)
    return activity


def _set_joint_units(activity: Activity, units: Iterable[Unit]) -> tuple[list[str], list[str]]:
    """Make these, and never the unit itself, the units that took part; gives their codes (before, after)."""
    wanted = {unit.pk: unit.slug for unit in units if unit.pk != activity.unit_id}
    there = dict(activity.joint_units.values_list("unit_id", "unit__slug"))
    if there.keys() - wanted.keys():
        activity.joint_units.exclude(unit__in=wanted).delete()
    new = [ActivityUnit(activity=activity, unit_id=pk) for pk in wanted if pk not in there]
    if new:
        ActivityUnit.objects.bulk_create(new)
    return sorted(there.values()), sorted(wanted.values())
