"""`/`: the public front page, and after log-in what waits for this person."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db.models import prefetch_related_objects
from django.shortcuts import render
from django.utils import timezone

from awards.campaign.models import Phase
from awards.campaign.queries.timetable import timetable_line
from awards.home.navigation import campaign_of
from awards.home.queries.beginning import beginning_for
from awards.home.queries.front import model_projects, public_notices
from awards.home.rules import due_sub, due_text, in_order, is_pressing, reminder
from awards.home.todos import desk_of, line_of, tasks_of
from awards.nomination.todos import own_files
from awards.notice.todos import open_cases
from awards.result.todos import earlier_results
from awards.review.todos import panel_lines
from awards.states import State
from services.todos import own_log
from units.kit.todos import Desk
from units.permissions import holds, posts_of, units_of
from units.roles import ADMINISTRATORS, UNIT_ROLES, Role
from units.todos import running

# Who takes the steps of the first season.
BEGINNERS = (Role.SYSADMIN, Role.SECADMIN, Role.OFFICE)


@login_not_required
def home(request):
    return desk(request) if request.user.is_authenticated else front(request)


def front(request):
    now, campaign = timezone.now(), campaign_of(request)
    earlier, results = model_projects()
    context = {
        "campaign": campaign,
        "stages": timetable_line(campaign, now) if campaign else [],
        "notices": public_notices(now),
        "earlier": earlier,
        "results": results,
    }
    return render(request, "awards/home/front.html", context)


def desk(request):
    """The to-do list of every post the person holds, by deadline, and beside it what each post watches."""
    user, now, campaign = request.user, timezone.now(), campaign_of(request)
    if campaign:
        prefetch_related_objects([campaign], "timetable")
    desk = desk_of(user, campaign, now)
    tasks = tasks_of(desk)
    context = {"campaign": campaign, "now": now, "posts": posts_of(user)}
    if holds(user, *UNIT_ROLES):
        context["desk"] = unit_desk(desk)
    if desk.figures:
        context["board"] = {
            "panels": panel_lines(desk),
            "objections": open_cases(desk),
            "stages": line_of(desk),
        }
    elif campaign and not holds(user, *ADMINISTRATORS):
        context["stages"] = timetable_line(campaign, now)
    if campaign is None and holds(user, *BEGINNERS):
        context["beginning"] = beginning = beginning_for(desk)
        tasks += beginning.tasks
    if desk.figures or holds(user, *ADMINISTRATORS):
        context["running"] = running(desk).facts(now)
    context["tasks"] = [
        {
            "task": task,
            "due": due_text(task, now),
            "due_sub": due_sub(task),
            "pressing": is_pressing(task, now),
        }
        for task in in_order(tasks)
    ]
    request.todo_count = len(tasks)
    return render(request, "awards/home/desk.html", context)


def unit_desk(desk: Desk) -> dict:
    """The secretary's or clerk's page beside the to-do list."""
    found = {"log": own_log(desk), "results": earlier_results(desk), "nominations": [], "places": 0}
    if desk.campaign is None:
        return found
    tops = {unit.top_id for unit in units_of(desk.user, *UNIT_ROLES)}
    files, closes_at = own_files(desk), desk.due(Phase.NOMINATION)
    drafts = any(one.state in (State.DRAFT, State.UNIT_REVIEW) for one in files)
    held = sum(one.holds_a_place for one in files)
    places = sum(quota.places for quota in desk.campaign.quotas.filter(unit__in=tops))
    return found | {
        "nominations": files,
        "held": held,
        "places": places,
        "is_full": bool(held >= places > 0 and closes_at and desk.now < closes_at),
        "reminder": reminder(desk.now, closes_at) if drafts and closes_at else "",
    }
