"""Every form that several people may fill: it carries version and base, and keeps what each of two changed."""

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from awards.notice.actions.publishing import draft_notice
from services.catalogue import REGISTERS
from services.models.logged import LogState
from tests.awards.campaign.test_pages import draft_year
from tests.awards.decision.meetings import ready
from tests.awards.notice.rounds import decided
from tests.factories.awards import AssignmentFactory, CampaignFactory, NominationFactory
from tests.factories.services import ActionBranchFactory, ActionTaskFactory
from tests.factories.units import (
    ClerkFactory,
    OfficeFactory,
    SecretaryFactory,
    SysadminFactory,
    UnitFactory,
    UserFactory,
)
from tests.filling import sent_back
from tests.services.test_pages import row_of
from units.kit.together import Together

pytestmark = pytest.mark.django_db


def of_the_year(name, *args):
    def place():
        campaign = draft_year()
        people = [OfficeFactory(unit=campaign.organiser) for _ in range(2)]
        return people, reverse(f"awards:{name}", args=[campaign.code, *args])

    return place


def of_the_log(code):
    def place():
        unit = UnitFactory()
        row = row_of(code, unit, state=LogState.DRAFT)
        return [ClerkFactory(unit=unit), SecretaryFactory(unit=unit)], REGISTERS[code].url("edit", row)

    return place


def task():
    unit = UnitFactory()
    row = ActionTaskFactory(branch=ActionBranchFactory(parent=unit))
    return [ClerkFactory(unit=unit), SecretaryFactory(unit=unit)], f"/action-tasks/{row.slug}/edit/"


def unit():
    return [SysadminFactory(), SysadminFactory()], reverse("units:unit-edit", args=[UnitFactory().slug])


def account():
    person = UserFactory()
    return [SysadminFactory(), SysadminFactory()], reverse("units:account-edit", args=[person.username])


def nomination():
    draft = NominationFactory(full=True, ready=True)
    people = [ClerkFactory(unit=draft.unit), SecretaryFactory(unit=draft.unit)]
    return people, reverse("awards:nomination-edit", args=[draft.key])


def sheet():
    desk = AssignmentFactory()
    panel, person = desk.panel, desk.seat.reviewer.user
    where = [panel.campaign.code, panel.stage, desk.nomination.code]
    return [person, person], reverse("awards:review-sheet", args=where)


def checklist():
    file = NominationFactory(full=True, submitted=True)
    people = [OfficeFactory(unit=file.campaign.organiser) for _ in range(2)]
    return people, reverse("awards:screening-file", args=[file.campaign.code, file.code])


def notice():
    campaign, _, office = decided()
    draft_notice(campaign, actor=office)
    people = [office, OfficeFactory(unit=campaign.organiser)]
    return people, reverse("awards:notice-edit", args=[campaign.code, 1])


def meeting(name):
    def place():
        campaign, _, _ = ready(7, campaign=CampaignFactory(code="2100"))  # the boxes below name its entries
        people = [OfficeFactory(unit=campaign.organiser) for _ in range(2)]
        return people, reverse(f"awards:{name}", args=[campaign.code])

    return place


# What two people change: control → text; None: its tick is taken off.
FORMS = {
    "SettingsView": (of_the_year("campaign-settings"), {"title": "新名称"}, {"contact_phone": "0546-8200001"}),
    "CategoriesView": (of_the_year("campaign-categories"), {"title_limit": "33"}, {"body_limit": "2100"}),
    "CategoryView": (of_the_year("campaign-category", "F"), {"focus": "新的重点"}, {"seats": "4"}),
    "RubricView": (
        of_the_year("campaign-rubric", "F"), {"line-0-label": "新的叫法"}, {"line-1-full_marks_need": "新的要求"}
    ),
    "RuleView": (of_the_year("campaign-rule"), {"least": "6"}, {"places": "3"}),
    "TimetableView": (
        of_the_year("campaign-timetable"),
        {"nomination_opens_at": "2026-08-01T09:00", "nomination_closes_at": "2026-08-20T18:00"},
        {"screening_opens_at": "2026-08-21T00:00", "screening_closes_at": "2026-08-30T18:00"},
    ),
    "CalendarView": (
        of_the_year("campaign-calendar"),
        {"source": "通知", "day-0-day": "2026-10-05", "day-0-name": "国庆节"},
        {"source": "通知", "day-0-day": "2026-05-01", "day-0-name": "劳动节"},
    ),
    **{
        f"FormView {code}": (of_the_log(code), *boxes)
        for code, boxes in {
            "activities": ({"place": "新地点"}, {"outcome": "新结果"}),
            "registrations": ({"duty": "新岗位"}, {"registered_on": "2026-02-03"}),
            "joint-projects": ({"name": "新名称"}, {"result": "新结果"}),
            "brands": ({"name": "新名称"}, {"founded_on": "2026-02-03"}),
            "donations": ({"purpose": "新用途"}, {"amount": "250"}),
            "ideas": ({"title": "新题目"}, {"text": "新的建议"}),
        }.items()
    },
    "TaskFormView": (task, {"title": "新任务"}, {"result": "新结果"}),
    "UnitFormView": (unit, {"short_name": "新简称"}, {"order": "77"}),
    "AccountEditView": (account, {"duty": "科员"}, {"office_phone": "0546-8200001"}),
    "NominationEditView": (nomination, {"practice": "新做法"}, {"claims-0-value": "31"}),
    "SheetView": (sheet, {"mark_effect": "20", "act": "save"}, {"mark_leadership": "10", "act": "save"}),
    "FileView": (
        checklist, {"seal-verdict": "fix", "seal-remark": "印章不清"}, {"veto-verdict": "fail", "veto-remark": "事故"}
    ),
    "EditView": (notice, {"postcode": "257000"}, {"address": "府前大街"}),
    "MeetingView": (meeting("decision-meeting"), {"place": "二楼"}, {"notes": "逐项审议。"}),
    "ListView": (
        meeting("decision-list"),
        {"take_2100-F-001": None, "reason_2100-F-001": "甲的理由"},
        {"take_2100-F-006": "on", "reason_2100-F-006": "乙的理由"},
    ),
}  # fmt: skip
ANSWER_IN_JSON = {"NominationSaveView", "SaveView"}


@pytest.mark.parametrize("name", FORMS)
def test_two_people_in_different_boxes_keep_both(name):
    place, first, second = FORMS[name]
    people, url = place()
    windows = []
    for person in people:
        window = Client()
        window.force_login(person)
        page = window.get(url)
        opened = sent_back(page.context["fill"])
        for carried in ("version", "base", "opened"):
            assert f'name="{carried}"' in page.content.decode()
        windows.append((window, opened))

    for (window, opened), changes in zip(windows, (first, second), strict=True):
        sent = {name: text for name, text in (opened | changes).items() if text is not None}
        answer = window.post(url, sent)
        assert answer.status_code == 302, both(answer)

    held = windows[0][0].get(url).context["fill"].filled
    told = [text for texts in held.texts().values() for text in texts]
    for changes in (first, second):
        for box, text in changes.items():
            if box != "act" and text is not None:
                assert any(text in one for one in told), f"{box}: {text} is lost among {told}"


def both(answer):
    fill = answer.context["fill"]
    return fill.errors, [one.label for one in fill.asked]


def views(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield getattr(pattern.callback, "view_class", None)
        else:
            yield from views(pattern.url_patterns)


def test_every_such_form_is_among_them():
    there = {
        view.__name__ for view in views(get_resolver().url_patterns) if view and issubclass(view, Together)
    }

    assert there - ANSWER_IN_JSON == {name.split()[0] for name in FORMS}
