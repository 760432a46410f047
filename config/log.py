"""Adds to a request's log lines who asked, when that is known anyway."""

import structlog
from django.dispatch import receiver
from django_structlog import signals


@receiver([signals.bind_extra_request_finished_metadata, signals.bind_extra_request_failed_metadata])
def bind_user(request, **kwargs):
    # `_cached_user` is there when the view asked for the user; asking here would be a query for a log line.
    user = getattr(request, "_cached_user", None)
    if user is not None and user.is_authenticated:
        structlog.contextvars.bind_contextvars(user=user.get_username())
