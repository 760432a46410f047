from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View

from awards.campaign.views.year import YearMixin
from awards.errors import StageError
from awards.panel.actions import add_reviewer, change_reviewer
from awards.panel.forms import PoolFilterForm, ReviewerChangeForm, ReviewerForm
from awards.panel.queries import count_ties, pool_of
from awards.panel.roster import FIELDS, import_pool, read_pool
from awards.screening.views.base import READERS, FilteredListView
from units.papers.workbook import Column, Sheet
from units.views.importing import ImportView


class ReviewerListView(FilteredListView):
    roles_required = READERS
    template_name = "awards/panel/reviewers.html"
    form_class = PoolFilterForm
    orders = {"name": ("user__name",), "employer": ("employer__order", "user__username")}

    @cached_property
    def letters(self):
        return [category.letter for category in self.campaign.categories.all()]

    def rows(self):
        return pool_of(self.campaign)

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        letters = self.letters
        with_ties(self.campaign, context["page_obj"], letters)  # the page keeps its rows once they are read
        return context | {"trail": trail(self.campaign), "letters": letters}


class ReviewerExportView(ReviewerListView):
    def get(self, request, **kwargs):
        letters = self.letters
        columns = [
            Column("账号", "user.username"),
            Column("评委", "user.name"),
            Column("工作单位", lambda row: row.employer.name if row.employer else "外请专家"),
            Column("专业特长", "expertise"),
            Column("岗位有效", "entitled"),
            Column("参加抽取", "is_active"),
            Column("在组席位", "seated", "number"),
            *(
                Column(f"{letter}类回避", lambda row, at=at: row.ties[at][1], "number")
                for at, letter in enumerate(letters)
            ),
        ]
        rows = with_ties(self.campaign, self.get_queryset(), letters)
        sheet = Sheet(f"{self.campaign.title}评委库", columns, rows, self.subtitle(), name="评委库")
        return self.export(f"{self.campaign.code}评委库", [sheet])


def with_ties(campaign, rows, letters):
    """The rows, each with `ties`: (letter, number of entries with a tie)."""
    rows = list(rows)
    counted = count_ties(campaign, rows)
    for row in rows:
        row.ties = [(letter, counted[row.pk].get(letter, 0)) for letter in letters]
    return rows


def trail(campaign):
    return [("评审", reverse("awards:panel-list", args=[campaign.code]))]


class ReviewerFormView(YearMixin, View):
    """One form, one page; a refusal is shown above it and nothing typed is lost."""

    title = verb = lead = ""

    def list_url(self):
        return reverse("awards:reviewer-list", args=[self.campaign.code])

    def make_form(self, data=None):
        raise NotImplementedError

    def perform(self, given) -> str:
        raise NotImplementedError

    def get(self, request, **kwargs):
        return self.show(self.make_form())

    def post(self, request, **kwargs):
        form = self.make_form(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            messages.success(request, self.perform(form.cleaned_data))
        except StageError as refusal:
            form.add_error(None, str(refusal))
            return self.show(form)
        return redirect(self.list_url())

    def show(self, form):
        context = {
            "title": self.title,
            "lead": self.lead,
            "verb": self.verb,
            "form": form,
            "cancel_url": self.list_url(),
            "trail": [*trail(self.campaign), ("评委库", self.list_url())],
        }
        return render(self.request, "components/form_page.html", context)


class ReviewerNewView(ReviewerFormView):
    title, verb = "列入评委库", "列入评委库"

    def make_form(self, data=None):
        return ReviewerForm(data, campaign=self.campaign)

    def perform(self, given):
        reviewer = add_reviewer(self.campaign, actor=self.request.user, **given)
        return f"{reviewer}已列入评委库。"


class ReviewerImportView(YearMixin, ImportView):
    """Many at once from a workbook; each needs an account and a reviewer's post already."""

    name, measure = "评委库", "人"
    ready = "下面是前几行，核对后确认；已在库中的按表修改，空格不改动原有内容。"
    tips = (
        "每个人须先有账号和评委岗位：由系统管理员用名册导入（岗位填评委，单位填工委），安全管理员确认。",
        "工作单位写全称、简称、别名都可以；外请专家不填。",
    )

    @property
    def back(self):
        return "评委库", reverse("awards:reviewer-list", args=[self.campaign.code])

    def template_fields(self):
        return FIELDS

    def read(self, file, name):
        return read_pool(file, name=name, campaign=self.campaign, user=self.request.user)

    def take(self, word, file_name):
        new, altered = import_pool(self.campaign, word)
        parts = [f"列入{new}人"] if new else []
        parts += [f"修改{altered}人"] if altered else []
        messages.success(self.request, f"已导入：{'，'.join(parts)}。")
        return redirect(self.back[1])


class ReviewerEditView(ReviewerFormView):
    title, verb = "评委信息", "保存"

    @property
    def reviewer(self):
        rows = self.campaign.reviewers.select_related("user", "employer")
        return get_object_or_404(rows, user__username=self.kwargs["username"])

    @property
    def lead(self):
        return f"{self.reviewer}（{self.kwargs['username']}）"

    def make_form(self, data=None):
        reviewer = self.reviewer
        initial = {name: getattr(reviewer, name) for name in ("employer", "expertise", "is_active")}
        return ReviewerChangeForm(data, campaign=self.campaign, initial=initial)

    def perform(self, given):
        reviewer = change_reviewer(self.reviewer, actor=self.request.user, **given)
        return f"{reviewer}的信息已保存，回避关系按新单位核查。"
