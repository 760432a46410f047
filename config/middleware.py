"""Who may see a page without signing in, when a session ends and what it leaves behind, how much may be sent, and
what a missing page of the demo looks like."""

import re
import time
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.defaults import page_not_found

from units.folding import as_meant
from units.uploads.facts import LARGEST_REQUEST

UNTAKEN = re.compile("[\x00\ud800-\udfff]")
SEEN = "seen_at"
STEP = 60  # seconds between two writes of the same session


class SentTextMiddleware:
    """What a browser sends, without what neither the database nor a reader can take.

    Queries and fields come without NUL, lone halves of characters and other hidden marks (units.folding.as_meant);
    a text of nothing but these is none. In an address NUL stays written as %00, which names nothing.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        for part in ("path", "path_info"):
            written = UNTAKEN.sub(
                lambda found: quote(found[0], errors="surrogatepass"), getattr(request, part)
            )
            setattr(request, part, written)
        request.GET = readable(request.GET)
        request.COOKIES = {name: text for name, text in request.COOKIES.items() if not UNTAKEN.search(text)}
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if request.method == "POST":
            request.POST = readable(request.POST)


def readable(sent: QueryDict) -> QueryDict:
    """The same, cleaned; the very same object where there is nothing to clean."""
    texts = [(name, [as_meant(text) for text in found]) for name, found in sent.lists()]
    if texts == list(sent.lists()):
        return sent
    clean = QueryDict(mutable=True, encoding=sent.encoding)
    for name, found in texts:
        clean.setlist(name, found)
    clean._mutable = False
    return clean


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


class PrivatePagesMiddleware:
    """No browser keeps a page of somebody signed in: after a log-out, Back at a shared desk shows nothing of theirs.

    A log-out also empties what the browser did keep; what is typed and not yet saved lies elsewhere and stays.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        # As the view asked for it, or not: asking here would be a query on every public page.
        user = getattr(request, "_cached_user", None)
        if user is not None and user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        if request.path == reverse("account_logout") and request.method == "POST":
            response["Clear-Site-Data"] = '"cache"'
            response["Cache-Control"] = "private, no-store"
        return response


class LargestRequestMiddleware:
    """Refuse what is larger than any form here, before it is read; the proxy says the same."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        sent = request.META.get("CONTENT_LENGTH") or "0"
        if sent.isdecimal() and int(sent) > LARGEST_REQUEST:
            return HttpResponse(render_to_string("413.html"), status=413)
        return self.get_response(request)


class DemoNotFoundMiddleware:
    """Show whoever tries the demo the portal's own 404 instead of a developer's list of routes."""

    DEVELOPERS = b"DEBUG = True"

    def __init__(self, get_response):
        if not settings.DEMO:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 404 and not response.streaming and self.DEVELOPERS in response.content:
            return page_not_found(request, Http404())
        return response
