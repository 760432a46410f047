"""The draw of a panel, before a witness, and a reserve's step onto a seat."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from awards.errors import StageError
from awards.panel.actions.assigning import assign_entries
from awards.panel.actions.panels import locked_panel, record_panel
from awards.panel.actions.pool import why_not_a_reviewer
from awards.panel.models import Panel, Reviewer, Seat
from awards.panel.queries.race import entries_of
from awards.panel.queries.ties import ties_between
from awards.panel.rules.draw import Candidate, DrawLine, Drawn, PoolTooSmall, draw
from units.audit.events import Event
from units.models import User
from units.permissions import holds
from units.roles import Role


@transaction.atomic
def draw_panel(
    panel: Panel,
    *,
    seed: str,
    witness: User,
    actor: User,
    reserves: int = 2,
    leave_out_tied: bool = False,
    per_unit: int | None = None,
) -> Panel:
    """Draw the members and reserves of a panel, once; the witness is a supervisor and not the actor.

    leave_out_tied: who has a computed tie to any entry of the panel is not drawn at all.
    per_unit: most members of one employer. The lines of everybody in the pool are kept with the panel.
    Raises StageError when the panel was drawn before, the witness is none, or the pool is too small.
    """
    panel = locked_panel(panel)
    _require_drawable(panel, seed, witness, actor)
    pool = list(panel.campaign.reviewers.select_related("user", "employer").order_by("user__username"))
    tied = _tied(panel, pool) if leave_out_tied else {}
    candidates = [
        Candidate(
            one.user.username, _excluded(one, panel, tied), one.employer.top_id if one.employer else None
        )
        for one in pool
    ]
    try:
        lines = draw(candidates, panel.campaign.panel_size, reserves, seed, per_unit)
    except PoolTooSmall as short:
        raise StageError(str(short)) from short
    _seat(panel, pool, lines)
    panel.seed, panel.witness, panel.drawn_by, panel.drawn_at = seed, witness, actor, timezone.now()
    panel.draw_lines = [_line(line, {one.user.username: one for one in pool}) for line in lines]
    panel.save(update_fields=["seed", "witness", "drawn_by", "drawn_at", "draw_lines"])
    record_panel(
        Event.PANEL_DRAWN,
        panel,
        actor=actor,
        second_actor=witness,
        after={"seed": seed, "seats": [line.candidate.key for line in lines if line.drawn == Drawn.SEAT]},
    )
    return panel


def _require_drawable(panel: Panel, seed: str, witness: User, actor: User) -> None:
    if panel.drawn_at:
        raise StageError("本组评委已经抽取，不能重抽；有人退出时由候补递补。")
    if not seed.strip():
        raise StageError("须填写随机种子。")
    require_witness(panel, witness, actor)


def require_witness(panel: Panel, witness: User, actor: User) -> None:
    if witness == actor or not holds(witness, Role.SUPERVISOR, unit=panel.campaign.organiser_id):
        raise StageError("见证人须为本届组织单位的监督员，且不是操作人。")


def _tied(panel: Panel, pool: list[Reviewer]) -> dict[int, int]:
    """How many entries of the panel each reviewer has a computed tie to, by reviewer."""
    counts: dict[int, int] = {}
    for _, reviewer in ties_between(entries_of(panel), pool, timezone.localdate()):
        counts[reviewer] = counts.get(reviewer, 0) + 1
    return counts


def _excluded(reviewer: Reviewer, panel: Panel, tied: dict[int, int]) -> str:
    if not reviewer.is_active:
        return "已停止参加抽取"
    if problem := why_not_a_reviewer(reviewer.user, panel.campaign):
        return problem.rstrip("。")
    return f"与本组{tied[reviewer.pk]}件有回避关系" if reviewer.pk in tied else ""


def _seat(panel: Panel, pool: list[Reviewer], lines: list[DrawLine]) -> None:
    by_key = {one.user.username: one for one in pool}
    Seat.objects.bulk_create(
        Seat(
            panel=panel,
            reviewer=by_key[line.candidate.key],
            number=line.number,
            is_reserve=line.drawn == Drawn.RESERVE,
            reason=line.reason,
        )
        for line in lines
        if line.number  # 1 and up, for seats and reserves alone
    )


def _line(line: DrawLine, pool: dict[str, Reviewer]) -> dict[str, object]:
    """A line of the minutes as it is kept: who, what the lot was, and why."""
    return {
        "username": line.candidate.key,
        "name": str(pool[line.candidate.key].user),
        "employer": str(pool[line.candidate.key].employer or "外请专家"),
        "drawn": line.drawn.value,
        "number": line.number,
        "lot": line.lot,
        "reason": line.reason,
    }


@transaction.atomic
def fill_from_reserve(seat: Seat, *, reason: str, actor: User) -> Seat:
    """Let a member go and call the first reserve, who gets the entries not yet judged.

    Sheets the leaver handed in stay and count; everything else of the leaver is withdrawn. Returns the
    seat of the reserve. Raises StageError when nobody is left on the bench or no reason is given.
    """
    panel = locked_panel(seat.panel)
    seat = panel.seats.select_related("reviewer__user").get(pk=seat.pk)
    if panel.closed_at:
        raise StageError("评审已关闭，不能再更换评委。")
    if panel.reopened_at:
        raise StageError("补评期间不能更换评委；关闭后仍不足的，可再次补评。")
    if seat.left_at or seat.is_reserve:
        raise StageError("该席位已不在评审组中。")
    if not reason.strip():
        raise StageError("须写明更换评委的理由。")
    called = _next_reserve(panel)
    seat.left_at = timezone.now()
    seat.save(update_fields=["left_at"])
    called.reason = f"候补第{called.number}位，递补第{seat.number}席"
    called.is_reserve, called.number = False, seat.number
    called.save(update_fields=["is_reserve", "number", "reason"])
    record_panel(
        Event.PANEL_CHANGED,
        panel,
        actor=actor,
        before={"seat": seat.number, "reviewer": seat.reviewer.user.username},
        after={"seat": seat.number, "reviewer": called.reviewer.user.username},
        reason=reason,
    )
    if panel.assignments.exists():
        assign_entries(panel, actor=actor)
    return called


def _next_reserve(panel: Panel) -> Seat:
    """The first on the bench who may still judge; who lost the post since the draw is passed over."""
    for seat in panel.seats.waiting().select_related("reviewer__user"):
        if not why_not_a_reviewer(seat.reviewer.user, panel.campaign):
            return seat
    raise StageError("没有候补评委可以递补。")
