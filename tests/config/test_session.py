import time

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.urls import include, path

from config.middleware import SEEN, STEP


def page(request):
    return HttpResponse(f"signed in as {request.user.get_username()}")


@login_not_required
def public(request):
    return HttpResponse("for everybody")


urlpatterns = [path("page/", page), path("public/", public), path("accounts/", include("allauth.urls"))]
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.config.test_session")]


@pytest.fixture
def signed_in(client):
    client.force_login(get_user_model().objects.create(username="clerk01"))
    client.get("/page/")
    return client


def rewind(client, seconds):
    session = client.session
    session[SEEN] = int(time.time()) - seconds
    session.save()


def end_of(client):
    return Session.objects.get(pk=client.session.session_key).expire_date


def test_a_second_request_within_the_minute_writes_nothing(signed_in, cost):
    with cost() as spent:
        signed_in.get("/page/")

    assert spent.queries == 2, spent.statements  # the session, the user


def test_a_used_session_ends_later(signed_in):
    before, now = end_of(signed_in), int(time.time())
    rewind(signed_in, STEP + 1)

    signed_in.get("/page/")

    assert end_of(signed_in) > before
    assert signed_in.session[SEEN] >= now


def test_an_unused_session_is_over(signed_in, settings):
    Session.objects.update(expire_date="2020-01-01T00:00:00Z")

    answer = signed_in.get("/page/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_a_public_page_asks_for_no_session(signed_in, cost):
    with cost() as spent:
        signed_in.get("/public/")

    assert spent.queries == 0, spent.statements
