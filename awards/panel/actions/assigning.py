"""Give entries to seats, and take them away where there is a tie."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from awards.errors import StageError
from awards.nomination.models import Nomination
from awards.panel.actions.panels import locked_panel, record_panel
from awards.panel.actions.sharing import Pair, share_out
from awards.panel.models import Assignment, Panel, Recusal, RecusalSource, Seat
from awards.panel.queries.race import entries_of
from awards.panel.queries.ties import ties_between
from awards.panel.rules.assignment import appearance_order, queue_order
from units.audit.events import Event
from units.audit.record import record
from units.models import User


@transaction.atomic
def assign_entries(panel: Panel, *, actor: User) -> list[Assignment]:
    """Bring the panel's assignments up to date; returns those that are new.

    Computed ties become recusals first. Run again it adds and revokes only what changed, and leaves alone
    whatever has a sheet handed in; the queue of a seat keeps its order, new entries come at its end. What
    somebody judged before leaving a seat is not judged again by who took it over. A live stage has one order
    of appearance for all seats.
    Raises StageError when the panel was not drawn, is closed, or its entries cannot all get their reviewers.
    """
    panel = locked_panel(panel)
    if panel.closed_at:
        raise StageError("评审已关闭，不能再分配。")
    if panel.reopened_at:  # the marks of the others are known by now
        raise StageError("补评期间只评有效评分不足的项目，不再分配。")
    seats = list(panel.seats.judging().select_related("reviewer__user", "reviewer__employer"))
    if not seats:
        raise StageError("本组尚未抽取评委，不能分配。")
    entries = list(entries_of(panel))
    known = {(row.nomination_id, row.seat_id): row for row in panel.assignments.select_for_update()}
    judged = set(
        panel.assignments.filter(sheets__state="handed_in", revoked_at=None).values_list("nomination", "seat")
    )
    barred = _write_recusals(panel, entries, seats, judged, actor)
    served = _served(panel, seats, judged)
    possible = {(entry.pk, seat.pk) for entry in entries for seat in seats} - barred - served
    current = {pair for pair, row in known.items() if row.revoked_at is None}
    reasons = share_out(panel, entries, seats, possible, judged, current & possible)
    revoked = [known[pair].pk for pair in current - judged - reasons.keys()]
    panel.assignments.filter(pk__in=revoked).update(revoked_at=timezone.now())
    added = _add(panel, entries, seats, {pair: reasons[pair] for pair in reasons.keys() - current}, known)
    if added or revoked:
        changes = {"seed": panel.seed, "added": len(added), "revoked": len(revoked)}
        record_panel(Event.ENTRIES_ASSIGNED, panel, actor=actor, after=changes)
    return added


def _served(panel: Panel, seats: list[Seat], judged: set[Pair]) -> set[Pair]:
    """The pairs for which a former holder of the seat has handed in: that sheet counts, one more would not
    be a replacement but a second voice."""
    holder = {seat.number: seat.pk for seat in seats}
    left = dict(panel.seats.filter(left_at__isnull=False).values_list("pk", "number"))
    return {(entry, holder[left[seat]]) for entry, seat in judged if left.get(seat) in holder}


def _write_recusals(
    panel: Panel, entries: list[Nomination], seats: list[Seat], judged: set[Pair], actor: User
) -> set[Pair]:
    """Turn the ties computed today into recusals; returns every barred pair of the panel.

    A sheet already handed in is not struck here: that takes `recuse_reviewer`, an act with a reason.
    """
    seat_of = {seat.reviewer_id: seat.pk for seat in seats}
    rows = Recusal.objects.filter(nomination__in=entries, reviewer__in=seat_of)
    barred = {(row.nomination_id, seat_of[row.reviewer_id]) for row in rows}
    ties = ties_between(entries, [seat.reviewer for seat in seats], timezone.localdate())
    found = {
        (nomination, reviewer): kinds
        for (nomination, reviewer), kinds in ties.items()
        if (nomination, seat_of[reviewer]) not in barred | judged
    }
    by_pk = {entry.pk: entry for entry in entries}
    names = {seat.reviewer_id: seat.reviewer.user.username for seat in seats}
    for (nomination, reviewer), kinds in found.items():
        recusal, made = Recusal.objects.get_or_create(
            nomination=by_pk[nomination],
            reviewer_id=reviewer,
            defaults={
                "kind": kinds[0],
                "source": RecusalSource.COMPUTED,
                "reason": "、".join(tie.label for tie in kinds),
                "made_by": actor,
            },
        )
        barred.add((nomination, seat_of[reviewer]))
        if made:
            record(
                Event.REVIEWER_RECUSED,
                actor=actor,
                target=recusal.nomination,
                campaign=panel.campaign.code,
                after={"reviewer": names[reviewer], "kind": recusal.kind, "source": recusal.source},
            )
    return barred


def _add(
    panel: Panel,
    entries: list[Nomination],
    seats: list[Seat],
    wanted: dict[Pair, str],
    known: dict[Pair, Assignment],
) -> list[Assignment]:
    """Write the new lines in their place; a line withdrawn before comes back."""
    common = appearances(panel, entries, known) if panel.is_live else None
    added = []
    for seat in seats:
        mine = [entry for entry in entries if (entry.pk, seat.pk) in wanted]
        places = common or _reading_places(panel, seat, mine, known)
        for entry in mine:
            pair = (entry.pk, seat.pk)
            row = known.get(pair) or Assignment(panel=panel, nomination_id=entry.pk, seat=seat)
            row.order, row.reason, row.revoked_at = places[entry.pk], wanted[pair], None
            added.append(row)
    Assignment.objects.bulk_create([row for row in added if row.pk is None])
    Assignment.objects.bulk_update(
        [row for row in added if row.pk in {old.pk for old in known.values()}],
        ["order", "reason", "revoked_at"],
    )
    return added


def _reading_places(
    panel: Panel, seat: Seat, mine: list[Nomination], known: dict[Pair, Assignment]
) -> dict[int, int]:
    """The places of a seat's new entries: at the end of its own queue, by lot."""
    taken = [row.order for row in known.values() if row.seat_id == seat.pk and row.revoked_at is None]
    pks = {entry.code: entry.pk for entry in mine}
    queue = queue_order(pks, seat.reviewer.user.username, panel.seed)
    return {pks[code]: order for order, code in enumerate(queue, max(taken, default=0) + 1)}


def appearances(panel: Panel, entries: list[Nomination], known: dict[Pair, Assignment]) -> dict[int, int]:
    """The places of all entries in a live stage, by lot; a list once made stands, later ones come behind."""
    places = {nomination: row.order for (nomination, _), row in known.items()}
    late = {entry.code: entry.pk for entry in entries if entry.pk not in places}
    for order, code in enumerate(appearance_order(late, panel.seed), max(places.values(), default=0) + 1):
        places[late[code]] = order
    return places
