"""What the office's pages of one campaign share: whose campaign, filtered lists, acts that may be refused."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.views.generic import ListView, View

from awards.campaign.models import Campaign
from awards.errors import StageError
from awards.screening.permissions import can_screen
from units.audit.events import Event
from units.audit.record import record
from units.papers.workbook import Sheet, export_line, workbook_response
from units.permissions import RoleRequiredMixin
from units.roles import Role

READERS = (Role.OFFICE, Role.SUPERVISOR)


class CampaignMixin(RoleRequiredMixin):
    """403 without the role, 404 for the campaign of another committee."""

    roles_required = (Role.OFFICE,)

    @cached_property
    def campaign(self) -> Campaign:
        mine = Campaign.objects.served_by(self.request.user, *self.roles_required)
        mine = mine.select_related("organiser")
        self.request.campaign = get_object_or_404(mine, code=self.kwargs["campaign"])
        return self.request.campaign

    @property
    def is_office(self) -> bool:
        """Whether the buttons belong on the page; the acts ask again themselves."""
        return can_screen(self.request.user, self.campaign)

    def export(self, name: str, sheets: list[Sheet]) -> HttpResponse:
        """The workbook, with a line in the log: what leaves the house is known."""
        record(Event.EXPORTED, actor=self.request.user, target=name, campaign=self.campaign.code)
        return workbook_response(f"{self.campaign.code}{name}", sheets, author=str(self.campaign.organiser))

    def subtitle(self) -> str:
        return export_line(self.campaign.organiser.name, str(self.request.user))


class FilteredListView(CampaignMixin, ListView):
    """A list that a GET form filters and a head sorts.

    form_class: its `apply(queryset)` narrows the rows; orders: parameter → the columns it sorts by.
    """

    form_class = None
    orders: dict[str, tuple[str, ...]] = {}
    paginate_by = 50

    @cached_property
    def form(self):
        return self.form_class(self.request.GET, campaign=self.campaign)

    def rows(self):
        raise NotImplementedError

    def get_queryset(self):
        return self.sorted(self.form.apply(self.rows()) if self.form.is_valid() else self.rows())

    def sorted(self, rows):
        asked = self.request.GET.get("order", "")
        columns = self.orders.get(asked.removeprefix("-"))
        if not columns:
            return rows
        turned = asked.startswith("-")
        return rows.order_by(*(f"-{one}" if turned else one for one in columns))

    def get_context_data(self, **context):
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(
            campaign=self.campaign,
            form=self.form,
            is_office=self.is_office,
            query=query.urlencode(),
            **context,
        )


def act(request: HttpRequest, do: Callable[[], object], success: str, back) -> HttpResponse:
    """Do it and go on; when a rule says no, its sentence is shown where the person came from."""
    try:
        do()
    except StageError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, success)
    return redirect(back)


class ConfirmView(CampaignMixin, View):
    """GET asks, POST does. A subclass says what in `question()` and acts in `perform(form)`."""

    form_class = None

    def question(self) -> dict:
        """title, text, verb, cancel_url; optional facts, danger, trail."""
        raise NotImplementedError

    def perform(self, form) -> HttpResponse:
        raise NotImplementedError

    def get(self, request, **kwargs):
        return self.ask(self.form_class() if self.form_class else None)

    def post(self, request, **kwargs):
        form = self.form_class(request.POST) if self.form_class else None
        if form is not None and not form.is_valid():
            return self.ask(form)
        try:
            return self.perform(form)
        except StageError as refusal:
            messages.error(request, str(refusal))
            return self.ask(form)

    def ask(self, form):
        return render(self.request, "components/confirm.html", {**self.question(), "form": form})
