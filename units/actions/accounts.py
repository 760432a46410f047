"""Accounts: made, changed, disabled, and given a first password."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from random import Random, SystemRandom
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from units.audit.events import Event
from units.audit.record import Act, record, record_all
from units.errors import Refused, StaleVersion
from units.models import NAME_TAKEN, RESERVED_USERNAMES, User
from units.pending.models import PendingAct
from units.queries import never_used
from units.roles import ADMINISTRATORS

ACCOUNT_FIELDS = ("name", "duty", "office_phone", "mobile")
# No look-alikes: the password is read from paper once, then changed.
PASSWORD_PARTS = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghjkmnpqrstuvwxyz", "23456789")
# Random and used once, so a quick hash is enough: 2,000 accounts of a roster would else take minutes.
FIRST_HASHER = "first_pbkdf2_sha256"


def first_password(secret: str = "") -> str:
    """Twelve characters of three kinds, to be changed at the first log-in.

    secret: what only the page knows that asks for it; with it, and with nothing else, this server can tell the
    same password again.
    """
    known = salted_hmac("first-password", secret, algorithm="sha256").digest() if secret else None
    dice = Random(known) if known else SystemRandom()
    return "-".join("".join(dice.choices(part, k=4)) for part in PASSWORD_PARTS)


def _new_account(values: Mapping[str, Any], secret: str = "") -> tuple[User, str]:
    password = first_password(secret)
    user = User(username=values["username"], must_change_password=True)
    for name in ACCOUNT_FIELDS:
        setattr(user, name, values.get(name) or "")
    user.password = make_password(password, hasher=FIRST_HASHER)
    return user, password


def _typed(user: User) -> dict[str, Any]:
    return {name: getattr(user, name) for name in ACCOUNT_FIELDS}


@transaction.atomic
def create_account(values: Mapping[str, Any], *, actor: User | None, secret: str = "") -> tuple[User, str]:
    """A new account with a first password, which is returned once and kept nowhere.

    secret: see `passwords_again`.
    """
    user, password = _new_account(values, secret and f"{secret} {values['username']}")
    user.save()
    record(Event.ACCOUNT_CREATED, actor=actor, target=user, after=_typed(user))
    return user, password


def give_halves(user: User, password: str, act: PendingAct) -> str:
    """Let an account that two people just made begin with the password they read by halves."""
    user.password = make_password(password, hasher=FIRST_HASHER)
    user.save(update_fields=["password"])
    act.concerns = user
    act.save(update_fields=["concerns"])
    return password


@transaction.atomic
def create_accounts(
    lines: Iterable[Mapping[str, Any]], *, actor: User, secret: str = ""
) -> list[tuple[User, str]]:
    """Many new accounts in a few statements, each with its first password; one entry each.

    secret: see `passwords_again`.
    """
    made = [_new_account(values, secret and f"{secret} {values['username']}") for values in lines]
    User.objects.bulk_create((user for user, _ in made), batch_size=500)
    acts = [Act(user, after=_typed(user)) for user, _ in made]
    record_all(Event.ACCOUNT_CREATED, acts, actor=actor)
    return made


def passwords_again(usernames: Iterable[str], secret: str) -> list[tuple[User, str]]:
    """The accounts that still have the first password made with this secret, and that password."""
    users = User.objects.filter(username__in=list(usernames), must_change_password=True)
    told = [(user, first_password(f"{secret} {user.username}")) for user in users]
    return [(user, password) for user, password in told if check_password(password, user.password)]


@transaction.atomic
def change_account(user: User, values: Mapping[str, Any], *, version: int, actor: User) -> User:
    """Write the typed values. version: the one the form was opened with; raises StaleVersion."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.version != version:
        raise StaleVersion
    changed = {name: values[name] for name in ACCOUNT_FIELDS if values[name] != getattr(user, name)}
    if not changed:
        return user
    before = {name: getattr(user, name) for name in changed}
    for name, value in changed.items():
        setattr(user, name, value)
    user.version += 1
    user.save(update_fields=[*changed, "version"])
    record(Event.ACCOUNT_CHANGED, actor=actor, target=user, before=before, after=changed)
    return user


@transaction.atomic
def rename_account(user: User, username: str, *, actor: User | None, reason: str) -> User:
    """Give an account another name to sign in with; password, sessions and posts stay.

    username: as `account_name` leaves it. Raises Refused for another administrator's account (whoever names it could
    act in its name) and for a name that is taken; `manage.py rename_account` does it on the server.
    """
    _refuse_other_administrators(user, actor, "账号名", "rename_account")
    user = User.objects.select_for_update().get(pk=user.pk)
    before, user.username = user.username, username
    if username.lower() in RESERVED_USERNAMES or User.objects.filter(username__iexact=username).exclude(
        pk=user.pk
    ):
        raise Refused(NAME_TAKEN)
    user.version += 1
    user.save(update_fields=["username", "version"])
    record(
        Event.ACCOUNT_RENAMED, actor=actor, target=user, before={"username": before},
        after={"username": username}, reason=reason,
    )  # fmt: skip
    return user


def _refuse_other_administrators(user: User, actor: User | None, what: str, command: str) -> None:
    roles = user.posts.current().values_list("role", flat=True)
    if actor is not None and user != actor and ADMINISTRATORS & set(roles):
        raise Refused(f"三员的{what}不能由另一管理员办理，请在服务器上运行manage.py {command}。")


@transaction.atomic
def reset_password(user: User, *, actor: User | None, password: str = "", reason: str = "") -> str:
    """A new first password; the second factor is taken off, every session of the account ends.

    password: one that two people have read by halves; without it one is made.
    """
    password = password or first_password()
    user.password = make_password(password, hasher=FIRST_HASHER)
    user.must_change_password, user.reset_at = True, timezone.now()
    user.save(update_fields=["password", "must_change_password", "reset_at"])
    factors, _ = Authenticator.objects.filter(user=user).delete()
    after = {"second_factor_removed": True} if factors else None
    record(Event.PASSWORD_RESET, actor=actor, target=user, after=after, reason=reason)
    return password


@transaction.atomic
def renew_first_passwords(users: QuerySet[User], *, actor: User, secret: str = "") -> list[tuple[User, str]]:
    """First passwords anew for accounts that nobody has signed in to: a lost sheet. One act in the log.

    What is not `never_used` any more is left as it is. secret: see `passwords_again`.
    """
    renewed = []
    for user in never_used(users).select_for_update(of=["self"]):
        password = first_password(secret and f"{secret} {user.username}")
        user.password = make_password(password, hasher=FIRST_HASHER)
        renewed.append((user, password))
    User.objects.bulk_update([user for user, _ in renewed], ["password"], batch_size=500)
    acts = [Act(user, after={"never_signed_in": True}) for user, _ in renewed]
    record_all(Event.PASSWORD_RESET, acts, actor=actor)
    return renewed


@transaction.atomic
def set_account_active(user: User, active: bool, *, actor: User, reason: str = "") -> None:
    """Disable an account or enable it again; the person's posts stay as they are.

    Raises Refused for one's own account, and when it is so already (a second click, another tab).
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if user == actor:
        raise Refused("不能停用自己的账号。")
    if user.is_active == active:
        raise Refused(f"账号{user.username}已经{'启用' if active else '停用'}，没有再作改动。")
    user.is_active = active
    user.save(update_fields=["is_active"])
    record(
        Event.ACCOUNT_ENABLED if active else Event.ACCOUNT_DISABLED, actor=actor, target=user, reason=reason
    )


BARRED_FOR, BARRED_AGAIN = timedelta(days=3), timedelta(days=30)


@transaction.atomic
def bar_account(user: User, *, actor: User, reason: str) -> None:
    """Keep somebody out for three days, while disabling the account waits for its second person.

    Refused a second time within a month: else one person would keep somebody out by asking again and again.
    """
    user, now = User.objects.select_for_update().get(pk=user.pk), timezone.now()
    if user.barred_until and user.barred_until > now - BARRED_AGAIN:
        raise Refused("该账号一个月内已先行停用过，不能再次先行停用；请等待确认。")
    user.barred_until = now + BARRED_FOR
    user.save(update_fields=["barred_until"])
    record(
        Event.ACCOUNT_DISABLED, actor=actor, target=user, after={"until": user.barred_until}, reason=reason
    )
