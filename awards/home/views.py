"""`/`: the public front page, and after log-in what waits for this person."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db.models import prefetch_related_objects
from django.shortcuts import render
from django.utils import timezone

from awards.campaign.queries import timetable_line
from awards.home.navigation import campaign_of
from awards.home.queries import (
    administration_tasks,
    beginning_for,
    board_of,
    member_tasks,
    model_projects,
    office_tasks,
    public_notices,
    reviewer_tasks,
    running_now,
    start_tasks,
    supervisor_tasks,
    unit_desk,
)
from awards.home.rules import in_order
from units.permissions import holds, posts_of
from units.roles import ADMINISTRATORS, UNIT_ROLES, Role

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
    context = {"campaign": campaign, "now": now, "posts": posts_of(user)}
    tasks = []
    if holds(user, *UNIT_ROLES):
        context["desk"] = unit_desk(user, campaign, now)
        tasks += context["desk"].tasks
    if holds(user, Role.OFFICE):
        tasks += start_tasks(user, now)
    if campaign and holds(user, Role.OFFICE, Role.SUPERVISOR, unit=campaign.organiser_id):
        context["board"] = board = board_of(campaign, user, now)
        context["running"] = board.running.facts(now)
        tasks += office_tasks(board, now) if holds(user, Role.OFFICE) else []
        tasks += supervisor_tasks(board) if holds(user, Role.SUPERVISOR) else []
    if holds(user, Role.REVIEWER):
        tasks += reviewer_tasks(user)
    if holds(user, Role.MEMBER):
        tasks += member_tasks(user)
    if campaign is None and holds(user, *BEGINNERS):
        context["beginning"] = beginning = beginning_for(user)
        tasks += beginning.tasks
    if holds(user, *ADMINISTRATORS):
        running = running_now(user)
        context["running"] = running.facts(now)
        tasks += administration_tasks(user, running, now)
    elif campaign and "board" not in context:
        context["stages"] = timetable_line(campaign, now)
    context["tasks"] = [
        {"task": task, "due": task.due_text(now), "pressing": task.is_pressing(now)}
        for task in in_order(tasks)
    ]
    request.todo_count = len(tasks)
    return render(request, "awards/home/desk.html", context)
