"""One walk through the current year: at every stop each role whose work it is has something to do."""

from datetime import date, time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from awards.campaign.models import Phase
from awards.demo import season
from awards.demo.days import at
from awards.demo.pages import stage_of, telling_pages
from awards.demo.stages import Stage
from awards.demo.two import leave_waiting
from awards.notice.actions.filing import file_objection
from awards.ranking.models import Ranking
from awards.result.actions import announce_results
from awards.states import State
from services.models.activities import Activity
from units.models import User
from units.pending.models import PendingAct, PendingState

pytestmark = pytest.mark.django_db

# A day of early January: the year's round then began in the year before, and the last one in summer.
TODAY = date(2027, 1, 4)

# Who has work in a stage, and a word of the page that says so.
AT_WORK = {
    Stage.NOMINATION: {
        "clerk01": "/nominations/",
        "secretary01": "/nominations/",
        "office": "/dashboard/2027/",
    },
    Stage.SCREENING: {"office": "/screening/2027/"},
    Stage.REVIEW: {"office": "/panels/2027/", "reviewer1": "/review/", "secretary01": "/nominations/"},
    Stage.LIVE: {"office": "/panels/2027/", "reviewer1": "/review/"},
    Stage.MEETING: {"office": "/decision/2027/", "member1": "/decision/2027/"},
    Stage.NOTICE: {"office": "/notice-desk/2027/", "supervisor": "/notice-desk/2027/"},
    Stage.RESULT: {"office": "/results/2027/"},
}
PHASES = {
    Stage.NOMINATION: Phase.NOMINATION,
    Stage.SCREENING: Phase.SCREENING,
    Stage.REVIEW: Phase.WRITTEN,
    Stage.LIVE: Phase.LIVE,
    Stage.MEETING: Phase.MEETING,
    Stage.NOTICE: Phase.NOTICE,
    Stage.RESULT: Phase.RESULT,
}


def test_a_season_opens_where_it_is_told_and_on_its_way_every_stage_gives_each_role_its_work(
    settings, monkeypatch
):
    settings.DEBUG = True
    met = []

    def looked_at(today, stage, walk_seasons=season.walk_seasons):
        for reached, walk in walk_seasons(today, stage):
            met.append(reached)
            walk.clock.go_to(at(walk.season.working(reached.day), time(12)))
            walk.campaign.refresh_from_db()
            look_at(reached, walk)
            yield reached, walk

    monkeypatch.setattr(season, "walk_seasons", looked_at)
    call_command("seed", today=TODAY.isoformat(), stage="result", stdout=StringIO())
    assert met == list(Stage)
    assert max(Activity.objects.values_list("happened_on", flat=True)) <= TODAY

    with pytest.raises(CommandError, match=r"STAGE=result.*make demo STAGE=live FRESH=1"):
        call_command("seed", stage="live", stdout=StringIO())
    out = StringIO()
    call_command("seed", stage="result", stdout=out)
    assert "未作改动" in out.getvalue()


def look_at(stage: Stage, walk) -> None:
    if not PendingAct.objects.filter(state=PendingState.WAITING).exists():  # left where the loading ends
        leave_waiting(walk)
    for account in ("office2", "supervisor"):
        home = signed_in(User.objects.get(username=account)).get("/").content.decode()
        assert "双人事项待您确认" in home, (stage, account)
    if stage != Stage.RESULT:
        PendingAct.objects.filter(state=PendingState.WAITING).update(state=PendingState.WITHDRAWN)
    dates = walk.campaign.phase(PHASES[stage])
    assert dates.opens_at.date() <= timezone.localdate() <= dates.closes_at.date(), stage
    assert stage_of(walk.campaign) == stage
    pages = telling_pages()
    assert pages["public"].address == "/notices/2026-1/"
    for account, address in AT_WORK[stage].items():
        user = User.objects.get(username=account)
        browser = signed_in(user)
        home = browser.get("/")
        assert "没有待办" not in home.content.decode(), (stage, account)
        assert browser.get(address).status_code == 200, (stage, account)
    for role, page in pages.items():
        browser = Client() if role == "public" else signed_in(User.objects.get(username=first_of(role)))
        assert browser.get(page.address).status_code == 200, (stage, role, page)
    CHECKS[stage](walk)


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def first_of(role: str) -> str:
    return {"secretary": "secretary01", "clerk": "clerk01", "reviewer": "reviewer1", "member": "member1"}.get(
        role, role
    )


def nominating(walk) -> None:
    states = set(walk.campaign.nominations.values_list("state", flat=True))
    assert states == {State.DRAFT, State.UNIT_REVIEW, State.SUBMITTED, State.WITHDRAWN}
    own = walk.campaign.nominations.filter(unit__slug="party-office")
    assert set(own.values_list("state", flat=True)) == {State.DRAFT, State.UNIT_REVIEW}


def screening(walk) -> None:
    files = walk.campaign.nominations.filter(state=State.SUBMITTED)
    looked_at = files.filter(submissions__checks__isnull=False).distinct().count()
    assert 0 < looked_at < files.count()
    assert files.count() > 50
    assert not walk.campaign.panels.exists()


def reviewing(walk) -> None:
    assert walk.campaign.panels.filter(stage="written", closed_at=None).count() == 2


def judging_live(walk) -> None:
    assert walk.campaign.panels.filter(stage="live", closed_at=None).count() == 3
    assert walk.campaign.rankings.current().get().stage == "written"
    assert walk.campaign.nominations.filter(state=State.SHORTLISTED).count() >= 24


def meeting(walk) -> None:
    assert walk.campaign.rankings.current().filter(stage=Ranking.FINAL).exists()
    assert walk.campaign.meetings.get().decided_at is None


def on_notice(walk) -> None:
    notice = walk.campaign.notices.get()
    assert notice.objections.open().count() == 4
    entry = notice.entries.first()
    assert file_objection(
        notice, nomination=entry.nomination, ground="facts", facts="数据有出入。", is_named=False
    )


def ready(walk) -> None:
    assert (
        len(announce_results(walk.campaign, document_number="东区直工委〔2027〕1号", actor=walk.office)) >= 14
    )


CHECKS = {
    Stage.NOMINATION: nominating,
    Stage.SCREENING: screening,
    Stage.REVIEW: reviewing,
    Stage.LIVE: judging_live,
    Stage.MEETING: meeting,
    Stage.NOTICE: on_notice,
    Stage.RESULT: ready,
}
