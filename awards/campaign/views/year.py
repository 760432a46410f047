"""What every page of one year shares: whose year, who may, its addresses, its exports."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from awards.campaign.models import Campaign
from units.kit.exports import Exporting
from units.permissions import RoleRequiredMixin, holds
from units.roles import Role


class YearMixin(RoleRequiredMixin, Exporting):
    """A page of the year in the address: 403 without one of the roles, 404 for another committee's year."""

    roles_required = (Role.OFFICE,)

    @cached_property
    def campaign(self) -> Campaign:
        self.request.campaign = get_object_or_404(self.years(), code=self.kwargs["campaign"])
        return self.request.campaign

    def years(self):
        """The years in which this person may open the page."""
        return Campaign.objects.read_by(self.request.user, *self.roles_required).select_related("organiser")

    @property
    def is_office(self) -> bool:
        """Whether the office's buttons belong on the page; the acts ask again themselves."""
        return holds(self.request.user, Role.OFFICE, unit=self.campaign.organiser_id)

    def url(self, name: str, *more: object) -> str:
        return reverse(f"awards:{name}", args=[self.campaign.code, *more])

    def exporting_unit(self) -> str:
        return self.campaign.organiser.name

    def exported_year(self) -> str:
        return self.campaign.code
