"""Tells the log who is asking, from where and in which post."""

from uuid import uuid4

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.utils.functional import SimpleLazyObject

from units.audit.context import acting
from units.permissions import posts_of


def address_of(request) -> str | None:
    """The visitor's IP address behind our own proxies; None when the server hands none over."""
    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:
        return None


class AuditContextMiddleware:
    """Set the circumstances under which `record()` writes during this request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Asked only when something is recorded: most requests change nothing.
        post = SimpleLazyObject(lambda: "、".join(str(post) for post in posts_of(request.user))[:120])
        request_id = request.headers.get("X-Request-ID", "")[:40] or uuid4().hex
        with acting(post, address_of(request), request_id):
            return self.get_response(request)
