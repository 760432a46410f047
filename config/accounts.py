"""How allauth behaves here: accounts are made by the system administrator, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.urls import reverse

from units.middleware import why_to_change


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": "连续输错5次，账号锁定30分钟。急用请联系系统管理员解除锁定。"
    }

    def is_open_for_signup(self, request):
        return False

    def get_login_redirect_url(self, request):
        """A first or outworn password leads straight to its change; public pages would not ask for it."""
        if why_to_change(request.user):
            return reverse("account_change_password")
        return super().get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request):
        """To the to-do list: whoever changed a first password wants to begin."""
        return "/"

    def unlock(self, request, username: str) -> None:
        """Forget the failed log-ins of a name, so that its new password works at once."""
        self._delete_login_attempts_cached_email(request, username=username)


class Backend(AuthenticationBackend):
    """Who is disabled, or kept out for some days, neither signs in nor goes on."""

    def user_can_authenticate(self, user):
        return super().user_can_authenticate(user) and not user.is_barred
