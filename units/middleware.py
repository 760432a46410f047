"""A password that somebody else has read, or that is too old, is changed before anything else is done."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone


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
