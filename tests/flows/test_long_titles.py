"""A title of two hundred letters without a space stretches no page, on a small office screen or a phone."""

from __future__ import annotations

import pgtrigger
import pytest
from django.apps import apps

from awards.nomination.models import Submission
from tests.flows.crawl import OVERFLOW
from tests.flows.test_odd_addresses import reached  # noqa: F401

pytestmark = pytest.mark.django_db

LONG = "https-www.dongying.gov.cn/art/2026/11/30/" + "a1b2c3d4e5" * 20


@pytest.fixture(scope="module")
def long_titles(demo, django_db_blocker):
    """Every title of the season, and what was frozen of it, is one long word."""
    with django_db_blocker.unblock(), pgtrigger.ignore():
        for label in ("nomination", "noticeentry", "result"):
            apps.get_model("awards", label).objects.update(title=LONG[:200])
        for submission in Submission.objects.all():
            submission.content["title"] = LONG[:200]
            Submission.objects.filter(pk=submission.pk).update(content=submission.content)
        apps.get_model("services", "activity").objects.update(subject=LONG[:60], target=LONG[:100])


@pytest.mark.parametrize("width", [1366, 390])
def test_no_page_is_stretched(long_titles, reached, demo_site, context, width):  # noqa: F811
    shown = {route: found for route, found in reached.items() if LONG[:60] in found[2]}
    assert len(shown) > 20, sorted(shown)
    wide = []
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 768})
    for route, (username, path, _) in shown.items():
        context.clear_cookies()
        if username:
            context.add_cookies(demo_site.cookies[username])
        page.goto(f"{demo_site.url}{path}")
        if overflow := page.evaluate(OVERFLOW):
            wide.append(f"{route} {path}: {overflow}")
    assert wide == []
