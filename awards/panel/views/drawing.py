from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.generic import TemplateView, View

from awards.campaign.permissions import INSIDE
from awards.errors import StageError
from awards.panel.actions import draw_panel, set_up_panel
from awards.panel.forms import DrawForm
from awards.panel.queries import count_ties, pool_of
from awards.panel.rules import Drawn, pool_warnings
from awards.panel.views.base import PanelMixin


class DrawView(PanelMixin, View):
    """The pool with each one's ties beside the form: who is composing the panel sees them before drawing."""

    def get(self, request, **kwargs):
        if self.panel.drawn_at:
            return redirect(self.url("panel-minutes"))
        return self.show(DrawForm(campaign=self.campaign))

    def post(self, request, **kwargs):
        form = DrawForm(request.POST, campaign=self.campaign)
        if not form.is_valid():
            return self.show(form)
        try:
            panel = set_up_panel(self.panel.category, self.panel.stage)
            draw_panel(panel, actor=request.user, **form.cleaned_data)
        except StageError as refusal:
            form.add_error(None, str(refusal))
            return self.show(form)
        messages.success(request, "抽取完成，结果和签号已存入抽取记录。")
        return redirect(self.url("panel-minutes"))

    def show(self, form):
        letter = self.panel.category.letter
        pool = list(pool_of(self.campaign))
        counted = count_ties(self.campaign, pool)
        for reviewer in pool:
            reviewer.ties = counted[reviewer.pk].get(letter, 0)
        eligible = sum(one.is_active and one.entitled for one in pool)
        context = {
            "panel": self.panel,
            "heading": self.heading,
            "form": form,
            "pool": pool,
            "eligible": eligible,
            "size": self.campaign.panel_size,
            "warnings": pool_warnings(eligible, self.campaign.panel_size),
            "trail": self.trail(),
            "cancel_url": self.url("panel"),
        }
        return render(self.request, "awards/panel/draw.html", context)


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
