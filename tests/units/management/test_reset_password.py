"""The emergency door: a reason is named, and whoever watches sees it for 30 days."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories import CampaignFactory, OfficeFactory, SupervisorFactory, SysadminFactory
from tests.factories.units import AuditorFactory, SecadminFactory
from units.audit.events import Event
from units.audit.models import AuditEntry
from units.todos import _emergency_tasks

pytestmark = pytest.mark.django_db
TOLD = "应急重置了"


def test_no_reason_no_reset():
    person = SecadminFactory()
    for reason in ([], ["--reason", " "]):
        with pytest.raises(CommandError):
            call_command("reset_password", person.username, *reason)
    assert not AuditEntry.objects.exists()


def test_everybody_who_watches_reads_it_on_the_own_desk_for_30_days(client):
    CampaignFactory(opened_at=timezone.now())
    person, said = SecadminFactory(), StringIO()
    call_command("reset_password", person.username, "--reason", "安全管理员病休，另一人出差", stdout=said)

    person.refresh_from_db()
    assert person.check_password(said.getvalue().split()[1])
    entry = AuditEntry.objects.get(event=Event.PASSWORD_RESET)
    assert (entry.actor_name, entry.reason) == ("system", "安全管理员病休，另一人出差")
    for make in (SysadminFactory, SecadminFactory, AuditorFactory, SupervisorFactory):
        client.force_login(make())
        page = client.get("/").content.decode()
        assert TOLD in page, make
        assert "安全管理员病休" in page
    client.force_login(OfficeFactory())
    assert TOLD not in client.get("/").content.decode()
    assert _emergency_tasks(timezone.now() + timedelta(days=29))
    assert not _emergency_tasks(timezone.now() + timedelta(days=31))
