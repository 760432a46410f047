"""The kit's promises, on pages of the product: what was typed stays, sent twice is done once."""

import re

import pytest
from django.urls import reverse

from awards.nomination.actions.submission import submit_nomination
from awards.states import State
from tests.factories.awards import NominationFactory
from tests.factories.services import ActivityFactory
from tests.factories.units import PASSWORD, SecretaryFactory, UnitFactory
from tests.races import at_once
from units.audit.events import Event
from units.audit.models import AuditEntry

ONCE = re.compile(r'name="once" value="([^"]+)"')


@pytest.fixture
def secretary():
    return SecretaryFactory()


@pytest.fixture
def handed_over(secretary):
    draft = NominationFactory(unit=secretary.posts.get().unit, full=True, ready=True)
    return submit_nomination(draft, actor=secretary)


def withdraw_page(nomination):
    return reverse("awards:nomination-withdraw", args=[nomination.key])


def form_of(client, url) -> dict:
    """What the page's form carries by itself."""
    return {"once": ONCE.search(client.get(url).content.decode()).group(1)}


def told(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


@pytest.mark.django_db
def test_a_form_sent_twice_acts_once_and_leads_where_the_first_one_led(client, secretary, handed_over):
    client.force_login(secretary)
    url = withdraw_page(handed_over)
    sent = form_of(client, url) | {"reason": "改报其他项目"}

    first, second = client.post(url, sent), client.post(url, sent, follow=True)

    assert first.url == second.redirect_chain[0][0]
    assert told(second) == ["申报已撤回。", "刚才已经办理，没有重复办理。"]
    assert AuditEntry.objects.filter(event=Event.NOMINATION_WITHDRAWN).count() == 1


@pytest.mark.django_db
def test_what_was_refused_may_be_sent_again_from_the_same_page(client, secretary, handed_over):
    client.force_login(secretary)
    url = withdraw_page(handed_over)
    form = form_of(client, url)

    assert "reason" in client.post(url, form | {"reason": ""}).context["form"].errors
    client.post(url, form | {"reason": "改报其他项目"})

    handed_over.refresh_from_db()
    assert handed_over.state == State.WITHDRAWN


@pytest.mark.django_db
def test_a_number_of_one_person_is_nothing_to_another(client, secretary, handed_over):
    client.force_login(SecretaryFactory(unit=handed_over.unit))
    form = form_of(client, withdraw_page(handed_over))
    client.force_login(secretary)

    client.post(withdraw_page(handed_over), form | {"reason": "改报其他项目"})

    handed_over.refresh_from_db()
    assert handed_over.state == State.WITHDRAWN


@pytest.mark.django_db
def test_another_text_in_the_same_form_is_another_act(client, secretary):
    """After Back the browser shows the old form; what is then changed in it must not be taken for the first."""
    draft = NominationFactory(unit=secretary.posts.get().unit)
    client.force_login(secretary)
    url = reverse("awards:nomination-partners", args=[draft.key])
    form = form_of(client, url) | {"share": "30"}
    organiser = draft.campaign.organiser
    units = [UnitFactory(parent=organiser), UnitFactory(parent=organiser)]

    for unit in [*units, units[0]]:
        client.post(url, form | {"unit": unit.slug})

    assert {partner.unit for partner in draft.partners.all()} == set(units)
    assert AuditEntry.objects.filter(event=Event.PARTNER_INVITED).count() == 2


@pytest.mark.django_db
def test_a_refusal_stands_above_what_was_typed(client, secretary, handed_over, monkeypatch):
    from awards.errors import StageError
    from awards.nomination.views import submission

    def refuse(*args, **kwargs):
        raise StageError("不在申报时间内，不能撤回。")

    monkeypatch.setattr(submission, "withdraw_nomination", refuse)
    client.force_login(secretary)

    answer = client.post(withdraw_page(handed_over), {"reason": "写了很长的理由"})

    page = answer.content.decode()
    assert (answer.status_code, "写了很长的理由" in page, "不能撤回" in page) == (200, True, True)


@pytest.mark.django_db
def test_the_address_of_a_button_opened_by_hand_leads_to_the_page_it_stands_on(client, secretary):
    row = ActivityFactory(unit=secretary.posts.get().unit)
    client.force_login(secretary)

    assert client.get(f"{row.get_absolute_url()}send/").url == row.get_absolute_url()


@pytest.mark.commits
def test_two_sendings_at_the_same_moment_act_once(secretary, handed_over):
    from django.test import Client

    clients = [Client(), Client()]
    for client in clients:
        client.force_login(secretary)
    url = withdraw_page(handed_over)
    sent = form_of(clients[0], url) | {"reason": "改报其他项目"}

    answers = at_once(*(lambda client=client: client.post(url, sent).status_code for client in clients))

    assert answers == [302, 302]
    assert AuditEntry.objects.filter(event=Event.NOMINATION_WITHDRAWN).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["撤回申报", "退回修改"])
def test_the_button_of_a_page_that_asks_acts_in_a_real_browser(page, live_server, verb):
    """A form of its own inside the page's form once took the button away from it."""
    secretary = SecretaryFactory()
    state = State.UNIT_REVIEW
    file = NominationFactory(unit=secretary.posts.get().unit, full=True, ready=True, state=state)
    name = "nomination-withdraw" if verb == "撤回申报" else "nomination-send-back"
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("[name=login]", secretary.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)

    page.goto(live_server.url + reverse(f"awards:{name}", args=[file.key]))
    page.fill("main [name=reason]", "改报其他项目")
    with page.expect_navigation():
        page.get_by_role("button", name=verb).click()

    file.refresh_from_db()
    assert file.state == (State.WITHDRAWN if verb == "撤回申报" else State.DRAFT)
