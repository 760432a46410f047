"""Every page that links lead to, as every role, on the demo season: it opens, fits, and can be read by all."""

import pytest

from tests.flows.crawl import Walk

pytestmark = pytest.mark.django_db

PEOPLE = {
    "": 5,  # at least so many routes
    "office": 20,
    "supervisor": 8,
    "member1": 4,
    "reviewer1": 4,
    "secretary01": 8,
    "clerk01": 8,
    "sysadmin": 6,
    "secadmin": 3,
    "auditor": 3,
}


@pytest.fixture(scope="module")
def known():
    """Routes looked at already, so that no page is taken apart ten times."""
    return set()


@pytest.mark.parametrize("username", PEOPLE)
def test_every_page_is_whole(username, demo_site, known, context):
    if username:
        context.add_cookies(demo_site.cookies[username])

    walk = Walk(context.new_page(), demo_site.url, known).walk("/")
    known.update(walk.seen)

    assert not walk.findings, "\n".join(["", *walk.findings])
    assert len(walk.seen) >= PEOPLE[username], sorted(walk.seen)
