"""Codes run on past 999: everywhere they stand in the order of their numbers, not of their letters."""

import io
import json
import re

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from awards.decision.actions import decide
from awards.nomination.actions.submission import submit_nomination
from awards.nomination.models import Nomination
from awards.nomination.rules.codes import code_key
from awards.notice.actions.publishing import draft_notice, publish_notice
from awards.notice.queries import listing
from awards.ranking.actions import freeze_ranking
from awards.result.actions import announce_results
from awards.screening.queries.queue import next_open
from awards.states import State
from tests.awards.decision.meetings import meeting_on
from tests.awards.notice.rounds import CONTACTS, at, over
from tests.awards.ranking.rounds import add_entries, add_round
from tests.factories import CampaignFactory, NominationFactory, OfficeFactory, PanelFactory, SecretaryFactory
from tests.reading import words_of
from units.papers.workbook import CONTENT_TYPE

NUMBERS = ["998", "999", "1000", "1001"]


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("2026-F-999", "2026-F-1000"),
        ("2026-F-012", "2026-F-013"),
        ("2026-F-1000", "2026-X-001"),
        ("2025-F-1000", "2026-F-001"),
        ("2026-ZF-F-999", "2026-ZF-F-1000"),
    ],
)
def test_a_lower_number_comes_first_then_the_category_then_the_year(lower, higher):
    assert code_key(lower) < code_key(higher)


@pytest.mark.django_db
def test_the_database_keeps_the_same_key_and_none_for_a_draft():
    for code in ("2026-F-012", "2026-F-1000", "2026-ZF-X-7"):
        NominationFactory(submitted=True, code=code)
    NominationFactory()

    for file in Nomination.objects.all():
        assert file.code_key == (file.code and code_key(file.code))
    assert Nomination.objects.last().code is None  # a draft stands after all files with a code


@pytest.mark.django_db
def test_the_number_after_999_and_after_1000_is_given():
    campaign = CampaignFactory(code="2031")
    NominationFactory(campaign=campaign, submitted=True, code="2031-F-999")
    for number in ("1000", "1001"):
        draft = NominationFactory(campaign=campaign, full=True, ready=True, state=State.UNIT_REVIEW)
        submitted = submit_nomination(draft, actor=SecretaryFactory(unit=draft.unit))
        assert submitted.code == f"2031-F-{number}"


# ---- pages and exports ----


@pytest.fixture
def tied(db):
    """campaign, panel, office; four entries of one total around the thousandth, handed in in another order."""
    campaign = CampaignFactory(code="2031", **CONTACTS)
    files = add_entries(campaign, "F", 4)
    for file, number in zip(files, ("1000", "998", "1001", "999"), strict=True):
        file.code = f"2031-F-{number}"
        file.save(update_fields=["code"])
    panel = add_round(campaign, files, [[88, 89, 90, 90, 90, 91, 92]] * 4)
    return campaign, panel, OfficeFactory(unit=campaign.organiser)


def numbers_in(answer):
    """The numbers of the codes as they follow each other on a page or in a workbook, each once."""
    assert answer.status_code == 200
    if answer["Content-Type"] == CONTENT_TYPE:
        sheet = load_workbook(io.BytesIO(answer.getvalue())).worksheets[0]
        text = "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    else:
        text = words_of(answer.content.decode())
    return list(dict.fromkeys(re.findall(r"2031-F-(\d+)", text)))


LISTS = [
    ("nomination-list", "?order=code"),
    ("nomination-list", "?order=code&export=xlsx"),
    ("nomination-list", "?order=unit"),
    ("screening-queue", "?tab=qualified"),
    ("screening-queue", "?tab=qualified&order=code"),
    ("screening-results", ""),
    ("review-progress", "?panel=F-written"),
    ("review-progress", "?panel=F-written&view=marks"),
    ("ranking", ""),
    ("ranking-xlsx", ""),
    ("decision-list", ""),
    ("decision-xlsx", ""),
]


@pytest.mark.parametrize(("name", "query"), LISTS)
def test_lists_of_a_judged_year_follow_the_numbers(tied, client, name, query):
    campaign, _, office = tied
    Nomination.objects.update(unit=Nomination.objects.first().unit)
    freeze_ranking(campaign, stage="final", actor=office)
    meeting_on(campaign)
    client.force_login(office)
    whose = [] if name.startswith("nomination") else [campaign.code]

    assert numbers_in(client.get(reverse(f"awards:{name}", args=whose) + query)) == NUMBERS


def test_turned_round_the_highest_number_comes_first(tied, client):
    client.force_login(tied[2])

    answer = client.get(reverse("awards:nomination-list"), {"order": "-code"})

    assert numbers_in(answer) == NUMBERS[::-1]


def test_the_public_record_keeps_the_order_of_its_format(tied):
    """Text order, as format 1 says: whoever checks an old record finds it unchanged."""
    campaign, _, office = tied

    record = json.loads(freeze_ranking(campaign, stage="final", actor=office).record)

    in_text_order = [f"2031-F-{number}" for number in sorted(NUMBERS)]
    assert [entry["code"] for entry in record["entries"]] == in_text_order
    assert [line["entry"] for line in record["standings"]] == in_text_order


def test_the_notice_and_the_results_follow_the_numbers(tied, client):
    campaign, _, office = tied
    freeze_ranking(campaign, stage="final", actor=office)
    decide(meeting_on(campaign), actor=office)
    notice = publish_notice(draft_notice(campaign, actor=office), actor=office)

    listed = listing(notice).values_list("nomination__code", flat=True)
    assert list(listed) == [f"2031-F-{number}" for number in NUMBERS]
    client.force_login(office)
    with at(over(notice)):
        assert numbers_in(client.get(reverse("awards:result-announce", args=["2031"]))) == NUMBERS
        announce_results(campaign, document_number="东区直工委〔2031〕12号", actor=office)
    for query in ({}, {"export": "xlsx"}):
        assert numbers_in(client.get(reverse("awards:result-list", args=["2031"]), query)) == NUMBERS


@pytest.mark.django_db
def test_screening_goes_on_from_999_to_1000():
    campaign = CampaignFactory(code="2031")
    for number in ("1000", "998", "999"):
        NominationFactory(campaign=campaign, submitted=True, code=f"2031-F-{number}")

    assert next_open(campaign, after="2031-F-998") == "2031-F-999"
    assert next_open(campaign, after="2031-F-999") == "2031-F-1000"
    assert next_open(campaign, after="2031-F-1000") == "2031-F-998"


def test_a_panel_gives_its_entries_in_the_order_of_the_numbers(tied, client):
    campaign, _, office = tied
    PanelFactory(category=campaign.categories.get(letter="F"), campaign=campaign, stage="live", unopened=True)
    client.force_login(office)

    assert numbers_in(client.get(reverse("awards:panel", args=["2031", "F", "written"]))) == NUMBERS
