"""Before anything else is done: a password that somebody else has read, or that is too old, is changed; whose post asks
for a second factor sets one up."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from units.second_factor import needs_factor

FACTOR_SEEN = "second_factor"  # of the session: there is one, no need to ask at every page


def why_to_change(user) -> str:
    """Why the person's password must be changed now; '' if it need not."""
    if user.must_change_password:
        return "这是初始密码，请先修改密码。"
    days = settings.PASSWORD_DAYS
    if days and (user.password_set_at or user.date_joined) < timezone.now() - timedelta(days=days):
        return f"密码已使用满{days}天，请先修改密码。"
    return ""


class FirstPasswordMiddleware:
    """Lead a person with a first or an outworn password to the page that changes it; signing out stays possible."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        # Pages open to everybody do not ask who is there.
        if not getattr(view_func, "login_required", True) or not request.user.is_authenticated:
            return None
        change = reverse("account_change_password")
        why = why_to_change(request.user)
        if not why or request.path in (change, reverse("account_logout")):
            return None
        messages.warning(request, why)
        return redirect(change)


class SecondFactorMiddleware:
    """Lead whoever needs a second factor and has none to the page that sets it up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        # The front page is open to everybody, and the desk of whoever is signed in.
        is_asked = request.path == "/" or getattr(view_func, "login_required", True)
        if not settings.SECOND_FACTOR_ROLES or not is_asked:
            return None
        user = request.user
        if not user.is_authenticated or request.session.get(FACTOR_SEEN) or self._is_open(request.path):
            return None
        if why_to_change(user) or not needs_factor(user):
            return None
        if Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
            request.session[FACTOR_SEEN] = True
            return None
        messages.warning(request, "您的岗位须使用两步验证，请先用手机上的验证器设置。")
        return redirect("mfa_activate_totp")

    @staticmethod
    def _is_open(path: str) -> bool:
        """The way to the factor, and out."""
        open_to_all = ("account_logout", "account_reauthenticate", "account_change_password")
        return path.startswith(reverse("mfa_index")) or path in map(reverse, open_to_all)
