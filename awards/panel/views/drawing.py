from django.shortcuts import redirect
from django.views.generic import TemplateView

from awards import keys
from awards.campaign.permissions import INSIDE
from awards.panel.actions.drawing import draw_panel
from awards.panel.actions.panels import set_up_panel
from awards.panel.forms import DrawForm
from awards.panel.queries.pool import count_ties, pool_of
from awards.panel.rules.composition import pool_warnings
from awards.panel.rules.draw import Drawn
from awards.panel.views.base import PanelMixin
from units.kit.acts import FormPage


class DrawView(PanelMixin, FormPage):
    """The pool with each one's ties beside the form: who is composing the panel sees them before drawing."""

    second = keys.PANEL_DRAWN
    title = verb = "抽取评委"
    template_name = "awards/panel/draw.html"
    done = "抽取完成，结果和签号已存入抽取记录。"

    def stopped(self) -> str:
        return "本组已经抽取，不能重抽。" if self.panel.drawn_at else ""

    def make_form(self, *data) -> DrawForm:
        return DrawForm(*data, campaign=self.campaign)

    def act(self, **typed):
        panel = set_up_panel(self.panel.category, self.panel.stage)
        return draw_panel(panel, actor=self.request.user, **typed)

    def after(self, outcome) -> str:
        return self.url("panel-minutes")

    def back(self) -> str:
        return self.url("panel-minutes" if self.panel.drawn_at else "panel")

    def context(self, form) -> dict:
        letter = self.panel.category.letter
        pool = list(pool_of(self.campaign))
        counted = count_ties(self.campaign, pool)
        for reviewer in pool:
            reviewer.ties = counted[reviewer.pk].get(letter, 0)
        eligible = sum(one.is_active and one.entitled for one in pool)
        return super().context(form) | {
            "panel": self.panel,
            "heading": self.heading,
            "pool": pool,
            "eligible": eligible,
            "size": self.campaign.panel_size,
            "warnings": pool_warnings(eligible, self.campaign.panel_size),
        }


class MinutesView(PanelMixin, TemplateView):
    """What was drawn, in the order of the lots, for the minutes and for whoever recounts it."""

    roles_required = INSIDE
    template_name = "awards/panel/minutes.html"

    def get(self, request, **kwargs):
        if not self.panel.drawn_at:
            return redirect(self.url("panel"))
        return super().get(request, **kwargs)

    def get_context_data(self, **context):
        lines = [{**line, "label": Drawn(line["drawn"]).label} for line in self.panel.draw_lines]
        return super().get_context_data(
            panel=self.panel, heading=self.heading, lines=lines, trail=self.trail(), **context
        )
