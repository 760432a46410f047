"""The chain: entries linked by hash, in the order of their transactions, without ever making one wait.

An entry carries the number of its transaction (xid8). Once every transaction with a lower number has
ended, nothing can be inserted before it any more, so its place in the chain is certain. The sealer
takes exactly these entries; whoever appends never waits for it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from django.db import connection, transaction

from units.audit.models import AuditEntry, AuditSeal

GENESIS = "0" * 64
BATCH = 500
# One sealer at a time; the number names the lock and means nothing else.
SEALER_LOCK = 7_730_001
HALF = 2**31
RUNNING = """
    SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
           ARRAY(SELECT backend_xid::text::bigint FROM pg_stat_activity
                 WHERE datname = current_database() AND backend_xid IS NOT NULL)
"""


def canonical(entry: AuditEntry) -> bytes:
    """The entry as the chain hashes it: canonical JSON of every column but the key of its row."""
    content = {
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "xact_id": entry.xact_id,
        "entry": entry.pk,
        "actor": entry.actor_id,
        "actor_name": entry.actor_name,
        "post": entry.post,
        "address": entry.address,
        "request_id": entry.request_id,
        "event": entry.event,
        "target_kind": entry.target_kind,
        "target_key": entry.target_key,
        "target": entry.target,
        "campaign": entry.campaign,
        "before": entry.before,
        "after": entry.after,
        "reason": entry.reason,
        "second_actor": entry.second_actor_id,
        "act_id": str(entry.act_id) if entry.act_id else None,
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def link(previous: str, entry: AuditEntry) -> str:
    """The hash of an entry that follows `previous`."""
    return hashlib.sha256(previous.encode() + canonical(entry)).hexdigest()


def sealed_below() -> int:
    """The transaction number below which every transaction that can write to this log has ended.

    Other databases of the same server are no concern of the log, however long their transactions run, so the
    server-wide `pg_snapshot_xmin` will not do. The snapshot comes first and the running transactions after it:
    whichever is missing from their list ended before it was read, and the next statement sees its entries.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction would be shown one list throughout
        cursor.execute(RUNNING)
        limit, running = cursor.fetchone()
    # Running numbers come without their epoch: half a circle is the farthest that one can lie from another.
    distances = [(number - limit + HALF) % (2 * HALF) - HALF for number in running]
    return limit + min([0, *distances])


def sealable():
    """Entries not sealed yet whose transaction is older than every running one, in chain order."""
    return AuditEntry.objects.filter(seal=None, xact_id__lt=sealed_below()).order_by("xact_id", "pk")


def sealed_head() -> str:
    """The hash of the last sealed entry; what a record prints. The genesis value when there is none."""
    last = AuditSeal.objects.order_by("-position").only("hash").first()
    return last.hash if last else GENESIS


def seal_entries() -> int:
    """Link what can be linked; gives how many entries were sealed. Safe to run twice at once."""
    sealed = 0
    while True:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
                if not cursor.fetchone()[0]:
                    return sealed  # another sealer is at work
            last = AuditSeal.objects.order_by("-position").first()
            position, head = (last.position, last.hash) if last else (0, GENESIS)
            seals = []
            for entry in sealable()[:BATCH]:
                position, head = position + 1, link(head, entry)
                seals.append(AuditSeal(position=position, entry=entry, hash=head))
            AuditSeal.objects.bulk_create(seals)
        sealed += len(seals)
        if len(seals) < BATCH:
            return sealed


@dataclass(frozen=True)
class Fault:
    """A place where the chain does not hold."""

    position: int
    entry: int
    message: str


def faults() -> Iterator[Fault]:
    """Walk the chain from its beginning and give every place that does not hold.

    The order of transactions is not asked again: in a restored cluster their numbers start anew.
    """
    head, expected = GENESIS, 1
    seals = AuditSeal.objects.select_related("entry").order_by("position").iterator(chunk_size=2000)
    for seal in seals:
        if seal.position != expected:
            yield Fault(seal.position, seal.entry_id, f"第{expected}号封存缺失")
        if link(head, seal.entry) != seal.hash:
            yield Fault(seal.position, seal.entry_id, "内容与封存值不一致")
        head, expected = seal.hash, seal.position + 1


def first_unsealed() -> AuditEntry | None:
    """From which entry on nothing is sealed yet."""
    return AuditEntry.objects.filter(seal=None).order_by("xact_id", "pk").first()
