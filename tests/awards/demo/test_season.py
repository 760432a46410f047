"""The demo season as it is promised: what its people, years, files, marks and pages are."""

import json
from collections import Counter
from hashlib import sha256
from io import StringIO

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.core.management import call_command
from django.db.models import Count
from django.urls import reverse

from awards.campaign.models import Campaign
from awards.campaign.queries.rule import rule_in_force
from awards.dashboard.figures import FIGURES
from awards.decision.models import Departure
from awards.demo.pages import telling_pages
from awards.nomination.models import Attachment, Nomination, Submission
from awards.nomination.queries.content import form_state
from awards.nomination.rules.completeness import gaps_of
from awards.nomination.rules.freezing import digest_of_content
from awards.notice.models import Objection, ObjectionState, Outcome
from awards.panel.models import Assignment, Panel, Recusal
from awards.ranking.models import Ranking
from awards.ranking.queries.gathering import gather
from awards.ranking.queries.readiness import stage_chain
from awards.result.models import Certificate, Result
from awards.review.models import Score, ScoreSheet
from awards.scoring.parsing import parse_rule
from awards.scoring.ranking import standings
from awards.scoring.recount import main as recount
from awards.screening.rules.blindness import find_identity
from awards.states import HOLDS_A_PLACE, State
from services.models.activities import Activity, ActivityUnit
from services.models.logged import LogState
from services.queries import register_figures
from units.audit.events import Event
from units.audit.models import AuditEntry
from units.audit.seal import faults
from units.checks import no_demo_accounts
from units.demo import MARK, PASSWORD, login_groups
from units.models import Post, Unit, UnitAlias, UnitKind, User
from units.roles import Role

ACCOUNTS = [
    "office", "office2", "supervisor", *(f"member{n}" for n in range(1, 8)), *(f"reviewer{n}" for n in range(1, 10)),
    *(f"secretary{n:02d}" for n in range(1, 78)), "clerk01", "sysadmin", "secadmin", "auditor",
]  # fmt: skip


@pytest.fixture
def season(demo, db):
    """The loaded season; each test's own writes are rolled back."""
    return demo


@pytest.fixture
def year(season):
    return Campaign.objects.get(code="2026")


@pytest.fixture
def last_year(season):
    return Campaign.objects.get(code="2025")


# ---------------------------------------------------------------- the command


def test_the_season_is_loaded_in_time(season):
    # What Python takes here, and so many statements as PostgreSQL answers in some more.
    assert season.seconds < 30
    assert season.statements < 16_000
    assert PASSWORD in season.said


def test_a_second_run_changes_nothing_and_says_so(season, settings, cost):
    settings.DEBUG = True
    out = StringIO()
    with cost() as spent:
        call_command("seed", stdout=out)
    assert "已在" in out.getvalue()
    assert spent.queries == 2
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


def test_the_log_in_page_leads_each_role_to_its_most_telling_page(season, client, settings):
    settings.DEMO = True
    page = client.get(reverse("account_login")).content.decode()
    pages = telling_pages()
    assert len(pages) == 10, "nine roles and the public"
    for one in pages.values():
        assert one.words in page
        assert one.address in page
    signed_in = {"login": "supervisor", "password": PASSWORD, "next": pages["supervisor"].address}
    assert client.post(reverse("account_login"), signed_in)["Location"] == "/panels/2026/"


def test_outside_the_demo_the_log_in_page_leads_nowhere(season, client, settings):
    settings.DEMO = False
    assert "值得一看" not in client.get(reverse("account_login")).content.decode()


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


# ---------------------------------------------------------------- the year before


def test_it_ran_from_a_call_to_an_announcement_within_its_year(last_year):
    closed = [row.closes_at for row in last_year.timetable.all()]
    assert last_year.opened_at < min(closed) < last_year.announced_at
    assert {last_year.opened_at.year, last_year.announced_at.year} == {2025}


def test_its_files_ended_in_every_way(last_year):
    states = Counter(last_year.nominations.values_list("state", flat=True))
    assert states[State.SELECTED] == 14
    assert states[State.REVOKED] == 1
    assert states.keys() == {
        State.SELECTED, State.REVOKED, State.NOT_SELECTED, State.NOT_SHORTLISTED, State.INELIGIBLE, State.LAPSED,
        State.WITHDRAWN,
    }  # fmt: skip
    corrected = Submission.objects.filter(nomination__campaign=last_year, number=2)
    assert corrected.count() == 1


def test_its_log_was_handed_in_by_the_units_and_reviewed_by_the_office(last_year):
    rows = Activity.objects.filter(happened_on__year=2025)
    assert rows.count() > 150
    assert set(rows.values_list("state", flat=True)) == {LogState.REVIEWED}
    for event in (Event.ACTIVITY_SENT, Event.ACTIVITY_REVIEWED):
        assert AuditEntry.objects.filter(event=event).count() >= rows.count()


def test_both_stages_were_drawn_judged_and_closed(last_year):
    panels = Panel.objects.filter(campaign=last_year)
    assert sorted(panels.values_list("stage", "category__letter")) == [
        (stage, letter) for stage in ("live", "written") for letter in "FXZ"
    ]
    assert all(panel.closed_at and panel.witness.username == "supervisor" for panel in panels)
    due = Assignment.objects.live().filter(panel__campaign=last_year, abstained_at=None)
    assert ScoreSheet.objects.handed_in().filter(assignment__in=due).count() == due.count()


def test_reviewers_stood_back_by_computation_and_by_their_own_word(last_year):
    sources = Counter(Recusal.objects.filter(nomination__campaign=last_year).values_list("source", flat=True))
    assert sources["computed"]
    assert sources["declared"] == 1


def test_an_entry_short_of_a_sheet_was_judged_by_somebody_called_up(last_year):
    reopened = Panel.objects.get(campaign=last_year, reopened_at__isnull=False)
    called = reopened.assignments.filter(reason__contains="补评")
    assert called.count() == 1
    assert called.get().sheets.handed_in().exists()
    assert AuditEntry.objects.get(event=Event.PANEL_REOPENED, campaign="2025").second_actor is not None


@pytest.mark.parametrize("stage", ["written", Ranking.FINAL])
def test_its_records_agree_with_a_recount(last_year, stage, tmp_path):
    ranking = Ranking.objects.current().get(campaign=last_year, stage=stage)
    file = tmp_path / "record.json"
    file.write_text(ranking.record, encoding="utf-8")
    assert recount([str(file)]) == 0

    forged = json.loads(ranking.record)
    forged["sheets"][0]["marks"] = dict.fromkeys(forged["sheets"][0]["marks"], "1")
    file.write_text(json.dumps(forged), encoding="utf-8")
    assert recount([str(file)]) == 1


def test_the_final_ranking_says_how_firm_each_seat_is(last_year):
    ranked = (
        Ranking.objects.current().get(campaign=last_year, stage=Ranking.FINAL).entries.filter(status="ranked")
    )
    assert ranked.count() >= 15
    assert not ranked.filter(best_place=None).exists()
    assert {True, False} == set(ranked.values_list("is_firm", flat=True))


def test_the_meeting_departed_once_and_voted_apart_on_what_a_member_is_tied_to(last_year):
    meeting = last_year.meetings.get()
    assert (meeting.entitled, meeting.present) == (7, 6)
    departures = Departure.objects.filter(meeting=meeting)
    assert {row.taken_in for row in departures} == {True, False}
    assert {row.nomination.category.letter for row in departures} == {"Z"}
    apart = meeting.tallies.get(nomination__isnull=False)
    assert apart.left == 1
    assert apart.nomination.unit.slug == "water"


def test_objections_ended_in_every_way_and_one_seat_passed_to_the_next_by_a_second_notice(last_year):
    cases = Objection.objects.filter(notice__campaign=last_year)
    assert Counter(cases.values_list("state", flat=True)) == {
        ObjectionState.RULED: 3,
        ObjectionState.REFUSED: 1,
    }
    outcomes = Counter(cases.filter(ruling__isnull=False).values_list("ruling__outcome", "is_named"))
    assert outcomes == {
        (Outcome.UPHELD, True): 1,
        (Outcome.NOT_UPHELD, True): 1,
        (Outcome.NOT_UPHELD, False): 1,
    }
    first, second = last_year.notices.order_by("number")
    assert (first.entries.count(), second.entries.count()) == (15, 1)
    assert second.first_day > first.last_day
    moved = second.entries.get().nomination
    struck = cases.get(ruling__outcome=Outcome.UPHELD).nomination
    assert (moved.category, moved.state, struck.state) == (
        struck.category,
        State.SELECTED,
        State.NOT_SELECTED,
    )


def test_fifteen_results_were_announced_with_certificates_and_one_was_revoked(last_year):
    results = Result.objects.filter(campaign=last_year)
    assert results.count() == Certificate.objects.filter(number__startswith="DYQZ-2025-").count() == 15
    revoked = results.get(revoked_at__isnull=False)
    assert revoked.nomination.state == State.REVOKED
    assert revoked.revoked_at > last_year.announced_at


def test_every_act_of_it_stands_in_the_log_in_its_own_time(last_year):
    entries = AuditEntry.objects.filter(campaign="2025").order_by("pk")
    times = list(entries.values_list("at", flat=True))
    assert times == sorted(times)
    assert times[0] < last_year.opened_at
    acts = Counter(entries.values_list("event", flat=True))
    for event in (Event.RULE_LOCKED, Event.PANEL_DRAWN, Event.RANKING_FROZEN, Event.LIST_DECIDED, Event.NOTICE_PUBLISHED,
                  Event.OBJECTION_RULED, Event.NOMINATION_MOVED_UP, Event.RESULTS_ANNOUNCED, Event.RESULT_REVOKED):  # fmt: skip
        assert acts[event], event
    assert (
        acts[Event.SHEET_HANDED_IN]
        == ScoreSheet.objects.filter(
            assignment__panel__campaign=last_year, handed_in_at__isnull=False
        ).count()
    )


def test_the_log_is_found_whole(season):
    out = StringIO()
    call_command("check_audit", stdout=out, stderr=out)
    assert "不一致" not in out.getvalue()


@pytest.mark.parametrize(
    ("account", "route"),
    [
        ("office", "awards:ranking"), ("office", "awards:decision"), ("office", "awards:result-list"),
        ("office", "awards:notice-desk"), ("supervisor", "awards:notice-desk"), ("member1", "awards:decision"),
        ("auditor", "units:audit-log"), ("office", "awards:appraisal"), ("secretary01", "awards:dashboard"),
    ],
)  # fmt: skip
def test_its_pages_are_there_for_those_who_read_them(last_year, client, account, route):
    client.force_login(User.objects.get(username=account))
    address = reverse(route) if route.startswith("units:") else reverse(route, args=["2025"])
    assert client.get(address).status_code == 200


def test_the_public_reads_its_notices_and_checks_its_certificates(last_year, client):
    for notice in last_year.notices.all():
        assert client.get(notice.get_absolute_url()).status_code == 200
    number = Certificate.objects.filter(result__campaign=last_year, result__revoked_at=None).first().number
    assert number in client.get(reverse("awards:certificate", args=[number])).content.decode()


def test_some_of_its_papers_are_open_to_reviewers(last_year):
    papers = Attachment.objects.filter(nomination__campaign=last_year)
    assert papers.filter(blind_ok=True).exists()
    assert not papers.filter(kind="sealed", blind_ok=True).exists()


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
    assert len(rows) > 100
    assert all(row.sha256 == digest_of_content(row.content) for row in rows)


def test_no_text_of_a_nomination_names_a_unit(season):
    names = {name for pair in Unit.objects.values_list("name", "short_name") for name in pair}
    names |= set(UnitAlias.objects.values_list("name", flat=True))
    parts = ("title", "summary", "background", "practice", "innovation", "effect", "spread")
    for row in Nomination.objects.values_list(*parts):
        assert not find_identity("\n".join(row), names)


def test_attached_files_are_there_and_are_what_they_say(season):
    for attachment in Attachment.objects.order_by("pk")[::20]:
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
    assert len(going_on) == 9, "the tie stands at the cut of eight, so both go on"
    assert scores[min(line.stages["written"] for line in going_on)] == 2


def test_ties_were_computed_and_one_was_declared(year):
    kinds = Counter(Recusal.objects.filter(nomination__campaign=year).values_list("kind", flat=True))
    assert {"own_unit", "parent_or_child", "co_applicant", "past_post", "declared_author"} <= kinds.keys()


def test_everybody_has_something_to_do(year):
    first = Unit.objects.get(slug="party-office")
    assert first.nominations.get(state=State.RETURNED).correction_due_at.date().isoformat() == "2026-11-24"
    assert year.nominations.filter(state=State.SUBMITTED).count() == 2
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


# ---------------------------------------------------------------- the dashboard of every year

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


@pytest.mark.parametrize("code", ["2020", "2025", "2026"])
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
@pytest.mark.parametrize("code", ["2020", "2025", "2026"])
def test_every_role_reads_every_year(season, client, code, account):
    assert dashboard(client, code, account).status_code == 200


def test_progress_is_told_as_counts_and_only_to_those_who_run_it(season, client):
    tables = {table.key: table for table in dashboard(client, "2026").context["tables"]}
    done = ScoreSheet.objects.handed_in().filter(assignment__panel__campaign__code="2026").count()
    assert tables["progress"].total[1] == done
    for account in ("member1", "reviewer1", "secretary01"):
        assert "progress" not in {t.key for t in dashboard(client, "2026", account).context["tables"]}
