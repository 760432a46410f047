"""The ranking page, its freeze and shortlist, its files; the public checker."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View

from awards import keys
from awards.campaign.models import ScoringRule
from awards.campaign.permissions import INSIDE, can_read_inside
from awards.campaign.queries.comparison import rule_changes
from awards.campaign.queries.rule import category_names, rule_in_force
from awards.campaign.views.year import YearMixin
from awards.panel.models import PanelState
from awards.ranking import papers
from awards.ranking.actions import freeze_ranking, labels_of, release_shortlist
from awards.ranking.models import Ranking, RankingState, stage_label
from awards.ranking.queries.pages import (
    compared,
    frozen_rankings,
    in_force,
    ranking_page,
    same_stage_older_rule,
    summaries,
)
from awards.ranking.queries.readiness import NextStep, next_step, readiness, stage_panels, unfinished_panels
from awards.scoring.checker import checker_source
from units.audit.events import Event
from units.kit.acts import ActPage
from units.papers.workbook import CONTENT_TYPE as XLSX
from units.roles import Role


class RankingMixin(YearMixin):
    """A page of the year's ranking, with the freezes this person may read."""

    roles_required = (*INSIDE, Role.MEMBER)

    @cached_property
    def rankings(self) -> list[Ranking]:
        return frozen_rankings(self.campaign)

    @property
    def may_open(self) -> bool:
        return can_read_inside(self.request.user, self.campaign)

    def readable(self) -> list[Ranking]:
        """The freezes the person may read: members only the final ones in force."""
        if self.may_open:
            return self.rankings
        return [r for r in self.rankings if r.is_final and r.superseded_at is None]

    def chosen(self) -> Ranking | None:
        """The freeze named in the query string, else the one in force. An unknown or hidden one is a 404."""
        rankings, key = self.readable(), self.request.GET.get("record", "")
        if not key:
            return in_force(rankings)
        found = next((ranking for ranking in rankings if ranking.key == key), None)
        if found is None:
            raise Http404
        return found

    def chosen_or_404(self) -> Ranking:
        ranking = self.chosen()
        if ranking is None:
            raise Http404
        return ranking

    def page_url(self) -> str:
        return self.url("ranking")


class RankingView(RankingMixin, TemplateView):
    """The frozen ranking; before the first freeze, how far the panels are, without a mark."""

    template_name = "awards/ranking/ranking.html"

    def get_context_data(self, **kwargs):
        ranking = self.chosen()
        context = super().get_context_data(**kwargs) | {
            "campaign": self.campaign,
            "unfrozen": RankingState.OPEN,
            "rankings": self.readable(),
            "is_office": self.is_office,
            "may_open": self.may_open,
        }
        if ranking is None:
            return context | self._before()
        page = ranking_page(ranking, self.request.GET.get("category", ""), self.request.GET.get("page", 1))
        view = "totals" if self.request.GET.get("view") == "totals" else "criteria"
        return context | {
            "ranking": ranking,
            "page": page,
            "summary": page.summary,
            "page_obj": page.page,
            "view": view,
            "tabs": [self._tab(page, item) for item in page.summaries],
            "columns": 4 + (len(page.heads.criteria) if view == "criteria" else len(page.heads.stages) + 1),
            "older": same_stage_older_rule(self.readable(), ranking),
            "stage_label": ranking.stage_label,
            "step": self._step(ranking, page),
            "discuss": sum(item.shared + item.blocked for item in page.summaries),
        }

    def _tab(self, page, item) -> dict:
        query = self.request.GET.copy()
        query.pop("page", None)
        query["category"] = item.letter
        return {
            "label": item.name,
            "count": item.entries,
            "url": f"?{query.urlencode()}",
            "current": item.letter == page.summary.letter,
        }

    def _step(self, ranking: Ranking, page) -> NextStep | None:
        """What the office can do now; None for other readers and beside a ranking that is not in force."""
        if not self.is_office or ranking != in_force(self.rankings):
            return None
        return next_step(ranking, page.summaries)

    def _before(self) -> dict:
        """The page without a freeze: where the panels stand. Members learn only that there is nothing yet."""
        if not self.may_open:
            return {}
        try:
            rule = rule_in_force(self.campaign)
        except ScoringRule.DoesNotExist:
            return {"unscored": self.campaign.announced_at is not None}
        first, *later = rule.parsed.stage_codes
        panels = stage_panels(self.campaign, [first])
        drawn = any(panel.state != PanelState.UNDRAWN for panel in panels)
        return {
            "unscored": not drawn and self.campaign.announced_at is not None,
            "panels": panels,
            "closed": sum(panel.is_closed for panel in panels),
            "is_over": drawn and all(panel.is_closed for panel in panels),
            "first_stage": first if later else Ranking.FINAL,
        }


class RankingAct(RankingMixin, ActPage):
    """An act of the office on the year's ranking."""

    def allowed(self) -> bool:
        return self.is_office

    def back(self) -> str:
        return self.page_url()


class FreezeView(RankingAct):
    """Asks before a freeze what it would find, then freezes."""

    template_name = "awards/ranking/freeze.html"

    def context(self, form):
        stage = self.stage
        rule = self.rule()
        codes = rule.parsed.stage_codes
        if stage not in [*codes, Ranking.FINAL]:
            raise Http404
        chain = codes if stage == Ranking.FINAL else codes[: codes.index(stage) + 1]
        if chain == codes:
            stage = Ranking.FINAL
        rows = readiness(self.campaign, chain, rule.parsed.least)
        return super().context(form) | {
            "campaign": self.campaign,
            "rule": rule,
            "stage": stage,
            "stage_label": stage_label(stage),
            "rows": rows,
            "short": sum(row.short for row in rows),
            "waiting": unfinished_panels(self.campaign, chain),
            "decided": stage == Ranking.FINAL and any(row.decided for row in rows),
            "former": next((r for r in self.rankings if r.stage == stage and r.superseded_at is None), None),
        }

    @property
    def stage(self) -> str:
        return self.request.GET.get("stage", Ranking.FINAL)

    def rule(self) -> ScoringRule:
        try:
            return rule_in_force(self.campaign)
        except ScoringRule.DoesNotExist as nothing:
            raise Http404 from nothing

    def act(self):
        self.rule()
        return freeze_ranking(self.campaign, stage=self.stage, actor=self.request.user)

    def told(self, ranking) -> str:
        return f"{stage_label(ranking.stage)}已冻结，公开记录摘要{ranking.key}…"


class ShortlistView(RankingAct):
    """Shows both lists, then tells all entries at once."""

    second = keys.SHORTLIST_RELEASED
    template_name = "awards/ranking/shortlist.html"

    title = "下达入围名单"

    @cached_property
    def ranking(self):
        ranking = self.chosen_or_404()
        if ranking.is_final:
            raise Http404
        return ranking

    @cached_property
    def ranked(self):
        rows = self.ranking.entries.select_related("nomination__unit", "category")
        return list(rows.order_by("category__order", "category__letter", "order"))

    def lists(self) -> dict[str, list]:
        """Who goes on, who does not, and who has too few marks for either."""
        stage = self.ranking.stage
        return {
            "on": [row for row in self.ranked if row.status == "blocked" and row.blocked_in != stage],
            "off": [row for row in self.ranked if row.status == "not_shortlisted"],
            "short": [row for row in self.ranked if row.blocked_in == stage],
        }

    def context(self, form):
        return super().context(form) | {"campaign": self.campaign, "ranking": self.ranking} | self.lists()

    def changes(self, form):
        words = {"on": "入围", "off": "未入围", "short": "有效评分不足"}
        return [
            (str(row.nomination), row.nomination.mark.label, words[name])
            for name, rows in self.lists().items()
            for row in rows
        ]

    def entries(self, form):
        return [row.nomination for row in self.ranked]

    def act(self):
        return release_shortlist(self.ranking, actor=self.request.user)

    def told(self, moved) -> str:
        return f"入围名单已下达，{moved}件的申报单位均可看到结果。"


class VersionsView(RankingMixin, TemplateView):
    """The places under two versions of the rule, side by side."""

    template_name = "awards/ranking/versions.html"

    def get_context_data(self, **kwargs):
        ranking = self.chosen_or_404()
        older = same_stage_older_rule(self.readable(), ranking)
        if older is None:
            raise Http404
        every = summaries(ranking)
        letter = self.request.GET.get("category", "")
        summary = next((item for item in every if item.letter == letter), every[0])
        lines, page = compared(older, ranking, summary.letter, self.request.GET.get("page", 1))
        return super().get_context_data(**kwargs) | {
            "campaign": self.campaign,
            "ranking": ranking,
            "older": older,
            "lines": lines,
            "rule_changes": rule_changes(older.rule, ranking.rule, category_names(self.campaign)),
            "page_obj": page,
            "tabs": [
                {
                    "label": item.name,
                    "count": item.entries,
                    "url": f"?record={ranking.key}&category={item.letter}",
                    "current": item.letter == summary.letter,
                }
                for item in every
            ],
            "trail": [("排名", self.page_url())],
        }


class RecordView(RankingMixin, View):
    """The record as frozen, byte for byte, for those inside; the public gets it with the notice."""

    def get(self, request, *args, **kwargs):
        ranking = self.chosen_or_404()
        text = Ranking.objects.values_list("record", flat=True).get(pk=ranking.pk)
        name = f"record-{self.campaign.code}-{ranking.stage}-{ranking.key}.json"
        return self.export_file(
            name, text.encode(), "application/json", target=papers.title_of(ranking), digest=ranking.digest,
            event=Event.RECORD_DOWNLOADED,
        )  # fmt: skip


class WorkbookView(RankingMixin, View):
    """The ranking as a workbook that counts everything again by formulas."""

    def get(self, request, *args, **kwargs):
        ranking = self.chosen_or_404()
        title = papers.title_of(ranking)
        content = papers.ranking_workbook(
            ranking, labels_of(self.campaign), unit=self.campaign.organiser.name, person=str(request.user)
        )
        return self.export_file(
            f"{title}_{timezone.localdate():%Y%m%d}.xlsx", content, XLSX, target=title, digest=ranking.digest
        )


class PaperView(RankingMixin, View):
    """排名表 for signing."""

    def get(self, request, *args, **kwargs):
        ranking = self.chosen_or_404()
        paper = papers.ranking_paper(ranking, category_names(self.campaign))
        return self.export_paper(papers.title_of(ranking), paper, digest=ranking.digest)


@method_decorator(login_not_required, name="dispatch")
class CheckerView(View):
    """verify.py and redraw.py: the one file with which anybody recounts a record, or draws again."""

    source = staticmethod(checker_source)
    filename = "verify.py"

    def get(self, request):
        response = HttpResponse(self.source(), content_type="text/x-python; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.filename}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response
