from io import StringIO
from threading import Event as Signal
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from units.audit.events import Event
from units.audit.models import AuditEntry, AuditSeal
from units.audit.record import record
from units.audit.seal import GENESIS, faults, first_unsealed, link, seal_entries, sealed_below, sealed_head

pytestmark = pytest.mark.commits


def in_thread(work):
    """Run `work` with a connection of its own, closed at the end."""

    def run():
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    return thread


def test_the_chain_is_what_anyone_computes_from_the_rows():
    entries = [record(Event.EXPORTED, actor=None, reason=f"第{n}次") for n in range(3)]

    assert seal_entries() == 3

    head = GENESIS
    for position, entry in enumerate(entries, start=1):
        entry.refresh_from_db()
        head = link(head, entry)
        assert AuditSeal.objects.get(entry=entry).hash == head
        assert entry.seal.position == position
    assert sealed_head() == head
    assert seal_entries() == 0
    assert list(faults()) == []
    assert first_unsealed() is None


def test_an_entry_of_a_running_transaction_waits_and_nothing_younger_overtakes_it():
    begun, may_end = Signal(), Signal()

    def long_act():
        with transaction.atomic():
            record(Event.RANKING_FROZEN, actor=None)
            begun.set()
            may_end.wait(10)

    thread = in_thread(long_act)
    begun.wait(10)
    record(Event.EXPORTED, actor=None)

    assert seal_entries() == 0  # neither waits: the younger one simply is not certain yet
    may_end.set()
    thread.join()
    assert seal_entries() == 2
    assert list(AuditSeal.objects.order_by("position").values_list("entry__event", flat=True)) == [
        Event.RANKING_FROZEN,
        Event.EXPORTED,
    ]


def test_a_long_transaction_of_another_database_holds_nothing_up():
    other = connection.copy()
    other.settings_dict = connection.settings_dict | {"NAME": "postgres"}
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN; SELECT pg_current_xact_id()")
        record(Event.EXPORTED, actor=None)
        assert seal_entries() == 1
    finally:
        other.close()


@pytest.mark.parametrize(
    ("limit", "running", "below"),
    [
        (1000, [], 1000),
        (1000, [1007], 1000),  # begun after the snapshot
        (1000, [990, 997, 1003], 990),
        (3 * 2**32 + 5, [2**32 - 2, 4], 3 * 2**32 - 2),  # from before the number turned around
    ],
)
def test_nothing_is_sealed_from_the_oldest_running_transaction_on(limit, running, below, monkeypatch):
    monkeypatch.setattr("units.audit.seal.RUNNING", f"SELECT {limit}, ARRAY{running}::bigint[]")

    assert sealed_below() == below


def test_two_sealers_at_once_link_every_entry_once():
    for n in range(40):
        record(Event.EXPORTED, actor=None, reason=str(n))

    threads = [in_thread(seal_entries) for _ in range(4)]
    for thread in threads:
        thread.join()
    seal_entries()

    assert AuditSeal.objects.count() == 40
    assert list(faults()) == []


def test_check_audit_names_the_entry_that_was_changed_behind_the_trigger():
    entries = [record(Event.EXPORTED, actor=None, reason=str(n)) for n in range(3)]
    seal_entries()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE units_auditentry DISABLE TRIGGER USER")
        AuditEntry.objects.filter(pk=entries[1].pk).update(reason="改过")
        cursor.execute("ALTER TABLE units_auditentry ENABLE TRIGGER USER")

    said = StringIO()
    with pytest.raises(CommandError, match="1处"):
        call_command("check_audit", stdout=StringIO(), stderr=said)
    assert f"审计记录{entries[1].pk}" in said.getvalue()


def test_check_audit_says_from_where_on_nothing_is_sealed():
    record(Event.EXPORTED, actor=None)
    seal_entries()
    waiting = record(Event.EXPORTED, actor=None)

    out = StringIO()
    call_command("check_audit", stdout=out)
    assert f"从审计记录{waiting.pk}" in out.getvalue()

    out = StringIO()
    call_command("check_audit", "--seal", stdout=out)
    assert "全部审计记录已封存" in out.getvalue()
