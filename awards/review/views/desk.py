"""The reviewer's queue and the files of an entry."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Exists, F, OuterRef
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from django.views.generic import TemplateView

from awards.campaign.rules.wording import left_text
from awards.errors import StageError
from awards.panel.actions.pool import sign_pledge
from awards.panel.models import Panel, Reviewer
from awards.review.actions import JUDGED
from awards.review.forms import PREFIX
from awards.review.models import DeskState
from awards.review.queries.desk import desks_of, progress_of, with_titles
from awards.review.queries.grid import GridRow, grid_rows
from awards.review.queries.reading import attachments_open_to, is_blind, masked_texts, words_of
from awards.review.queries.sheets import criteria_of
from awards.review.views.access import panel_key
from awards.review.words import about, took
from awards.scoring.numbers import plain
from awards.scoring.words import stage_name
from units.audit.events import Event
from units.audit.record import record
from units.downloads import attachment_response
from units.kit.acts import ActPage
from units.kit.lists import CountedPaginator
from units.kit.merge import base_of
from units.kit.search import matching
from units.permissions import RoleRequiredMixin
from units.roles import Role

WAITING = [DeskState.OPEN, DeskState.DRAFT, DeskState.SKIPPED]
GRID_SIZE = 20  # a row of the grid is a form of its own: more would be a heavy page


class OwnPanelsView(RoleRequiredMixin, TemplateView):
    """A page about one of the panels on this reviewer's desk; the others are its tabs."""

    roles_required = (Role.REVIEWER,)

    def get_context_data(self, **kwargs):
        progress = progress_of(self.request.user)
        panels = list(
            Panel.objects.with_rule()
            .filter(pk__in=progress)
            .annotate(pledged=pledged(self.request.user))
            .select_related("category", "campaign__organiser")
            .order_by(F("closed_at").desc(nulls_first=True), "closes_at", "pk")
        )
        context = super().get_context_data(**kwargs)
        if not panels:
            return context
        panel = self.chosen(panels)
        own = progress[panel.pk]
        return context | {
            "panel": panel,
            "panel_key": panel_key(panel),
            "stage": stage_name(panel.stage),
            "tabs": [self.tab(one, progress[one.pk], panel) for one in panels],
            "own": own,
            "is_blind": is_blind(panel.stage),
            "left": left_text(timezone.now(), panel.closes_at) if panel.closes_at else "",
            **self.more(panel, own),
        }

    def more(self, panel: Panel, own) -> dict:
        raise NotImplementedError

    def chosen(self, panels: list[Panel]) -> Panel:
        wanted = self.request.GET.get("panel")
        if not wanted:
            return panels[0]
        found = next((one for one in panels if panel_key(one) == wanted), None)
        if found is None:
            raise Http404
        return found

    def tab(self, panel: Panel, own, here: Panel) -> dict:
        year = "" if panel.campaign_id == here.campaign_id else f"{panel.campaign.year}年"
        return {
            "label": f"{year}{panel.category.name}{stage_name(panel.stage)}",
            "url": f"?panel={panel_key(panel)}",
            "current": panel == here,
            "count": "已关闭" if panel.closed_at else f"{own.handed_in}/{own.total}",
        }


def pledged(user) -> Exists:
    """Whether the reviewer has signed for the year of a panel."""
    return Exists(
        Reviewer.objects.filter(campaign=OuterRef("campaign"), user=user, declared_at__isnull=False)
    )


class PledgeView(RoleRequiredMixin, ActPage):
    """What a reviewer promises before the first mark; signed by the reviewer alone, once a year."""

    roles_required = (Role.REVIEWER,)
    title, verb, done = "评审承诺", "签署承诺", "评审承诺已签署。"
    lead = "签署后开始评审。"
    text = "签署的时间记入日志，监督员可以查阅。"
    template_name = "awards/review/pledge.html"

    def stopped(self) -> str:
        unsigned = Reviewer.objects.filter(user=self.request.user, declared_at=None)
        return "" if unsigned.exists() else "评审承诺已经签署。"

    def act(self):
        if not sign_pledge(self.request.user):
            raise StageError("现在没有需要签署的评审承诺。")

    def after(self, _) -> str:
        wanted = self.request.GET.get("next", "")
        safe = url_has_allowed_host_and_scheme(wanted, {self.request.get_host()})
        return wanted if safe else self.back()

    def back(self) -> str:
        return reverse("awards:review-queue")

    def trail(self):
        return [("我的评审", self.back())]


class QueueView(OwnPanelsView):
    """Everything this reviewer still has to judge, panel by panel, in the order that was drawn.

    `q` is part of a code: titles are not searched, for a hit on a hidden name would tell of it.
    """

    template_name = "awards/review/queue.html"

    def get(self, request, *args, **kwargs):
        if found := self.only_hit():
            return redirect(found)
        return super().get(request, *args, **kwargs)

    def only_hit(self) -> str:
        """The sheet itself, when the words searched for name a single entry of the desk."""
        if not (words := self.search()):
            return ""
        rows = desks_of(self.request.user).filter(matching(words, "nomination__code"))
        found = rows.values_list("panel__campaign__code", "panel__stage", "nomination__code")[:2]
        return reverse("awards:review-sheet", args=found[0]) if len(found) == 1 else ""

    def search(self) -> str:
        return self.request.GET.get("q", "").strip()

    def more(self, panel: Panel, own) -> dict:
        return {
            "next_url": self.first_open(panel),
            "page_obj": self.page(panel, own.total),
            "search": self.search(),
            "estimate": about(own.left) if own.left and own.open else "",
            "pace": took(own.pace) if own.pace else "",
        }

    def first_open(self, panel: Panel) -> str:
        """Where the work goes on: drafts and untouched entries in their order, skipped ones last."""
        if not panel.is_running:
            return ""
        waiting = desks_of(self.request.user).filter(panel=panel, desk_state__in=WAITING)
        code = (
            waiting.order_by(F("skipped_at").asc(nulls_first=True), "order")
            .values_list("nomination__code", flat=True)
            .first()
        )
        return code and reverse("awards:review-sheet", args=[panel.campaign.code, panel.stage, code])

    def page(self, panel: Panel, total: int):
        rows = with_titles(desks_of(self.request.user).filter(panel=panel)).order_by("order")
        rows = rows.select_related("nomination").only("order", "nomination__code")
        if words := self.search():
            rows = rows.filter(matching(words, "nomination__code"))
            total = rows.count()
        page = CountedPaginator(rows, 50, count=total).get_page(self.request.GET.get("page"))
        page.object_list = entries = list(page.object_list)
        titles = [entry.title for entry in entries]
        if is_blind(panel.stage):
            titles = [words_of(pieces) for pieces in masked_texts(titles, panel.campaign.organiser)]
        for number, (entry, title) in enumerate(zip(entries, titles, strict=True), start=page.start_index()):
            # Among the hits of a search the count says nothing of the place in the queue.
            place = entry.order if panel.is_live else number
            entry.place, entry.shown_title = None if words and not panel.is_live else place, title
            entry.mark = DeskState(entry.desk_state)
        return page


class GridView(OwnPanelsView):
    """The second pass: all own marks of a panel, entry by criterion, to be compared and evened out.

    What is handed in stands; the rest saves itself row by row, where the sheet's own page saves it.
    """

    template_name = "awards/review/grid.html"

    def more(self, panel: Panel, own) -> dict:
        criteria = criteria_of(panel)
        by_total = self.request.GET.get("order") == "total"
        page = CountedPaginator(range(own.total), GRID_SIZE, count=own.total)
        page = page.get_page(self.request.GET.get("page"))
        start = page.start_index() - 1
        rows = grid_rows(self.request.user, panel, criteria, by_total=by_total, start=start, size=GRID_SIZE)
        late = panel.closes_at is not None and panel.closes_at < timezone.now()
        is_open = panel.is_running and not late
        return {
            "page_obj": page,
            "by_total": by_total,
            "combine": panel.rule.combine,
            "heads": [{"label": one.label, "maximum": plain(one.maximum)} for one in criteria],
            "rows": [self.row(row, is_open) for row in rows],
        }

    @staticmethod
    def row(row: GridRow, is_open: bool) -> dict:
        def cell(criterion, mark: Decimal | None) -> dict:
            return {
                "name": PREFIX + criterion.code,
                "label": criterion.label,
                "value": "" if mark is None else plain(mark),
                "maximum": plain(criterion.maximum),
                "weight": plain(criterion.weight),
            }

        cells = [cell(criterion, mark) for criterion, mark in row.marks]
        boxes = [("comment", row.comment.strip()), *((one["name"], one["value"]) for one in cells)]
        return {
            "entry": row,
            "cells": cells,
            "base": base_of({name: [text] for name, text in boxes}),
            "total": "" if row.total is None else plain(row.total),
            "is_open": is_open and row.state in WAITING and row.entry_state in JUDGED,
        }


class AttachmentView(View):
    """A file of an entry on this reviewer's desk; in the blind stage under a name that tells nothing."""

    def get(self, request, slug):
        file = attachments_open_to(request.user).filter(slug=slug).select_related("nomination").first()
        if file is None:
            raise Http404
        record(Event.ATTACHMENT_READ, actor=request.user, target=file.nomination, after={"slug": slug})
        name = file.name
        if file.is_blind_here:
            name = f"{file.nomination.code} {file.get_kind_display()}.{file.name.rpartition('.')[2].lower()}"
        return attachment_response(file.file.open("rb"), name, file.content_type)
