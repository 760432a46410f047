"""The head of every page: where this person may go. Two small questions to the database at most."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from awards.campaign.models import CHOSEN_YEAR, Campaign
from units.permissions import posts_of
from units.roles import ADMINISTRATORS, COMMITTEE_ROLES, UNIT_ROLES, Role

OPEN_YEARS = "open_years"  # of the session: code → label


@dataclass(frozen=True)
class Item:
    """One place in the head. `current`: the page asked for lies under it; `count`: things to do there."""

    label: str
    url: str
    current: bool = False
    count: int = 0


# label, route, whether it needs the campaign's code; per role, in the order of the work.
PLACES: dict[Role, list[tuple[str, str, bool]]] = {
    Role.SECRETARY: [
        ("服务记录", "services:activity-list", False),
        ("申报", "awards:nomination-list", False),
    ],
    Role.OFFICE: [
        ("服务记录", "services:activity-list", False),
        ("资格审查", "awards:screening-queue", True),
        ("评审", "awards:panel-list", True),
        ("排名", "awards:ranking", True),
        ("审定", "awards:decision", True),
        ("公示与异议", "awards:notice-desk", True),
        ("结果", "awards:result-list", True),
        ("年度设置", "awards:campaign", True),
    ],
    Role.REVIEWER: [("我的评审", "awards:review-queue", False)],
    Role.MEMBER: [("会议议程", "awards:decision", True), ("排名", "awards:ranking", True)],
    Role.SUPERVISOR: [
        ("评审", "awards:panel-list", True),
        ("排名", "awards:ranking", True),
        ("审定", "awards:decision", True),
        ("公示与异议", "awards:notice-desk", True),
    ],
    Role.SYSADMIN: [("账号", "units:account-list", False), ("党组织", "units:unit-list", False)],
    Role.SECADMIN: [("岗位确认", "units:post-list", False)],
    Role.AUDITOR: [("审计日志", "units:audit-log", False)],
}
PLACES[Role.CLERK] = PLACES[Role.SECRETARY]
DASHBOARD = ("年度数据", "awards:dashboard", True)
NOTICES = ("公示公告", "awards:notice-list", False)
CERTIFICATES = ("证书查验", "awards:certificate-check", False)
# Pages that belong to a place though they lie elsewhere.
BELOW = {"services:activity-list": ("/registers/", "/action-tasks/")}
MENU: dict[Role, list[tuple[str, str]]] = {
    Role.OFFICE: [
        ("年度活动", "awards:campaign-list"),
        ("党组织", "units:unit-list"),
        ("账号与岗位", "units:account-list"),
    ],
    Role.SUPERVISOR: [("党组织", "units:unit-list")],
    Role.SECADMIN: [("党组织", "units:unit-list"), ("账号", "units:account-list")],
    Role.SYSADMIN: [("岗位", "units:post-list")],
    Role.AUDITOR: [("账号", "units:account-list")],
}


def campaign_of(request) -> Campaign | None:
    """The campaign the page is about, else the one chosen in the head, else the newest open one; asked once.

    A view that holds it already leaves it at `request.campaign`, with the organiser.
    """
    if not hasattr(request, "campaign"):
        request.campaign = _find_campaign(request)
    return request.campaign


def open_years(request) -> list[Campaign]:
    """The years of this person's committees that are not announced yet, and the newest in any case; asked once."""
    if not hasattr(request, "open_years"):
        slugs = {post.unit.organiser_slug for post in posts_of(request.user)}
        found = Campaign.objects.run_here().opened().order_by("-year", "-pk")
        if slugs:
            found = found.filter(organiser__slug__in=slugs)
        rows = found.filter(Q(announced_at=None) | Q(pk__in=found.values("pk")[:1]))
        request.open_years = list(rows.select_related("organiser"))
    return request.open_years


def _find_campaign(request) -> Campaign | None:
    named = (request.resolver_match.kwargs if request.resolver_match else {}).get("campaign")
    open_now = {one.code: one for one in open_years(request)}
    if named:
        return open_now.get(named) or (
            Campaign.objects.filter(code=named).select_related("organiser").first()
        )
    session = getattr(request, "session", {})
    asked = request.GET.get(CHOSEN_YEAR) if request.path == "/" else None
    if asked in open_now and request.user.is_authenticated and session.get(CHOSEN_YEAR) != asked:
        session[CHOSEN_YEAR] = asked  # until another is chosen
    return open_now.get(asked or session.get(CHOSEN_YEAR)) or next(iter(open_now.values()), None)


def years_for(request, campaign: Campaign | None) -> list[Item]:
    """The open years and that of the page, where there are several: each leads to its own front page.

    A page that holds its year asks nothing: the session remembers the others from the last page that did.
    """
    session = getattr(request, "session", {})
    if hasattr(request, "open_years"):
        others = {one.code: _year_label(one) for one in request.open_years}
        if request.user.is_authenticated and others != session.get(
            OPEN_YEARS, others if len(others) < 2 else {}
        ):
            session[OPEN_YEARS] = others
    else:
        others = session.get(OPEN_YEARS, {})
    years = others | ({campaign.code: _year_label(campaign)} if campaign else {})
    if len(years) < 2:
        return []
    return [
        Item(label, f"/?{CHOSEN_YEAR}={code}", code == campaign.code)
        for code, label in sorted(years.items(), reverse=True)
    ]


def _year_label(campaign: Campaign) -> str:
    """A code is the year's number wherever one committee holds one selection a year."""
    return (
        f"{campaign.year}年"
        if campaign.code == str(campaign.year)
        else f"{campaign.year}年（{campaign.code}）"
    )


def items_for(request, campaign: Campaign | None) -> list[Item]:
    """The places of every role the person holds today, each once."""
    roles = {Role(post.role) for post in posts_of(request.user)}
    places = [place for role in Role if role in roles for place in PLACES[role]]
    if roles & (COMMITTEE_ROLES | UNIT_ROLES) - {Role.REVIEWER}:
        places.append(DASHBOARD)
    if not roles & ADMINISTRATORS:
        places.append(NOTICES)
    if not request.user.is_authenticated:
        places.append(CERTIFICATES)
    label = "待办" if request.user.is_authenticated else "首页"
    items = [Item(label, "/", request.path == "/", getattr(request, "todo_count", 0))]
    for label, route, needs_campaign in dict.fromkeys(places):
        if needs_campaign and not campaign:  # a lazy object is never None itself
            continue
        url = reverse(route, args=[campaign.code] if needs_campaign else [])
        items.append(Item(label, url, request.path.startswith((url, *BELOW.get(route, ())))))
    return items


def menu_for(request) -> list[Item]:
    """What a role needs now and then stands in the person's own menu, not in the head."""
    roles = {Role(post.role) for post in posts_of(request.user)}
    places = [place for role in Role if role in roles for place in MENU.get(role, ())]
    return [Item(label, reverse(route)) for label, route in dict.fromkeys(places)]
