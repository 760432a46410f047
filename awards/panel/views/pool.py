from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property

from awards import keys
from awards.campaign.permissions import INSIDE
from awards.campaign.views.year import YearMixin
from awards.panel.actions.pool import add_reviewer, change_reviewer
from awards.panel.forms import PoolFilter, ReviewerChangeForm, ReviewerForm
from awards.panel.queries.pool import count_ties, is_pool_locked, people_in_pool, people_to_add, pool_of
from awards.panel.roster import FIELDS, import_pool, read_pool
from units.kit.acts import FormPage
from units.kit.columns import Column
from units.kit.lists import ListPage
from units.pickers import People
from units.views.finding import FindView
from units.views.importing import ImportView


class ReviewerListView(YearMixin, ListPage):
    roles_required = INSIDE
    template_name = "awards/panel/reviewers.html"
    filter_class = PoolFilter
    title, noun, unit, style = "评委库", "评委", "人", "stack-2"
    start = ("user__username",)

    @cached_property
    def letters(self):
        return [category.letter for category in self.campaign.categories.all()]

    def rows(self):
        return pool_of(self.campaign)

    def prepared(self, rows):
        return with_ties(self.campaign, rows, self.letters)

    def columns(self):
        return [
            Column("评委", "user.name", order="name", by=("user__name",), main=True, link=self.edit_url),
            Column("账号", "user.username", folded=True),
            Column(
                "工作单位",
                employer_name,
                order="employer",
                by=("employer__order", "user__username"),
                css="wide",
            ),
            Column("专业特长", "expertise"),
            Column("岗位有效", "entitled", page=False),
            Column("参加抽取", "is_active", page=False),
            Column("状态", "mark", "mark"),
            *(
                Column(f"{letter}类回避", lambda row, at=at: row.ties[at][1], "number")
                for at, letter in enumerate(self.letters)
            ),
            Column("在组席位", "seated", "number", order="seated"),
        ]

    def edit_url(self, row):
        return self.url("reviewer-edit", row.user.username) if self.is_office else ""

    def trail(self):
        return trail(self.campaign)

    def book_name(self):
        return f"{self.campaign.code}评委库"

    def book_title(self):
        return f"{self.campaign.title}评委库"

    def empty(self):
        text = (
            "先由系统管理员授予评委岗位，安全管理员确认后在这里逐人列入，或用表格一次导入。"
            "评委数宜为席位的3倍以上。"
        )
        return {"title": "评委库是空的", "text": text}


def employer_name(reviewer) -> str:
    return reviewer.employer.name if reviewer.employer else "外请专家"


def with_ties(campaign, rows, letters):
    """The rows, each with `ties`: (letter, number of entries with a tie)."""
    counted = count_ties(campaign, rows)
    for row in rows:
        row.ties = [(letter, counted[row.pk].get(letter, 0)) for letter in letters]
    return rows


def trail(campaign):
    return [("评审", reverse("awards:panel-list", args=[campaign.code]))]


class ReviewerFormPage(YearMixin, FormPage):
    second = keys.POOL_CHANGED

    def waits(self) -> bool:
        return is_pool_locked(self.campaign)

    def back(self):
        return self.url("reviewer-list")

    def trail(self):
        return [*trail(self.campaign), ("评委库", self.back())]


class ReviewerFindView(YearMixin, FindView):
    """People in the year's pool, or those who may be added to it, by name or account; for the office alone."""

    what = People

    def rows(self):
        among = {"new": people_to_add, "pool": people_in_pool}.get(self.request.GET.get("among", ""))
        if among is None:
            raise Http404
        return among(self.campaign)


class ReviewerNewView(ReviewerFormPage):
    title = verb = "列入评委库"

    def make_form(self, *data):
        return ReviewerForm(*data, campaign=self.campaign)

    def act(self, **typed):
        return add_reviewer(self.campaign, actor=self.request.user, **typed)

    def told(self, reviewer):
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
        return "评委库", self.url("reviewer-list")

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


class ReviewerEditView(ReviewerFormPage):
    title = "评委信息"

    @cached_property
    def reviewer(self):
        rows = self.campaign.reviewers.select_related("user", "employer")
        return get_object_or_404(rows, user__username=self.kwargs["username"])

    @property
    def lead(self):
        return f"{self.reviewer}（{self.kwargs['username']}）"

    def about(self) -> str:
        return self.lead

    def make_form(self, *data):
        reviewer = self.reviewer
        initial = {name: getattr(reviewer, name) for name in ("employer", "expertise", "is_active")}
        return ReviewerChangeForm(*data, campaign=self.campaign, initial=initial)

    def act(self, **typed):
        return change_reviewer(self.reviewer, actor=self.request.user, **typed)

    def told(self, reviewer):
        return f"{reviewer}的信息已保存，回避关系按新单位核查。"
