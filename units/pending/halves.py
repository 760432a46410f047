"""A first password in two halves, each read by one of the two people; nobody sees it whole but its owner.

Both follow from the proposal and this server's key, so nothing of them is kept: the pages show them again until the
owner has chosen another password.
"""

from __future__ import annotations

from random import Random

from django.contrib.auth.hashers import check_password
from django.utils.crypto import salted_hmac

from units.models import User
from units.pending.models import PendingAct, PendingState

# No look-alikes: a half is read from paper once.
HALVES = (("ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"), ("abcdefghjkmnpqrstuvwxyz", "23456789"))


def halves_of(slug: str) -> list[str]:
    """The two halves of what the proposal of this name makes; joined by a hyphen they are the password."""
    made = []
    for number, parts in enumerate(HALVES):
        dice = Random(salted_hmac("half-password", f"{number} {slug}", algorithm="sha256").digest())
        made.append("-".join("".join(dice.choices(part, k=4)) for part in parts))
    return made


def half_for(user: User, act: PendingAct) -> tuple[str, str]:
    """Which half this person may read, and the half; empty once the password is another, and for anybody else."""
    shares = {act.first_id: 0, act.second_id: 1}
    if not act.row.halves or act.state != PendingState.CONFIRMED or user.pk not in shares:
        return "", ""
    halves, person = halves_of(act.slug), act.concerns
    if not person.must_change_password or not check_password("-".join(halves), person.password):
        return "", ""
    number = shares[user.pk]
    return ("前半", "后半")[number], halves[number]
