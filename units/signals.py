"""Signing in and out, and changed passwords: what follows from them, and their entries in the log."""

from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.utils import timezone

from units.audit.events import Event
from units.audit.models import AuditEntry
from units.audit.record import record
from units.middleware import FACTOR_SEEN


@receiver(user_logged_in)
def on_log_in(sender, request, user, **kwargs):
    record(Event.LOGGED_IN, actor=user, target=user)
    if user.must_change_password and user.reset_at:
        _tell_of_reset(request, user)


def _tell_of_reset(request, user) -> None:
    """The owner learns who reset the password; whoever did not ask for it knows whom to ask."""
    resets = AuditEntry.objects.filter(
        event=Event.PASSWORD_RESET, target_kind="user", target_key=user.username
    ).select_related("actor", "second_actor")
    entry = resets.order_by("-pk").first()
    if entry:
        who = [str(one) for one in (entry.actor, entry.second_actor) if one] or ["服务器管理人员"]
        at = timezone.localtime(user.reset_at)
        told = (
            f"您的密码已由{'、'.join(who)}于{at:%Y-%m-%d %H:%M}重置。不是本人要求的，应立即报告审计管理员。"
        )
        messages.warning(request, told, fail_silently=True)


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
    request.session.pop(FACTOR_SEEN, None)
    record(Event.FACTOR_REMOVED, actor=user, target=user, before={"kind": authenticator.type})
