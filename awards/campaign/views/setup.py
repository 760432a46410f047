"""Texts and limits; categories, rubric, scoring rule."""

from __future__ import annotations

from django.http import Http404
from django.utils.functional import cached_property

from awards.campaign.actions.rule import save_category, save_rubric, save_rule
from awards.campaign.actions.settings import change_campaign
from awards.campaign.forms.rule import CategoryForm, RubricFormSet, RuleForm
from awards.campaign.forms.year import LimitsForm, SettingsForm
from awards.campaign.models import Category
from awards.campaign.queries.rule import category_names, rubric_of
from awards.campaign.views.common import SetupForm
from awards.scoring.words import rule_sentences


class SettingsView(SetupForm):
    partly = True  # each box stands for itself
    template_name = "awards/campaign/settings.html"
    form_class = SettingsForm
    tab = "campaign-settings"

    def make_form(self, *data):
        return self.form_class(*data, instance=self.campaign)

    def act(self, **values):
        return change_campaign(self.campaign, values, version=self.version, actor=self.request.user)


class CategoriesView(SettingsView):
    """The categories as a table, each with its two forms; below it the limits of the year."""

    template_name = "awards/campaign/categories.html"
    form_class = LimitsForm
    tab = "campaign-categories"

    def context(self, form):
        return super().context(form) | {"rubric": rubric_of(self.campaign, self.rule)}


class OfCategory(SetupForm):
    """A form about one category of the year."""

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
        return self.rule.parsed.stage_codes

    def context(self, form):
        return super().context(form) | {"category": self.category}

    def back(self):
        return self.url("campaign-categories")


class CategoryView(OfCategory):
    template_name = "awards/campaign/category.html"

    def make_form(self, *data):
        return CategoryForm(*data, instance=self.category, stages=self.stages)

    def act(self, **values):
        return save_category(self.category, values, version=self.version, actor=self.request.user)


class RubricView(OfCategory):
    template_name = "awards/campaign/rubric.html"

    def make_form(self, *data):
        lines = [self._initial(number, row) for number, row in enumerate(self.category.criteria.all())]
        about = {"weighted": self.rule.parsed.is_weighted, "staged": len(self.stages) > 1}
        return RubricFormSet(*data, initial=lines, prefix="line", form_kwargs=about)

    def _initial(self, number, row):
        anchors = {f"anchor{place}": text for place, text in enumerate(row.anchors)}
        names = ("code", "label", "maximum", "weight", "section", "full_marks_need")
        stage = row.stages[0] if len(row.stages) == 1 else ""
        values = {name: getattr(row, name) for name in names}
        return values | anchors | {"order": (number + 1) * 10, "stage": stage}

    def typed(self, form):
        return {"lines": form.lines()}

    def act(self, lines):
        return save_rubric(self.category, lines, version=self.version, actor=self.request.user)


class RuleView(SetupForm):
    template_name = "awards/campaign/rule.html"
    tab = "campaign-rule"
    is_of_the_rule = True

    def make_form(self, *data):
        return RuleForm(*data, initial=RuleForm.initial_from(self.rule.parsed))

    def context(self, form):
        return super().context(form) | {
            "sentences": rule_sentences(self.rule.parsed, category_names(self.campaign)),
            "versions": self.campaign.rules.select_related("made_by"),
        }

    def typed(self, form):
        return {"settings": form.settings()}

    def act(self, settings):
        return save_rule(self.campaign, settings, version=self.version, actor=self.request.user)
