"""What every list page of the administrators shares: filter, order, page, workbook."""

from django.views.generic import ListView

from units.audit.events import Event
from units.audit.record import record
from units.papers.workbook import Sheet, export_line, workbook_response
from units.permissions import posts_of


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

    def columns(self):
        """Columns of the workbook; an empty list: no export."""
        return []

    def get(self, request, *args, **kwargs):
        if request.GET.get("export") != "xlsx":
            return super().get(request, *args, **kwargs)
        rows = self.get_queryset()[: self.most_exported]
        record(Event.EXPORTED, actor=request.user, target=self.title, after={"rows": len(rows)})
        unit = posts_of(request.user)[0].unit.name if posts_of(request.user) else ""
        sheet = Sheet(self.title, self.columns(), rows, subtitle=export_line(unit, str(request.user)))
        return workbook_response(self.title, [sheet], author=str(request.user))
