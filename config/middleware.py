"""Ends sessions that nobody used for a while, without a write per request."""

import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY

SEEN = "seen_at"
STEP = 60  # seconds between two writes of the same session


class IdleSessionMiddleware:
    """Push a used session's end further, at most once a minute.

    SESSION_SAVE_EVERY_REQUEST would do the same with a write for every fragment and autosave, and would
    turn the health page into an error when the database is away.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        session = request.session
        if session.accessed and SESSION_KEY in session:
            now = int(time.time())
            if now - session.get(SEEN, 0) >= min(STEP, settings.SESSION_COOKIE_AGE // 10):
                session[SEEN] = now
        return response
