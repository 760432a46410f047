"""Which panel a page is about."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from awards.campaign.models import Campaign, Category
from awards.campaign.views.year import YearMixin
from awards.panel.models import Panel
from awards.scoring.words import stage_name


class PanelMixin(YearMixin):
    """The panel of the URL's category and stage; an unsaved one while nobody has set it up.

    Panel and campaign come in one question; another committee's campaign is a 404 either way.
    """

    @property
    def campaign(self) -> Campaign:
        return self.panel.campaign

    @cached_property
    def panel(self) -> Panel:
        code, letter, stage = (self.kwargs[name] for name in ("campaign", "letter", "stage"))
        mine = self.years()
        rows = Panel.objects.with_rule().select_related(
            "campaign__organiser", "category", "witness", "drawn_by"
        )
        found = rows.filter(campaign__in=mine, campaign__code=code, category__letter=letter, stage=stage)
        return found.first() or self._not_set_up(mine, code, letter, stage)

    def _not_set_up(self, mine, code: str, letter: str, stage: str) -> Panel:
        rows = Category.objects.select_related("campaign__organiser").filter(campaign__in=mine)
        category = get_object_or_404(rows, campaign__code=code, letter=letter)
        panel = Panel(campaign=category.campaign, category=category, stage=stage)
        if stage not in panel.rule.stage_codes:
            raise Http404
        return panel

    @property
    def heading(self) -> str:
        return f"{self.panel.category.name} · {stage_name(self.panel.stage)}"

    def url(self, name: str, *more: str) -> str:
        """A page of this panel: `self.url("panel-draw")`."""
        return reverse(
            f"awards:{name}", args=[self.campaign.code, self.panel.category.letter, self.panel.stage, *more]
        )

    def back(self) -> str:
        return self.url("panel")

    def trail(self, *, inside: bool = True) -> list[tuple[str, str]]:
        steps = [("评审", reverse("awards:panel-list", args=[self.campaign.code]))]
        return [*steps, (self.heading, self.url("panel"))] if inside else steps
