"""Two people in the same second."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from awards.campaign.actions.opening import open_campaign
from awards.campaign.actions.rule import lock_rule
from awards.campaign.actions.start import create_campaign
from awards.campaign.models import ScoringRule, UnitQuota
from awards.campaign.queries.rule import rule_in_force
from tests.factories.units import CommitteeFactory, UnitFactory
from units.audit.events import Event
from units.audit.models import AuditEntry

pytestmark = pytest.mark.commits


def new_campaign():
    return create_campaign(code="2026", title="评选", year=2026, organiser=CommitteeFactory(), actor=None)


def recorded(event):
    return AuditEntry.objects.filter(event=event).count()


def at_once(function, count=2):
    """Run the same thing in several threads, each with a connection of its own; the results in order."""

    def run(_):
        try:
            return function()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_two_openings_in_the_same_second_make_one():
    UnitFactory()
    campaign = new_campaign()

    at_once(lambda: open_campaign(campaign, actor=None))

    assert UnitQuota.objects.count() == 1
    assert recorded(Event.CAMPAIGN_OPENED) == 1


def test_two_first_sheets_lock_the_rule_once():
    rule = rule_in_force(new_campaign())

    found = at_once(lambda: lock_rule(ScoringRule.objects.get(pk=rule.pk), actor=None).locked_at)

    assert found[0] == found[1] is not None
    assert recorded(Event.RULE_LOCKED) == 1
