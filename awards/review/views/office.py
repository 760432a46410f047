"""The office's view of the review: progress while it runs, marks once a panel is closed."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views import View

from awards.campaign.permissions import INSIDE
from awards.campaign.rules.wording import left_text
from awards.campaign.views.year import YearMixin
from awards.panel.models import Panel
from awards.review.actions import remind_behind
from awards.review.models import DeskState
from awards.review.queries.marks import entry_marks, sheet_marks
from awards.review.queries.progress import entries_page, matrix, panels_of, progress, seats_progress
from awards.review.queries.sheets import criteria_of
from awards.review.words import took
from awards.scoring.numbers import plain
from awards.scoring.words import stage_name
from units.kit.acts import OneClick
from units.kit.lists import CountedPaginator
from units.papers.workbook import Column, Sheet
from units.permissions import holds
from units.roles import Role

SIZE = 50


class OfficeView(YearMixin, View):
    """A year's panels, for its office and its supervisor."""

    http_method_names = ["get"]
    roles_required = INSIDE

    @cached_property
    def panels(self) -> list[Panel]:
        return panels_of(self.campaign)


class ProgressView(OfficeView):
    """Entry by reviewer as states; 50 entries a page. `view=marks` once the panel is closed."""

    def get(self, request, campaign):
        panels = self.panels
        if not panels:
            return render(request, "awards/review/progress.html", {"campaign_code": campaign})
        panel = self.chosen(panels)
        if request.GET.get("format") == "xlsx":
            return self.workbook(panel)
        wants_marks = request.GET.get("view") == "marks"
        if wants_marks and panel.closed_at is None:
            raise Http404
        return self.page(panels, panel, wants_marks)

    def chosen(self, panels: list[Panel]) -> Panel:
        wanted = self.request.GET.get("panel")
        running = next((one for one in panels if one.is_running), panels[0])
        if not wanted:
            return running
        found = next((one for one in panels if key_of(one) == wanted), None)
        if found is None:
            raise Http404
        return found

    def page(self, panels: list[Panel], panel: Panel, wants_marks: bool):
        counts, seats = progress(panels), seats_progress(panel)
        number = self.request.GET.get("page", "1")
        search, only_short = self.request.GET.get("q", "").strip(), "short" in self.request.GET
        at = max(int(number), 1) if number.isdecimal() and len(number) < 7 else 1
        entries, total = entries_page(
            panel, search=search, only_short=only_short, start=(at - 1) * SIZE, size=SIZE
        )
        page = CountedPaginator(range(total), SIZE, count=total).get_page(at)
        context = {
            "campaign_code": panel.campaign.code,
            "panel": panel,
            "stage": stage_label(panel),
            "tabs": [self.tab(one, counts[one.pk], panel) for one in panels],
            "views": self.views(panel, wants_marks),
            "own": counts[panel.pk],
            "seats": seats,
            "late": [seat for seat in seats if seat.missing],
            "may_remind": panel.is_running and holds(self.request.user, Role.OFFICE),
            "panel_key": key_of(panel),
            "page_obj": page,
            "search": search,
            "only_short": only_short,
            "left": left_text(timezone.now(), panel.closes_at) if panel.closes_at else "",
            "pace": took(pace) if (pace := counts[panel.pk].pace) else "",
            "export_url": f"?panel={key_of(panel)}&format=xlsx" + ("&view=marks" * wants_marks),
        }
        if wants_marks:
            criteria = criteria_of(panel)
            context |= {"criteria": criteria, "rows": entry_marks(panel, seats, criteria, entries)}
            return render(self.request, "awards/review/marks.html", context)
        rows, exits = matrix(panel, seats, entries)
        context |= {"rows": rows, "exits": exits, "legend": list(DeskState)}
        return render(self.request, "awards/review/progress.html", context)

    def tab(self, panel: Panel, own, here: Panel) -> dict:
        return {
            "label": f"{panel.category.name}{stage_label(panel)}",
            "url": f"?panel={key_of(panel)}",
            "current": panel == here,
            "count": "已关闭" if panel.closed_at else f"{own.percent}%",
        }

    def views(self, panel: Panel, wants_marks: bool) -> list[dict]:
        """进度 and 分数; the second exists only once the panel is closed."""
        if panel.closed_at is None:
            return []
        address = f"?panel={key_of(panel)}"
        return [
            {"label": "进度", "url": address, "current": not wants_marks},
            {"label": "分数", "url": f"{address}&view=marks", "current": wants_marks},
        ]

    def workbook(self, panel: Panel):
        wants_marks = self.request.GET.get("view") == "marks"
        if wants_marks and panel.closed_at is None:
            raise Http404
        what = "评分明细" if wants_marks else "评审进度"
        name = f"{panel.category.name}{stage_label(panel)}{what}"
        make = marks_sheets if wants_marks else progress_sheets
        return self.export(name, make(panel, f"{self.campaign.title}{name}", self.subtitle()))


class EntryMarksView(OfficeView):
    """One entry of a closed panel: criterion by reviewer, then the totals and the comments."""

    def get(self, request, campaign, stage, code):
        panel = next((one for one in self.panels if self.holds(one, stage, code)), None)
        if panel is None or panel.closed_at is None:
            raise Http404
        seats = seats_progress(panel)
        sheets = list(sheet_marks(panel, seats, code))
        entries, _ = entries_page(panel, search=code, size=None)
        entry = next((one for one in entries if one.code == code), None)
        if entry is None:
            raise Http404
        criteria = criteria_of(panel)
        summary = entry_marks(panel, seats, criteria, [entry])[0]
        lines = [
            {"criterion": one, "marks": [sheet.marks.get(one.code) for sheet in sheets], "mean": mean}
            for one, (_, mean) in zip(criteria, summary.criteria, strict=True)
        ]
        context = {
            "panel": panel, "stage": stage_label(panel), "entry": summary, "sheets": sheets,
            "lines": lines, "back_url": f"{address_of(panel)}&view=marks",
            "trail": [("评审进度", f"{address_of(panel)}&view=marks")],
        }  # fmt: skip
        return render(request, "awards/review/entry_marks.html", context)

    def holds(self, panel: Panel, stage: str, code: str) -> bool:
        return panel.stage == stage and f"-{panel.category.letter}-" in code


def key_of(panel: Panel) -> str:
    return f"{panel.category.letter}-{panel.stage}"


def address_of(panel: Panel) -> str:
    return f"{reverse('awards:review-progress', args=[panel.campaign.code])}?panel={key_of(panel)}"


def stage_label(panel: Panel) -> str:
    return stage_name(panel.stage)


def progress_sheets(panel: Panel, title: str, line: str) -> list[Sheet]:
    """States only: what may be downloaded while the panel is open."""
    seats = seats_progress(panel)
    entries, _ = entries_page(panel, size=None)
    rows, _ = matrix(panel, seats, entries)
    columns = [Column("编号", "code"), Column("项目", "title", width=36)]
    columns += [
        Column(seat.letter, lambda row, at=at: row.cells[at].label if row.cells[at] else "")
        for at, seat in enumerate(seats)
    ]
    columns += [Column("已交", "handed_in", kind="number"), Column("应评", "due", kind="number")]
    key = "；".join(f"{seat.letter}：{seat.name} {seat.handed_in}/{seat.due}" for seat in seats)
    return [Sheet(title, columns, rows, subtitle=line, note=key, name="评审进度")]


def marks_sheets(panel: Panel, title: str, line: str) -> list[Sheet]:
    """Every sheet with every criterion, then every entry with every reviewer's total."""
    seats, criteria = seats_progress(panel), criteria_of(panel)
    who = [Column("编号", "code"), Column("项目", "title", width=36)]
    by_sheet = [*who, Column("申报单位", "unit", width=28), Column("评委", "letter")]
    by_sheet += [
        Column(
            f"{one.label}（{plain(one.maximum)}）", lambda row, code=one.code: row.marks.get(code),
            kind="number", places=1,
        )
        for one in criteria
    ]  # fmt: skip
    by_sheet += [Column("总分", "total", kind="number", places=2), Column("评语", "comment", width=40)]
    entries, _ = entries_page(panel, size=None)
    by_entry = [*who]
    by_entry += [
        Column(seat.letter, lambda row, letter=seat.letter: row.totals.get(letter), kind="number", places=2)
        for seat in seats
    ]
    by_entry.append(Column("算术平均", "mean", kind="number", places=2))
    totals = entry_marks(panel, seats, [], entries)
    note = "算术平均未去最高、最低分，仅供核对；名次以排名页为准。"
    return [
        Sheet(title, by_sheet, sheet_marks(panel, seats), subtitle=line, name="评分表"),
        Sheet(f"{title}（总分）", by_entry, totals, subtitle=line, note=note, name="总分"),
    ]


class RemindView(YearMixin, OneClick):
    """The office reminds everybody who is behind, in one act; it stands among their to-dos."""

    roles_required = (Role.OFFICE,)

    @cached_property
    def panel(self) -> Panel:
        wanted = self.request.POST.get("panel")
        found = next((one for one in panels_of(self.campaign) if key_of(one) == wanted), None)
        if found is None:
            raise Http404
        return found

    def act(self):
        return remind_behind(self.panel, actor=self.request.user)

    def told(self, names) -> str:
        return f"已提醒{len(names)}位评委：{'、'.join(names)}。提醒显示在评委的首页待办中。"

    def back(self) -> str:
        address = reverse("awards:review-progress", args=[self.campaign.code])
        return f"{address}?panel={key_of(self.panel)}" if "panel" in self.request.POST else address
