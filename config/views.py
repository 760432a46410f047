"""Pages of the project itself: the health page, the answer to a stale form and to an error."""

import shutil
import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache as shared_cache
from django.db import Error
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.defaults import server_error as plain_server_error

from config.readiness import READY, readiness
from units.models import BackupRun, TickRun

NO_AGES = {"tick_age_seconds": None, "backup_age_seconds": None, "last_backup": "unknown"}
MINUTE = 60


@require_safe
@never_cache
@login_not_required
def health(request):
    """Answer a monitor: 200 when pages can be served, else 503.

    Database, migrations and cache table decide; the rest is reported for whoever reads along.
    """
    answer = readiness()
    ready = answer == READY
    answer |= _ages() if ready else NO_AGES
    answer |= {"status": "ok" if ready else "failing", "cache": _cache_state()}
    answer |= {"disk_free_mb": _disk_free_mb(), "queue": "none"}
    return JsonResponse(answer, status=200 if ready else 503)


def _ages() -> dict:
    """Seconds since the clock's work and the last good backup; None: never. And how the last backup ended."""
    ticks = TickRun.objects.filter(finished_at__isnull=False)  # a run that died is none
    newest = BackupRun.objects.first()
    return {
        "tick_age_seconds": _age(ticks.order_by("-finished_at").values_list("finished_at", flat=True)),
        "backup_age_seconds": _age(BackupRun.objects.filter(failure="").values_list("at", flat=True)),
        "last_backup": ("failed" if newest.failure else "ok") if newest else "never",
    }


def _age(moments) -> int | None:
    last = moments.first()
    return last and int((timezone.now() - last).total_seconds())


def _cache_state() -> str:
    try:
        shared_cache.set("healthz", "1", 5)
        return "ok" if shared_cache.get("healthz") == "1" else "failing"
    except Exception:  # whatever a cache backend raises: a report may not become an error page
        return "failing"


def _disk_free_mb() -> int | None:
    """Free space where uploads go, in MB."""
    folder = settings.MEDIA_ROOT
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        return shutil.disk_usage(folder).free // 2**20
    except OSError:
        return None


@login_not_required
def csrf_failure(request, reason=""):
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(
        came_from, {request.get_host()}, require_https=request.is_secure()
    ):
        came_from = ""  # another site's form: no link leads back there
    context = {"reason": reason, "came_from": came_from}
    response = render(request, "403_csrf.html", context, status=403)
    # A refused request must not replace the token of another tab in which somebody is just signing in.
    request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)
    return response


def server_error(request):
    """Django's own page, except where the database refused because the portal is not ready: an upgrade is
    under way or the installation unfinished. That passes, and says so. The error is logged either way."""
    if not isinstance(sys.exc_info()[1], Error) or readiness() == READY:
        return plain_server_error(request)
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": str(MINUTE)})
