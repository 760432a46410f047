"""What the demo shows in place of what only a developer can read."""

import pytest
from django.test import Client

from tests.factories import OfficeFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/nowhere/", "/nominations/2026-F-999/"])
def test_a_missing_page_is_the_portals_own(path, settings):
    settings.DEBUG = True
    person = OfficeFactory()

    def look():
        client = Client()  # the middlewares are put together at its first request
        client.force_login(person)
        return client.get(path)

    assert b"DEBUG = True" in look().content  # else there would be nothing to replace

    settings.DEMO = True
    answer = look()

    assert answer.status_code == 404
    assert "404.html" in [template.name for template in answer.templates]
    assert b"DEBUG = True" not in answer.content
