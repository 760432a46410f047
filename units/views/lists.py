"""What every list page of the administrators shares: filter, order, page, workbook."""

from django.forms import ChoiceField, Form
from django.views.generic import ListView

from units.audit.events import Event
from units.audit.record import record
from units.papers.workbook import Sheet, export_line, workbook_response
from units.permissions import posts_of


def searched(form: Form) -> str:
    """What a filter was asked, as a person reads it: 关键词：张三；事项：登录. '' for the whole list."""
    if not form.is_bound or not form.is_valid():
        return ""
    asked = []
    for name, value in form.cleaned_data.items():
        field = form.fields[name]
        if value in (None, "", []) or field.widget.is_hidden:
            continue
        if isinstance(value, slice):  # a range of days
            value = "至".join(f"{day:%Y-%m-%d}" if day else "" for day in (value.start, value.stop))
        elif isinstance(field, ChoiceField):
            value = dict(field.choices).get(value, value)
        asked.append(f"{str(field.label).rstrip('：')}：{value}")
    return "；".join(asked)[:200]


class FilteredListView(ListView):
    """A list narrowed by `filterset_class`; `?export=xlsx` gives the same rows as a workbook."""

    filterset_class = None
    paginate_by = 50
    title = ""
    most_exported = 10_000

    def get_queryset(self):
        self.filter = self.filterset_class(
            self.request.GET, queryset=self.base_queryset(), request=self.request
        )
        return self.filter.qs

    def base_queryset(self):
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        query = self.request.GET.copy()
        query.pop("page", None)
        query["export"] = "xlsx"
        return super().get_context_data(
            **kwargs, filter=self.filter, export_url=f"?{query.urlencode()}", title=self.title
        )

    def paginate_queryset(self, queryset, page_size):
        """A page that has gone, because rows went or the filter narrowed, is the last one; never a 404."""
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get("page"))
        return paginator, page, page.object_list, page.has_other_pages()

    def columns(self):
        """Columns of the workbook; an empty list: no export."""
        return []

    def get(self, request, *args, **kwargs):
        if request.GET.get("export") != "xlsx":
            return super().get(request, *args, **kwargs)
        rows = self.get_queryset()[: self.most_exported]
        asked = searched(self.filter.form)
        record(Event.EXPORTED, actor=request.user, target=self.title, after={"rows": len(rows)}, reason=asked)
        unit = posts_of(request.user)[0].unit.name if posts_of(request.user) else ""
        sheet = Sheet(self.title, self.columns(), rows, subtitle=export_line(unit, str(request.user)))
        return workbook_response(self.title, [sheet], author=str(request.user))
