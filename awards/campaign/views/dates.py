"""The timetable with its extensions, and the table of working days."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property

from awards import keys
from awards.campaign.actions.calendar import save_special_days, seed_year
from awards.campaign.actions.timetable import extend_deadline, save_timetable
from awards.campaign.forms.dates import CalendarFormSet, ExtensionForm, SourceForm, TimetableForm
from awards.campaign.models import Phase
from awards.campaign.queries.calendar import already_set, known_calendar
from awards.campaign.queries.timetable import extensions_of, timetable_remarks
from awards.campaign.rules.statutory import known_years
from awards.campaign.rules.wording import span_text
from awards.campaign.views.common import SetupForm, SetupMixin, SetupPage
from units.kit.acts import ActPage
from units.kit.filled import Filled
from units.moments import moment_text

YEARS = range(2004, 2101)


class TimetableView(SetupForm):
    """Before the year opens a form; after that a table whose every line may be extended."""

    template_name = "awards/campaign/timetable.html"
    tab = "campaign-timetable"

    def make_form(self, *data):
        return TimetableForm(*data, campaign=self.campaign)

    def context(self, form):
        now = timezone.now()
        phases = [
            {"row": row, "span": span_text(row.opens_at, row.closes_at), "over": row.closes_at <= now}
            for row in self.campaign.timetable.all()
        ]
        return super().context(form) | {
            "phases": phases,
            "remarks": timetable_remarks(self.campaign),
            "extensions": extensions_of(self.campaign),
        }

    def typed(self, form):
        return {"dates": form.dates()}

    def act(self, dates):
        return save_timetable(self.campaign, dates, version=self.version, actor=self.request.user)


class ExtendView(SetupPage):
    """One phase's end moved forward."""

    second = keys.DEADLINE_MOVED
    template_name = "awards/campaign/extend.html"
    tab = "campaign-timetable"
    verb, done = "延长", "已延长，新的期限已公开。"

    @property
    def title(self) -> str:
        return f"延长{self.deadline}"

    @cached_property
    def deadline(self):
        return get_object_or_404(
            self.campaign.timetable.select_related("campaign"), phase=self.kwargs["phase"]
        )

    def make_form(self, *data):
        return ExtensionForm(
            *data,
            initial={"new": self.deadline.closes_at},
            begun=self.deadline.opens_at <= timezone.now(),
            last=self.deadline.phase == list(Phase)[-1],
        )

    def context(self, form):
        return super().context(form) | {"deadline": self.deadline}

    def back(self):
        return self.url("campaign-timetable")

    def changes(self, form):
        typed = form.cleaned_data
        lines = [
            (
                f"{self.deadline}截止",
                moment_text(self.deadline.closes_at, year=True),
                moment_text(typed["new"], year=True),
            )
        ]
        along = Filled(form)
        return lines + [(along.label(name), "", along.shown(name)) for name in along.texts() if name != "new"]

    def act(self, **typed):
        return extend_deadline(self.deadline, actor=self.request.user, **typed)


class CalendarMixin(SetupMixin):
    tab = "campaign-calendar"

    @cached_property
    def year(self) -> int:
        asked = self.request.GET.get("year", "")
        return int(asked) if asked.isdecimal() and int(asked) in YEARS else self.campaign.year

    def back(self):
        return f"{self.url('campaign-calendar')}?year={self.year}"


class CalendarView(CalendarMixin, SetupForm):
    """The special days of one year; the same table serves every committee and every year's deadlines."""

    second = keys.CALENDAR_CHANGED
    template_name = "awards/campaign/calendar.html"

    @cached_property
    def known(self):
        return known_calendar(self.year)

    read_anew = ("known",)

    def row(self):
        return self.known

    def form_key(self, known) -> str:
        return f"calendar:{self.year}"

    def bind(self, known, data=None) -> Filled:
        rows = [{"day": row.day, "working": int(row.working), "name": row.name} for row in known.days]
        self.source = SourceForm(data, initial={"source": known.source})
        return Filled(CalendarFormSet(data, initial=rows, prefix="day", source=self.source), self.source)

    def context(self, form):
        years = sorted({*self.known.years, self.campaign.year, self.campaign.year + 1, self.year})
        here = self.url("campaign-calendar")
        return super().context(form) | {
            "year": self.year,
            "known": self.known,
            "source": self.source,
            "packaged": self.year in known_years(),
            "already_set": already_set(self.year),
            "years": [
                {"label": f"{year}年", "url": f"{here}?year={year}", "current": year == self.year}
                for year in years
            ],
        }

    def typed(self, form):
        return {"days": form.days(), "source": self.source.cleaned_data["source"]}

    def act(self, **typed):
        return save_special_days(self.year, **typed, version=self.version, actor=self.request.user)


class CalendarSeedView(CalendarMixin, ActPage):
    """The packaged days take the place of what was typed in, so it asks."""

    second = keys.CALENDAR_CHANGED
    verb = "录入"
    text = "本年已录入的内容将被替换，尚未发布的期限按新的工作日历计算。"

    @property
    def title(self) -> str:
        return f"按内置数据录入{self.year}年"

    def facts(self):
        known = known_calendar(self.year)
        return [("已录入", f"{len(known.days)}个特殊日"), ("依据", known.source or "—")]

    def act(self):
        return seed_year(self.year, actor=self.request.user)

    def told(self, count) -> str:
        return f"已录入{self.year}年的{count}个特殊日。"

    def trail(self):
        return [(f"{self.year}年工作日历", self.back())]
