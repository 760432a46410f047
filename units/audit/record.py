"""The one way into the log: `record()` for an act, `record_all()` for the same act on many things."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import Model
from django.utils import timezone

from units.audit.context import current
from units.audit.events import Event
from units.audit.models import AuditEntry

# Fields whose values are personal: the log keeps a keyed digest, enough to see that they changed.
PERSONAL_FIELDS = frozenset(
    {
        "name", "mobile", "office_phone", "email", "phone", "contact", "contact_name", "contact_phone",
        "leader_name", "leader_phone", "facts", "evidence",
    }
)  # fmt: skip


def digest_of(value: Any) -> str:
    """A short keyed digest of a personal value: equal values look equal, nobody reads them back."""
    key = settings.SECRET_KEY.encode()
    return "hmac:" + hmac.new(key, str(value).encode(), hashlib.sha256).hexdigest()[:16]


def veiled(values: dict[str, Any] | None) -> dict[str, Any]:
    """The values as the log may keep them: plain text, personal ones as keyed digests."""
    kept = {}
    for name, value in (values or {}).items():
        if name in PERSONAL_FIELDS and value not in (None, ""):
            kept[name] = digest_of(value)
        elif value is None or isinstance(value, bool | int | str):
            kept[name] = value
        elif isinstance(value, list | tuple | set | frozenset):
            kept[name] = [str(item) for item in value]
        else:
            kept[name] = str(value)
    return kept


def target_columns(target: Model | str | None) -> dict[str, str]:
    """kind, key and text of what an act was about; a nomination is known by its code or slug."""
    if target is None:
        return {}
    if isinstance(target, str):
        return {"target": target[:200]}
    key = next(
        (getattr(target, name) for name in ("code", "slug", "username") if getattr(target, name, None)),
        target.pk,
    )
    return {
        "target_kind": target._meta.model_name,
        "target_key": str(key)[:80],
        "target": str(target)[:200],
    }


def campaign_code(target: Model | str | None) -> str:
    """The code of the campaign a target belongs to, if it knows one without asking the database."""
    if target is None or isinstance(target, str):
        return ""
    if target._meta.model_name == "campaign":
        return target.code
    if "campaign" in target._state.fields_cache:
        return target.campaign.code
    code = getattr(target, "code", None) or ""
    return code.rsplit("-", 2)[0] if target._meta.model_name == "nomination" and code else ""


@dataclass(frozen=True)
class Act:
    """One of several acts done together: what it was about, what changed, who approved it."""

    target: Model | str | None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    second_actor: Model | None = None


def record(
    event: Event,
    *,
    actor,
    target: Model | str | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    second_actor=None,
    act_id: UUID | None = None,
    campaign: str = "",
) -> AuditEntry:
    """Append one entry, in the caller's transaction, taking no lock.

    actor: a User, or None for the clock (`system`); pass `actor="public"` for a visitor.
    before/after: field name → value; personal values are stored as keyed digests.
    """
    act = Act(target, before, after, second_actor)
    entry = _entry(event, act, actor=actor, reason=reason, act_id=act_id, campaign=campaign)
    entry.save(force_insert=True)
    return entry


def record_all(
    event: Event,
    acts: Iterable[Act],
    *,
    actor,
    reason: str = "",
    act_id: UUID | None = None,
    campaign: str = "",
) -> list[AuditEntry]:
    """Append one entry for each act, all in one INSERT; several share an `act_id`, made here unless given.

    Otherwise as `record`: same transaction, no lock. The rows carry one transaction number and keys in the
    order of `acts`, which is the order in which they are sealed.
    """
    acts, at = list(acts), timezone.now()
    act_id = act_id or (uuid4() if len(acts) > 1 else None)
    return AuditEntry.objects.bulk_create(
        _entry(event, act, actor=actor, reason=reason, act_id=act_id, campaign=campaign, at=at)
        for act in acts
    )


def _entry(event: Event, act: Act, *, actor, reason: str, act_id, campaign: str, at=None) -> AuditEntry:
    context = current()
    person = actor if isinstance(actor, Model) and actor.pk else None
    name = str(person) if person else (actor if isinstance(actor, str) else "system")
    return AuditEntry(
        at=at or timezone.now(),
        actor=person,
        actor_name=name[:80],
        post=str(context.post),
        address=context.address,
        request_id=context.request_id,
        event=event,
        before=veiled(act.before),
        after=veiled(act.after),
        reason=reason[:5000],
        second_actor=act.second_actor or (context.second if person != context.second else None),
        act_id=act_id,
        campaign=campaign or campaign_code(act.target),
        **target_columns(act.target),
    )
