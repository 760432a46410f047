"""Which panel a page is about."""

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from awards.campaign.queries import rule_in_force
from awards.campaign.rules import STAGE_NAMES
from awards.panel.models import Panel
from awards.screening.views.base import CampaignMixin


class PanelMixin(CampaignMixin):
    """The panel of the URL's category and stage; an unsaved one while nobody has set it up."""

    @cached_property
    def rule(self) -> dict:
        return rule_in_force(self.campaign).body

    @cached_property
    def panel(self) -> Panel:
        letter, stage = self.kwargs["letter"], self.kwargs["stage"]
        rows = Panel.objects.select_related("campaign__organiser", "category", "witness", "drawn_by")
        found = rows.filter(campaign=self.campaign, category__letter=letter, stage=stage).first()
        if found:
            return found
        category = self.campaign.categories.filter(letter=letter).first()
        if category is None or stage not in [one["code"] for one in self.rule["stages"]]:
            raise Http404
        return Panel(campaign=self.campaign, category=category, stage=stage)

    @property
    def heading(self) -> str:
        return f"{self.panel.category.name} · {STAGE_NAMES.get(self.panel.stage, self.panel.stage)}"

    def url(self, name: str, *more: str) -> str:
        """A page of this panel: `self.url("panel-draw")`."""
        return reverse(
            f"awards:{name}", args=[self.campaign.code, self.panel.category.letter, self.panel.stage, *more]
        )

    def trail(self, *, inside: bool = True) -> list[tuple[str, str]]:
        steps = [("评审", reverse("awards:panel-list", args=[self.campaign.code]))]
        return [*steps, (self.heading, self.url("panel"))] if inside else steps
