"""What a browser sends, before anything else reads it."""

import pytest
from django.test import RequestFactory

from config.middleware import SentTextMiddleware


@pytest.mark.parametrize("odd", ["a%00", "%ED%A0%80"])
def test_what_no_database_takes_stays_written_in_both_forms_of_the_address(odd):
    request = RequestFactory().get(f"/panels/2026/reviewers/{odd}/")

    path, inner = SentTextMiddleware(lambda request: (request.path, request.path_info))(request)

    assert path == inner
    assert "\0" not in path
    path.encode()  # no half of a character
