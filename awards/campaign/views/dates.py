"""The timetable with its extensions, and the table of working days."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property

from awards.campaign.actions import extend_deadline, save_special_days, save_timetable, seed_year
from awards.campaign.forms import CalendarFormSet, ExtensionForm, SourceForm, TimetableForm
from awards.campaign.models import Phase
from awards.campaign.queries import extensions_of, known_calendar, timetable_remarks
from awards.campaign.rules import known_years, span_text
from awards.campaign.views.common import SetupFormView, SetupMixin
from units.kit.acts import ActPage

YEARS = range(2004, 2101)


class TimetableView(SetupFormView):
    """Before the year opens a form; after that a table whose every line may be extended."""

    template_name = "awards/campaign/timetable.html"
    form_class = TimetableForm
    tab = "campaign-timetable"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"campaign": self.campaign}

    def get_context_data(self, **kwargs):
        now = timezone.now()
        phases = [
            {"row": row, "span": span_text(row.opens_at, row.closes_at), "over": row.closes_at <= now}
            for row in self.campaign.timetable.all()
        ]
        return super().get_context_data(
            phases=phases,
            remarks=timetable_remarks(self.campaign),
            extensions=extensions_of(self.campaign),
            **kwargs,
        )

    def save(self, form):
        save_timetable(self.campaign, form.dates(), version=self.version, actor=self.request.user)


class ExtendView(SetupFormView):
    """One phase's end moved forward."""

    template_name = "awards/campaign/extend.html"
    form_class = ExtensionForm
    tab = "campaign-timetable"
    saved = "已延长，新的期限已公开。"

    @cached_property
    def deadline(self):
        return get_object_or_404(
            self.campaign.timetable.select_related("campaign"), phase=self.kwargs["phase"]
        )

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {
            "begun": self.deadline.opens_at <= timezone.now(),
            "last": self.deadline.phase == list(Phase)[-1],
        }

    def get_initial(self):
        return {"new": self.deadline.closes_at}

    def get_context_data(self, **kwargs):
        return super().get_context_data(deadline=self.deadline, **kwargs)

    def get_success_url(self):
        return self.url("campaign-timetable")

    def save(self, form):
        extend_deadline(self.deadline, actor=self.request.user, **form.cleaned_data)


class CalendarMixin(SetupMixin):
    tab = "campaign-calendar"

    @cached_property
    def year(self) -> int:
        asked = self.request.GET.get("year", "")
        return int(asked) if asked.isdecimal() and int(asked) in YEARS else self.campaign.year

    def get_success_url(self):
        return f"{self.url('campaign-calendar')}?year={self.year}"


class CalendarView(CalendarMixin, SetupFormView):
    """The special days of one year; the same table serves every committee and every year's deadlines."""

    template_name = "awards/campaign/calendar.html"
    form_class = CalendarFormSet

    @cached_property
    def known(self):
        return known_calendar(self.year)

    @cached_property
    def source(self) -> SourceForm:
        return SourceForm(self.request.POST or None, initial={"source": self.known.source})

    def get_form_kwargs(self):
        rows = [{"day": row.day, "working": int(row.working), "name": row.name} for row in self.known.days]
        return super().get_form_kwargs() | {"initial": rows, "prefix": "day"}

    def get_context_data(self, **kwargs):
        years = sorted({*self.known.years, self.campaign.year, self.campaign.year + 1, self.year})
        here = self.url("campaign-calendar")
        return super().get_context_data(
            year=self.year,
            known=self.known,
            source=self.source,
            packaged=self.year in known_years(),
            years=[
                {"label": f"{year}年", "url": f"{here}?year={year}", "current": year == self.year}
                for year in years
            ],
            **kwargs,
        )

    def form_valid(self, form):
        return super().form_valid(form) if self.source.is_valid() else self.form_invalid(form)

    def save(self, form):
        save_special_days(
            self.year, form.days(), source=self.source.cleaned_data["source"],
            version=self.request.POST.get("version"), actor=self.request.user,
        )  # fmt: skip

    def theirs(self, form):
        """Day by day, what is stored where the page says otherwise."""
        typed = {day: (working, name) for day, (working, name) in form.days().items()}
        stored = {row.day: (row.working, row.name) for row in self.known.days}
        differing = sorted(day for day in {*typed, *stored} if typed.get(day) != stored.get(day))
        return [
            (f"{day.month}月{day.day}日", _arrangement(*stored[day]) if day in stored else "不在表中")
            for day in differing
        ]


def _arrangement(working: bool, name: str) -> str:
    return f"{'上班' if working else '休息'} {name}".rstrip()


class CalendarSeedView(CalendarMixin, ActPage):
    """The packaged days take the place of what was typed in, so it asks."""

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

    def back(self) -> str:
        return self.get_success_url()

    def trail(self):
        return [(f"{self.year}年工作日历", self.back())]
