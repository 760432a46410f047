"""The demo season as design.md 8 promises it; loaded once, see conftest."""

from collections import Counter
from hashlib import sha256
from io import StringIO

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.core.management import call_command
from django.db.models import Count
from django.urls import reverse

from awards.campaign.models import Campaign
from awards.campaign.queries import rule_in_force
from awards.dashboard.figures import FIGURES
from awards.models import (
    Assignment,
    Attachment,
    Certificate,
    Nomination,
    Recusal,
    Result,
    Score,
    ScoreSheet,
    Submission,
)
from awards.nomination.queries import form_state
from awards.nomination.rules import digest_of_content, gaps_of
from awards.ranking.parsing import parse_rule
from awards.ranking.queries import gather, stage_chain
from awards.ranking.rules import standings
from awards.screening.rules import find_identity
from awards.states import HOLDS_A_PLACE, State
from services.models import Activity, ActivityUnit, LogState
from services.queries import register_figures
from units.audit.seal import faults
from units.checks import no_demo_accounts
from units.demo import MARK, PASSWORD, login_groups
from units.models import Post, Unit, UnitAlias, UnitKind, User
from units.roles import Role

pytestmark = pytest.mark.xdist_group("demo")

ACCOUNTS = [
    "office", "office2", "supervisor", *(f"member{n}" for n in range(1, 8)), *(f"reviewer{n}" for n in range(1, 10)),
    *(f"secretary{n:02d}" for n in range(1, 78)), "clerk01", "sysadmin", "secadmin", "auditor",
]  # fmt: skip


@pytest.fixture
def year(season):
    return Campaign.objects.get(code="2026")


# ---------------------------------------------------------------- the command


def test_the_season_is_loaded_in_time(season):
    # 15 seconds in all: what Python takes here, and so many statements as PostgreSQL answers in a second.
    assert season.seconds < 12
    assert season.statements < 2000
    assert PASSWORD in season.said


def test_a_second_run_changes_nothing_and_says_so(season, settings, cost):
    settings.DEBUG = True
    out = StringIO()
    with cost() as spent:
        call_command("seed", stdout=out)
    assert "已在" in out.getvalue()
    assert spent.queries == 1
    assert User.objects.count() == len(ACCOUNTS)


def test_deployment_is_refused_while_a_demo_account_exists(season):
    found = no_demo_accounts(None)
    assert [problem.id for problem in found] == ["units.E001"]
    User.objects.filter(email__endswith=MARK).update(email="")
    assert no_demo_accounts(None, databases=None) == []


# ---------------------------------------------------------------- people


def test_the_accounts_are_those_of_the_contract(season):
    assert sorted(User.objects.values_list("username", flat=True)) == sorted(ACCOUNTS)


def test_all_accounts_share_one_hash_of_the_demo_password(season):
    hashes = set(User.objects.values_list("password", flat=True))
    assert len(hashes) == 1
    assert identify_hasher(hashes.pop()).verify(PASSWORD, User.objects.first().password)


def test_every_account_holds_a_confirmed_post_today(season):
    held = Post.objects.current().values_list("user__username", flat=True).distinct()
    assert sorted(set(held)) == sorted(ACCOUNTS)


def test_the_log_in_page_offers_every_account_once(season, client, settings):
    settings.DEMO = True
    rows = [row for group in login_groups() for row in group["accounts"]]
    offered = [name for row in rows for name in (row["username"], *row["others"])]
    assert sorted(offered) == sorted(ACCOUNTS)
    page = client.get(reverse("account_login")).content.decode()
    assert all(f'value="{name}"' in page for name in ACCOUNTS)


@pytest.mark.parametrize("name", ["secretary01", "clerk01", "office", "reviewer1", "member7", "auditor"])
def test_an_account_signs_in(season, client, name):
    answer = client.post(reverse("account_login"), {"login": name, "password": PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(username=name).pk)


def test_the_committee_has_77_organizations(season):
    committee = Unit.objects.get(kind=UnitKind.COMMITTEE)
    organizations = Unit.objects.top_organizations(committee)
    assert organizations.count() == 77
    secretaries = Post.objects.current().filter(role=Role.SECRETARY)
    assert set(secretaries.values_list("unit", flat=True)) == set(organizations.values_list("pk", flat=True))


# ---------------------------------------------------------------- 2020


def test_2020_has_the_figures_of_the_report(season):
    committee = Unit.objects.get(kind=UnitKind.COMMITTEE)
    figures = register_figures(committee, 2020)
    assert figures["volunteering_units"] == 77
    assert figures["oilfield_communities"] == 45
    assert figures["joint_projects"] == 64
    assert figures["registrations"] == figures["registered_members"] == 2284
    assert figures["brands"] == 58
    assert figures["donations"] == 301705


def test_2020_ended_with_fifteen_certified_results_and_no_marks(season):
    counts = Counter(Result.objects.filter(campaign__code="2020").values_list("category__letter", flat=True))
    assert counts == {"F": 5, "Z": 5, "X": 5}
    assert Certificate.objects.filter(number__startswith="DYQZ-2020-").count() == 15
    assert not ScoreSheet.objects.filter(assignment__panel__campaign__code="2020").exists()


# ---------------------------------------------------------------- the current year


def test_nominations_stand_in_every_state_reached_so_far(year):
    states = set(year.nominations.values_list("state", flat=True))
    assert states == {
        State.DRAFT, State.UNIT_REVIEW, State.SUBMITTED, State.RETURNED, State.QUALIFIED, State.INELIGIBLE,
        State.LAPSED, State.WITHDRAWN,
    }  # fmt: skip


def test_no_organization_holds_more_places_than_it_has(year):
    held = year.nominations.filter(state__in=HOLDS_A_PLACE)
    assert not held.values("unit__top").annotate(n=Count("pk")).filter(n__gt=2).exists()
    assert not held.values("unit__top", "category").annotate(n=Count("pk")).filter(n__gt=1).exists()


def test_what_was_submitted_lacks_nothing(season):
    for nomination in Nomination.objects.filter(code__isnull=False).select_related("campaign", "category"):
        assert not gaps_of(form_state(nomination)), nomination


def test_submissions_carry_the_digest_of_what_they_hold(season):
    rows = list(Submission.objects.all())
    assert len(rows) > 120
    assert all(row.sha256 == digest_of_content(row.content) for row in rows)


def test_no_text_of_a_nomination_names_a_unit(season):
    names = {name for pair in Unit.objects.values_list("name", "short_name") for name in pair}
    names |= set(UnitAlias.objects.values_list("name", flat=True))
    parts = ("title", "summary", "background", "practice", "innovation", "effect", "spread")
    for row in Nomination.objects.values_list(*parts):
        assert not find_identity("\n".join(row), names)


def test_attached_files_are_there_and_are_what_they_say(season):
    for attachment in Attachment.objects.order_by("?")[:12]:
        with attachment.file.open() as file:
            content = file.read()
        assert sha256(content).hexdigest() == attachment.sha256
        assert content.startswith(b"%PDF" if attachment.name.endswith("pdf") else b"\x89PNG")


def test_some_claims_exceed_the_record(year):
    flagged = 0
    for submission in Submission.objects.filter(nomination__campaign=year, nomination__state=State.QUALIFIED):
        recorded = submission.content["recorded"]
        for claim in submission.content["claims"]:
            if claim["metric"] == "beneficiaries":
                flagged += float(claim["value"]) > 1.1 * float(recorded["beneficiaries"])
    assert 4 <= flagged <= 8


def test_about_half_of_the_sheets_are_in(year):
    due = Assignment.objects.live().filter(panel__campaign=year)
    done = ScoreSheet.objects.handed_in().filter(assignment__in=due).count()
    assert 0.45 < done / due.count() < 0.6
    assert due.filter(abstained_at__isnull=False).count() == 1
    assert due.filter(skipped_at__isnull=False).exists()


def test_kept_totals_are_the_sums_of_their_marks(year):
    sums = Counter()
    for sheet, mark in Score.objects.values_list("sheet", "mark"):
        sums[sheet] += mark
    for sheet in ScoreSheet.objects.handed_in():
        assert sheet.total == sums[sheet.pk]


def test_one_panel_is_closed_and_shows_a_tie_and_a_blocked_entry(year):
    closed = year.panels.closed().get()
    rule = parse_rule(rule_in_force(year).body)
    gathered = gather(year, rule, stage_chain(rule, "written"))
    lines = [line for line in standings(rule, gathered.entries, gathered.sheets) if line.category == "F"]
    assert closed.category.letter == "F"
    assert [line.blocked_in for line in lines].count("written") == 1
    scores = Counter(line.stages["written"] for line in lines if line.stages)
    going_on = [line for line in lines if line.blocked_in == "live"]
    assert len(going_on) == 11, "the tie stands at the cut, so both go on"
    assert scores[min(line.stages["written"] for line in going_on)] == 2


def test_ties_were_computed_and_one_was_declared(year):
    kinds = Counter(Recusal.objects.filter(nomination__campaign=year).values_list("kind", flat=True))
    assert {"own_unit", "parent_or_child", "co_applicant", "past_post", "declared_author"} <= kinds.keys()


def test_everybody_has_something_to_do(year):
    first = Unit.objects.get(slug="party-office")
    assert first.nominations.get(state=State.RETURNED).correction_due_at.date().isoformat() == "2026-11-24"
    assert year.nominations.awaiting_screening().count() == 2
    for nomination in year.nominations.exclude(code=None):
        assert nomination.submitted_at == nomination.submissions.first().submitted_at, nomination
    assert Activity.objects.filter(state=LogState.SENT).exists()
    open_desks = Assignment.objects.live().filter(panel__campaign=year, panel__closed_at=None, sheets=None)
    assert open_desks.values("seat__reviewer").distinct().count() >= 7


def test_what_screening_found_stands_on_the_checklist(year):
    for nomination in year.nominations.filter(state__in=[State.RETURNED, State.INELIGIBLE, State.SUBMITTED]):
        judged = nomination.submissions.last()
        faults = set(judged.checks.exclude(verdict="pass").values_list("remark", flat=True))
        asked = {item.remark for return_ in nomination.corrections.all() for item in return_.items.all()}
        assert faults == asked | ({nomination.refusal_reason} - {""}), nomination


def test_the_log_is_sealed_without_a_fault(season):
    assert not list(faults())


# ---------------------------------------------------------------- the dashboard of both years

REPORTED = {
    "volunteering_units": 77,
    "registered_members": 2284,
    "joint_projects": 64,
    "brands": 58,
    "oilfield_communities": 45,
    "action_branches": 10,
    "front_line_members": 4,
    "donations": 301705,
    "results": 15,
}


def dashboard(client, code: str, account: str = "office"):
    client.force_login(User.objects.get(username=account))
    return client.get(reverse("awards:dashboard", args=[code]))


def test_the_page_of_2020_prints_the_figures_of_the_report(season, client):
    answer = dashboard(client, "2020")
    assert {line["key"]: line["value"] for line in answer.context["figures"]} == REPORTED
    words = answer.content.decode()
    for printed in ("77", "2,284", "64", "58", "45", "10", "4", "301,705", "15"):
        assert f"<dd>{printed}<small>" in words or f'<dd class="award">{printed}<small>' in words
    assert "疫情防控3，重点项目7" in words
    assert "最佳服务举措5，最佳制度创新5，最佳项目推进5" in words


@pytest.mark.parametrize("code", ["2020", "2026"])
@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.key)
def test_every_figure_is_what_its_rows_say(season, client, code, figure):
    campaign = Campaign.objects.get(code=code)
    values = {line["key"]: line["value"] for line in dashboard(client, code).context["figures"]}
    rows = list(figure.rows(campaign))
    counted = sum(row.amount for row in rows) if figure.key == "donations" else len(rows)
    assert values[figure.key] == counted


def test_a_row_less_is_a_figure_less(season, client):
    Result.objects.filter(certificate__number="DYQZ-2020-F-001").update(
        revoked_at="2021-01-05T10:00+08:00", revoke_reason="材料不实"
    )
    court = Unit.objects.get(slug="court")
    Activity.objects.filter(unit=court, happened_on__year=2020).update(is_volunteering=False)
    ActivityUnit.objects.filter(unit=court).delete()
    values = {line["key"]: line["value"] for line in dashboard(client, "2020").context["figures"]}
    assert values == REPORTED | {"results": 14, "volunteering_units": 76}


@pytest.mark.parametrize(
    "account", ["office", "supervisor", "member1", "reviewer1", "secretary05", "clerk01"]
)
@pytest.mark.parametrize("code", ["2020", "2026"])
def test_every_role_reads_both_years(season, client, code, account):
    assert dashboard(client, code, account).status_code == 200


def test_progress_is_told_as_counts_and_only_to_those_who_run_it(season, client):
    tables = {table.key: table for table in dashboard(client, "2026").context["tables"]}
    done = ScoreSheet.objects.handed_in().filter(assignment__panel__campaign__code="2026").count()
    assert tables["progress"].total[1] == done
    for account in ("member1", "reviewer1", "secretary01"):
        assert "progress" not in {t.key for t in dashboard(client, "2026", account).context["tables"]}
