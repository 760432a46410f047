"""The year's scoring rule: changed while nobody has marked by it, locked by the first mark."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from awards.campaign.models import ScoringRule
from units.audit.events import Event
from units.audit.record import record
from units.models import User


def lock_rule(rule: ScoringRule, *, actor: User | None) -> ScoringRule:
    """Lock the rule a mark was handed in under; a locked one costs no question.

    The row is locked first: of two reviewers who hand in their first sheets in the same second one
    writes the time and the entry in the log, and a change of the rubric under way is waited for.
    """
    if rule.locked_at:
        return rule
    with transaction.atomic():
        rule = ScoringRule.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=rule.pk)
        if rule.locked_at is None:
            rule.locked_at = timezone.now()
            rule.save(update_fields=["locked_at"])
            record(Event.RULE_LOCKED, actor=actor, target=rule, after={"version": rule.version})
    return rule
