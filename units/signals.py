"""Signing in and out, and changed passwords: what follows from them, and their entries in the log."""

from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.utils import timezone

from units.audit.events import Event
from units.audit.record import record


@receiver(user_logged_in)
def on_log_in(sender, request, user, **kwargs):
    record(Event.LOGGED_IN, actor=user, target=user)


@receiver(user_logged_out)
def on_log_out(sender, request, user, **kwargs):
    if user is not None:
        record(Event.LOGGED_OUT, actor=user, target=user)


@receiver(user_login_failed)
def on_failed_log_in(sender, credentials, **kwargs):
    name = str(credentials.get("username") or credentials.get("login") or "")
    record(Event.LOGIN_FAILED, actor="public", target=name)


@receiver(password_changed)
def on_password_change(sender, request, user, **kwargs):
    user.must_change_password, user.password_set_at = False, timezone.now()
    user.save(update_fields=["must_change_password", "password_set_at"])
    user.old_passwords.create(password=user.password)
    record(Event.PASSWORD_CHANGED, actor=user, target=user)


@receiver(authenticator_added)
def on_factor_added(sender, request, user, authenticator, **kwargs):
    record(Event.FACTOR_ADDED, actor=user, target=user, after={"kind": authenticator.type})


@receiver(authenticator_removed)
def on_factor_removed(sender, request, user, authenticator, **kwargs):
    record(Event.FACTOR_REMOVED, actor=user, target=user, before={"kind": authenticator.type})
