"""Who may see a page without signing in, and when a session ends."""

import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware

SEEN = "seen_at"
STEP = 60  # seconds between two writes of the same session


class LoginWallMiddleware(LoginRequiredMiddleware):
    """Every page needs a login unless its view says otherwise.

    Django's own asks for the user first: two queries on each public page, and an error on the health page
    when the database is away.
    """

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


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
