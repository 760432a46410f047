"""A whole selection in real browsers: from logged work to a certificate that anyone can check."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from awards.campaign.models import Deadline, Phase
from awards.nomination.models import Nomination
from awards.notice.models import Notice, Objection
from awards.panel.models import Assignment
from awards.ranking.models import Ranking
from awards.result.models import Certificate
from awards.review.actions import hand_in_sheet
from awards.states import State
from services.models.activities import Activity
from services.models.logged import LogState
from tests.factories import (
    CampaignFactory,
    ClerkFactory,
    CommunityFactory,
    MemberFactory,
    NominationFactory,
    OfficeFactory,
    ReviewerFactory,
    SecretaryFactory,
    SupervisorFactory,
    UnitFactory,
)
from tests.flows.pages import Person
from units.audit.events import Event
from units.audit.models import AuditEntry
from units.audit.seal import faults, seal_entries

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.timeout(400)]
ROOT = Path(__file__).resolve().parents[2]


def enter(campaign, phase):
    """Let this phase run now, the ones before it be over, the ones after it be ahead."""
    phases = list(Phase)
    for row in Deadline.objects.filter(campaign=campaign):
        distance = phases.index(Phase(row.phase)) - phases.index(phase)
        row.opens_at = timezone.now() + timedelta(days=10 * distance - 5)
        row.closes_at = row.opens_at + timedelta(days=10, seconds=-1)
        row.save()


def score(person, *marks):
    """Mark the open sheet with the keyboard alone and hand it in."""
    for mark in marks:
        person.page.keyboard.type(str(mark))
        person.page.keyboard.press("Enter")
    person.page.locator("[data-save-line][data-state=saved]").wait_for()
    person.page.keyboard.press("Control+Enter")


def test_a_whole_round_from_logged_work_to_a_verified_certificate(browser, live_server, tmp_path):
    campaign = CampaignFactory(code="2031", year=timezone.localdate().year)
    committee = campaign.organiser
    leading, other = UnitFactory(), UnitFactory()
    CommunityFactory()
    first = NominationFactory(
        campaign=campaign, unit=leading, full=True, ready=True, title="企业开办全程帮办"
    )
    second = NominationFactory(
        campaign=campaign, unit=other, full=True, ready=True, submitted=True, title="老旧小区改造一件事"
    )
    office = OfficeFactory(unit=committee)
    watching = SupervisorFactory(unit=committee, name="监督员")
    member = MemberFactory(unit=committee)
    own = ReviewerFactory(campaign=campaign, employer=leading)
    for _ in range(6):
        ReviewerFactory(campaign=campaign)

    def person(user=None):
        return Person(browser, live_server.url, user)

    # The clerk logs work; wrong input loses nothing; the office reviews it.
    clerk = person(ClerkFactory(unit=leading))
    page = clerk.open("/activities/new/?kind=people")
    page.fill("[name=subject]", "社区走访")
    page.fill("[name=target]", "社区居民")
    page.click("main form .form-actions button")
    assert page.input_value("[name=subject]") == "社区走访"
    page.fill("[name=happened_on]", f"{timezone.localdate():%Y-%m-%d}")
    page.fill("[name=place]", "某社区")
    page.fill("[name=summary]", "上门了解诉求并协调办理。")
    clerk.send()
    logged = Activity.objects.get(subject="社区走访")
    clerk.open("/activities/")
    page.check(f"[name=pick][value='{logged.slug}']")
    clerk.send("button[name=act][value=send]")
    desk, supervisor = person(office), person(watching)
    page = desk.open("/activities/?q=社区走访")
    page.check(f"[name=pick][value='{logged.slug}']")
    desk.send("button[name=act][value=review]")
    logged.refresh_from_db()
    assert logged.state == LogState.REVIEWED

    # The clerk finishes the draft and sends it to the secretary, who submits it.
    page = clerk.open(f"/nominations/{first.slug}/edit/")
    page.fill("[name=title]", "企" * 31)
    page.locator("[name=title]").blur()
    page.get_by_text("超出", exact=False).first.wait_for()
    page.fill("[name=title]", "企业开办全程帮办")
    page.locator("[name=title]").blur()
    page.locator("[data-save-line][data-state=saved]").wait_for()
    clerk.confirm(f"/nominations/{first.slug}/send/")
    secretary = person(SecretaryFactory(unit=leading))
    secretary.confirm(f"/nominations/{first.slug}/submit/")
    first.refresh_from_db()
    assert first.state == State.SUBMITTED
    assert first.code.startswith("2031-F-")
    assert first.code in secretary.text

    # The office returns it; the unit mends the one open part; both files qualify together.
    enter(campaign, Phase.SCREENING)
    page = desk.open(f"/screening/2031/{first.code}/")
    for radio in page.locator("[type=radio][value=pass]").all():
        radio.check()
    row = page.locator(".check-row").last
    row.locator("[value=fix]").check()
    row.locator("input[name$=remark]").fill("请写明覆盖范围")
    row.locator("select").select_option("target")
    desk.send("[name=prepare]")
    assert "已拟定" in desk.text
    assert "待资格审查" in secretary.open(f"/nominations/{first.code}/").inner_text("main")
    desk.propose("/screening/2031/release/", second=supervisor)
    assert "请写明覆盖范围" in secretary.open(f"/nominations/{first.code}/").inner_text("main")
    page = secretary.open(f"/nominations/{first.code}/edit/")
    page.fill("[name=target]", "全区新开办企业")
    page.locator("[name=target]").blur()
    page.locator("[data-save-line][data-state=saved]").wait_for()
    secretary.confirm(f"/nominations/{first.code}/submit/")
    for code in (first.code, second.code):
        page = desk.open(f"/screening/2031/{code}/")
        for radio in page.locator("[type=radio][value=pass]").all():
            radio.check()
        desk.send("[name=prepare]")
    desk.propose("/screening/2031/release/", second=supervisor)
    assert set(Nomination.objects.values_list("state", flat=True)) == {State.QUALIFIED}

    # A panel is drawn before the supervisor, given the entries and opened; a colleague is kept out.
    enter(campaign, Phase.WRITTEN)
    page = desk.open("/panels/2031/F/written/draw/")
    page.select_option("[name=witness]", index=1)
    page.fill("[name=reserves]", "0")
    desk.send()
    closes = timezone.localtime() + timedelta(days=2)
    desk.confirm("/panels/2031/F/written/settings/", closes_at=f"{closes:%Y-%m-%dT%H:%M}")
    desk.open("/panels/2031/F/written/")
    desk.send("form[action$='assign/'] button")
    desk.confirm("/panels/2031/F/written/open/")
    assert not Assignment.objects.filter(seat__reviewer=own, nomination=first, revoked_at=None).exists()
    colleague = person(own.user)
    colleague.open(f"/review/2031/written/{first.code}/", status=404)
    assert first.title not in colleague.open("/review/").inner_text("main")
    blind = colleague.open(f"/review/2031/written/{second.code}/").inner_text("main")
    assert other.name not in blind
    assert other.short_name not in blind

    # One reviewer hands in through the browser; the others by the same act.
    score(colleague, 12, 17.5, 26, 17, 12)
    colleague.page.wait_for_url(lambda url: not url.endswith(f"{second.code}/"))
    for assignment in Assignment.objects.filter(revoked_at=None, sheets=None).select_related(
        "seat__reviewer__user"
    ):
        share = 9 if assignment.nomination_id == first.pk else 8
        criteria = assignment.nomination.category.criteria.all()
        marks = {line.code: line.maximum * share / 10 for line in criteria}
        hand_in_sheet(assignment, marks=marks, comment="", version=0, actor=assignment.seat.reviewer.user)
    progress = desk.open("/panels/2031/progress/").inner_text("main")
    assert "90.0" not in progress
    desk.open("/ranking/2031/")
    assert "90.00" not in desk.text

    # Closed, frozen, decided: the second entry is taken in below the line with a reason.
    desk.confirm("/panels/2031/F/written/close/")
    desk.confirm("/ranking/2031/freeze/")
    ranking = Ranking.objects.current().get()
    assert "90.00" in desk.open("/ranking/2031/").inner_text("main")
    secretary.open("/ranking/2031/", status=403)
    held = timezone.localtime() - timedelta(hours=2)
    desk.open("/decision/2031/meeting/")
    desk.page.fill("[name=held_at]", f"{held:%Y-%m-%dT%H:%M}")
    desk.send()
    desk.open("/decision/2031/meeting/")
    desk.page.check(f"[name=present_{member.pk}]")
    desk.page.fill("[name=F_in_favour]", "1")
    desk.send()
    desk.open("/decision/2031/list/")
    desk.page.uncheck(f"[name='take_{second.code}']")
    desk.page.fill(f"[name='reason_{second.code}']", "会议认为尚需完善，本年度不列入")
    desk.send()
    desk.propose("/decision/2031/decide/", second=supervisor)
    for nomination in (first, second):
        nomination.refresh_from_db()
    assert (first.state, second.state) == (State.PROPOSED, State.NOT_SELECTED)
    assert "拟入选" not in secretary.open(f"/nominations/{first.code}/").inner_text("main")

    # The public reads the notice and objects; the entry is suspended until the ruling.
    desk.open("/notice-desk/2031/")
    desk.send("form[action$='draft/'] button")
    notice = Notice.objects.get()
    desk.confirm(
        f"/notice-desk/2031/{notice.number}/edit/",
        phone="0546-8000000",
        office="区直机关工委办公室",
        address="府前大街1号",
    )
    desk.propose(f"/notice-desk/2031/{notice.number}/publish/", second=supervisor)
    public = person()
    assert first.title in public.open(f"/notices/{notice.slug}/").inner_text("main")
    page = public.open(f"/notices/{notice.slug}/object/")
    page.select_option("[name=entry]", first.code)
    page.select_option("[name=ground]", "facts")
    page.fill("[name=facts]", "受益企业数与实际不符。")
    page.fill("[name=evidence]", "可查窗口登记")
    public.page.click("main form .form-actions button")
    assert public.page.input_value("[name=facts]") == "受益企业数与实际不符。"
    page.fill("[name=name]", "某企业")
    page.fill("[name=contact]", "0546-7000000")
    page.check("[name=open_only]")
    public.send()
    objection = Objection.objects.get()
    assert objection.receipt in public.text
    for act in ("take", "accept"):
        desk.confirm(f"/notice-desk/2031/cases/{objection.receipt}/{act}/")
    first.refresh_from_db()
    assert first.state == State.SUSPENDED
    desk.open(f"/notice-desk/2031/cases/{objection.receipt}/rule/")
    desk.page.check("[name=outcome][value=not_upheld]")
    desk.page.fill("[name=findings]", "经核对窗口登记，数据一致。")
    desk.send_to(supervisor)
    first.refresh_from_db()
    assert first.state == State.ON_NOTICE

    # The period passes; the result is announced; anyone verifies the certificate and recounts the record.
    past = timezone.now() - timedelta(days=3)
    Notice.objects.update(
        published_at=past - timedelta(days=9), first_day=(past - timedelta(days=7)).date(),
        last_day=past.date(), closes_at=past,
    )  # fmt: skip
    desk.propose("/results/2031/announce/", second=supervisor, document_number="东区直工委〔2031〕12号")
    first.refresh_from_db()
    assert first.state == State.SELECTED
    certificate = Certificate.objects.get()
    assert "证书有效" in public.open(f"/certificates/{certificate.number}/").inner_text("main")
    record, checker = tmp_path / "record.json", tmp_path / "verify.py"
    record.write_bytes(public.download(f"/notices/{notice.slug}/record.json"))
    checker.write_bytes(public.download("/verify.py"))
    assert record.read_text() == ranking.record
    for command in ([ROOT / "manage.py", "recount"], [checker]):
        run = subprocess.run([sys.executable, *command, record], capture_output=True, text=True, check=False)
        assert (run.returncode, run.stdout) == (0, ""), run.stderr
    figure = desk.open("/dashboard/2031/").locator(".figures div", has_text="示范项目")
    assert figure.locator("dd").inner_text().startswith("1")

    # Every act stands in the log once, and its chain holds.
    said = AuditEntry.objects.filter(target_key=first.code).order_by("pk").values_list("event", flat=True)
    wanted = [
        Event.NOMINATION_SUBMITTED, Event.NOMINATION_RETURNED, Event.NOMINATION_SUBMITTED,
        Event.NOMINATION_QUALIFIED, Event.NOMINATION_SUSPENDED, Event.NOMINATION_RESUMED,
    ]  # fmt: skip
    assert [event for event in said if event in wanted] == wanted
    seal_entries()
    assert list(faults()) == []
