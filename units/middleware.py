"""A password that somebody else has read is changed before anything else is done with it."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse


class FirstPasswordMiddleware:
    """Lead a person with a first password to the page that changes it; signing out stays possible."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        # Pages open to everybody do not ask who is there.
        if not getattr(view_func, "login_required", True) or not request.user.is_authenticated:
            return None
        change = reverse("account_change_password")
        if not request.user.must_change_password or request.path in (change, reverse("account_logout")):
            return None
        messages.warning(request, "这是初始密码，请先修改密码。")
        return redirect(change)
