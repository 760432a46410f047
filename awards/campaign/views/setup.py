"""Texts and limits; categories, rubric, scoring rule."""

from __future__ import annotations

from django.http import Http404
from django.utils.functional import cached_property

from awards.campaign.actions import change_campaign, save_category, save_rubric, save_rule
from awards.campaign.forms import CategoryForm, LimitsForm, RubricFormSet, RuleForm, SettingsForm
from awards.campaign.models import Category
from awards.campaign.queries import category_names, rubric_of
from awards.campaign.rules import STAGE_NAMES, rule_sentences
from awards.campaign.views.common import SetupFormView


class SettingsView(SetupFormView):
    template_name = "awards/campaign/settings.html"
    form_class = SettingsForm
    tab = "campaign-settings"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.campaign}

    def save(self, form):
        change_campaign(self.campaign, form.cleaned_data, version=self.version, actor=self.request.user)


class CategoriesView(SettingsView):
    """The categories as a table, each with its two forms; below it the limits of the year."""

    template_name = "awards/campaign/categories.html"
    form_class = LimitsForm
    tab = "campaign-categories"

    def get_context_data(self, **kwargs):
        return super().get_context_data(rubric=rubric_of(self.campaign, self.rule), **kwargs)


class CategoryMixin:
    tab = "campaign-categories"
    is_of_the_rule = True

    @cached_property
    def category(self) -> Category:
        for category in self.campaign.categories.prefetch_related("criteria"):
            if category.letter == self.kwargs["letter"]:
                category.campaign = self.campaign
                return category
        raise Http404

    @property
    def stages(self) -> list[str]:
        return [stage["code"] for stage in self.rule.body["stages"]]

    def get_context_data(self, **kwargs):
        return super().get_context_data(category=self.category, **kwargs)

    def get_success_url(self):
        return self.url("campaign-categories")


class CategoryView(CategoryMixin, SetupFormView):
    template_name = "awards/campaign/category.html"
    form_class = CategoryForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.category, "stages": self.stages}

    def save(self, form):
        save_category(self.category, form.cleaned_data, version=self.version, actor=self.request.user)


class RubricView(CategoryMixin, SetupFormView):
    template_name = "awards/campaign/rubric.html"
    form_class = RubricFormSet

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs() | {
            "form_kwargs": {
                "weighted": self.rule.body["combine"] == "weighted",
                "staged": len(self.stages) > 1,
            },
            "initial": [
                self._initial(number, row) for number, row in enumerate(self.category.criteria.all())
            ],
        }
        return kwargs | {"prefix": "line"}

    def _initial(self, number, row):
        anchors = {f"anchor{place}": text for place, text in enumerate(row.anchors)}
        names = ("code", "label", "maximum", "weight", "section", "full_marks_need")
        stage = row.stages[0] if len(row.stages) == 1 else ""
        values = {name: getattr(row, name) for name in names}
        return values | anchors | {"order": (number + 1) * 10, "stage": stage}

    def save(self, form):
        save_rubric(self.category, form.lines(), version=self.version, actor=self.request.user)


class RuleView(SetupFormView):
    template_name = "awards/campaign/rule.html"
    form_class = RuleForm
    tab = "campaign-rule"
    is_of_the_rule = True

    def get_initial(self):
        return RuleForm.initial_from(self.rule.body)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            sentences=rule_sentences(self.rule.body, category_names(self.campaign)),
            versions=self.campaign.rules.select_related("made_by"),
            stage_names=STAGE_NAMES,
            **kwargs,
        )

    def save(self, form):
        save_rule(self.campaign, form.settings(), version=self.version, actor=self.request.user)
