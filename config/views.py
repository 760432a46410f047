"""Pages of the project itself: the health page and the answer to a stale form."""

import shutil
from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache as shared_cache
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from units.models import TickRun


@cache
def newest_migrations() -> frozenset:
    """The last migration of each app; read once, as files cannot change under a running process."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


@require_safe
@never_cache
@login_not_required
def health(request):
    """Answer a monitor: 200 when pages can be served, else 503.

    Only the database and its migrations decide; the rest is reported for whoever reads along.
    """
    answer = {"database": "ok", "migrations": "applied", "tick_age_seconds": None}
    try:
        applied = MigrationRecorder(connection).applied_migrations()
        if newest_migrations() <= applied.keys():
            answer["tick_age_seconds"] = _tick_age()
        else:
            answer["migrations"] = "missing"
    except DatabaseError:
        answer |= {"database": "unreachable", "migrations": "unknown"}
    healthy = answer["database"] == "ok" and answer["migrations"] == "applied"
    answer |= {"status": "ok" if healthy else "failing", "cache": _cache_state()}
    answer |= {"disk_free_mb": _disk_free_mb(), "queue": "none"}
    return JsonResponse(answer, status=200 if healthy else 503)


def _tick_age() -> int | None:
    """Seconds since `manage.py tick` last finished; None when it never ran."""
    finished = TickRun.objects.filter(finished_at__isnull=False)  # a run that died is none
    last = finished.order_by("-finished_at").values_list("finished_at", flat=True).first()
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
