"""The reviewer's queue and the files of an entry."""

from __future__ import annotations

from django.db.models import F
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from awards.campaign.rules import stage_name
from awards.panel.models import Panel
from awards.review.models import DeskState
from awards.review.queries import (
    attachments_open_to,
    desks_of,
    is_blind,
    masked_texts,
    progress_of,
    with_titles,
    words_of,
)
from awards.review.views.paging import CountedPaginator
from awards.review.words import about, time_left, took
from units.audit.events import Event
from units.audit.record import record
from units.downloads import attachment_response
from units.permissions import RoleRequiredMixin
from units.roles import Role

WAITING = [DeskState.OPEN, DeskState.DRAFT, DeskState.SKIPPED]


class QueueView(RoleRequiredMixin, TemplateView):
    """Everything this reviewer still has to judge, panel by panel, in the order that was drawn."""

    roles_required = (Role.REVIEWER,)
    template_name = "awards/review/queue.html"

    def get_context_data(self, **kwargs):
        progress = progress_of(self.request.user)
        panels = list(
            Panel.objects.filter(pk__in=progress)
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
            "stage": stage_name(panel.stage),
            "tabs": [self.tab(one, progress[one.pk], panel) for one in panels],
            "own": own,
            "next_url": self.first_open(panel),
            "page_obj": self.page(panel, own.total),
            "is_blind": is_blind(panel.stage),
            "left": time_left(panel.closes_at - timezone.now()) if panel.closes_at else "",
            "estimate": about(own.left) if own.left and own.open else "",
            "pace": took(own.pace) if own.pace else "",
        }

    def chosen(self, panels: list[Panel]) -> Panel:
        wanted = self.request.GET.get("panel")
        if not wanted:
            return panels[0]
        found = next((one for one in panels if panel_key(one) == wanted), None)
        if found is None:
            raise Http404
        return found

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

    def tab(self, panel: Panel, own, here: Panel) -> dict:
        stage = stage_name(panel.stage)
        return {
            "label": f"{panel.category.name}{stage}",
            "url": f"?panel={panel_key(panel)}",
            "current": panel == here,
            "count": "已关闭" if panel.closed_at else f"{own.handed_in}/{own.total}",
        }

    def page(self, panel: Panel, total: int):
        rows = with_titles(desks_of(self.request.user).filter(panel=panel)).order_by("order")
        rows = rows.select_related("nomination").only("order", "nomination__code")
        page = CountedPaginator(rows, 50, count=total).get_page(self.request.GET.get("page"))
        page.object_list = entries = list(page.object_list)
        titles = [entry.title for entry in entries]
        if is_blind(panel.stage):
            titles = [words_of(pieces) for pieces in masked_texts(titles, panel.campaign.organiser)]
        for number, (entry, title) in enumerate(zip(entries, titles, strict=True), start=page.start_index()):
            entry.place, entry.shown_title = entry.order if panel.is_live else number, title
            entry.mark = DeskState(entry.desk_state)
        return page


def panel_key(panel: Panel) -> str:
    return f"{panel.campaign.code}-{panel.category.letter}-{panel.stage}"


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
