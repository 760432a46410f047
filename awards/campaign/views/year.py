"""What every page of one year shares: whose year, who may, its addresses, its exports."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from awards.campaign.models import Campaign
from awards.campaign.permissions import can_run
from awards.campaign.queries.calendar import working_calendar
from awards.campaign.rules.working_days import deadline
from units.kit.exports import Exporting
from units.permissions import RoleRequiredMixin
from units.roles import Role

DAYS_TO_CONFIRM = 3
"""Working days within which an act that takes two people is confirmed."""


class CampaignMixin(Exporting):
    """A page of the year in the address; a year that this person may not know of answers 404."""

    @cached_property
    def campaign(self) -> Campaign:
        self.request.campaign = get_object_or_404(self.years(), code=self.kwargs["campaign"])
        return self.request.campaign

    def years(self):
        """The years in which this person may open the page."""
        return Campaign.objects.visible_to(self.request.user).select_related("organiser")

    @property
    def is_office(self) -> bool:
        """Whether the office's buttons belong on the page; the acts ask again themselves."""
        return can_run(self.request.user, self.campaign)

    def url(self, name: str, *more: object) -> str:
        return reverse(f"awards:{name}", args=[self.campaign.code, *more])

    def committee(self):
        return self.campaign.organiser

    def year_code(self) -> str:
        return self.campaign.code

    def lapses_at(self, now):
        """The end of the third working day."""
        return deadline(working_calendar(), now, DAYS_TO_CONFIRM)

    def exporting_unit(self) -> str:
        return self.campaign.organiser.name

    def exported_year(self) -> str:
        return self.campaign.code


class YearMixin(RoleRequiredMixin, CampaignMixin):
    """The same for holders of a post: 403 without one of the roles, 404 for another committee's year."""

    roles_required = (Role.OFFICE,)

    def years(self):
        return Campaign.objects.read_by(self.request.user, *self.roles_required).select_related("organiser")
