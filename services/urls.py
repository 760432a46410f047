from django.urls import include, path, register_converter
from django.views.generic import RedirectView

from services.catalogue import BESIDE
from services.views import bulk, files, imports, lists, rows, tasks, totals

app_name = "services"


class RegisterConverter:
    """A register's code; the log itself lives at /activities/ alone."""

    regex = "|".join(register.code for register in BESIDE)

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(RegisterConverter, "register")


def verbs(kind: str, bulk_view) -> list:
    """What the log and every register can do, below their list."""
    return [
        path("new/", rows.FormView.as_view(), name=f"{kind}-new"),
        path("bulk/", bulk_view.as_view(), name=f"{kind}-bulk"),
        path("import/", imports.RegisterImportView.as_view(), name=f"{kind}-import"),
        path("import/<slug:book>/undo/", imports.ImportUndoView.as_view(), name=f"{kind}-import-undo"),
        path("<slug:slug>/", rows.RowView.as_view(), name=kind if kind == "activity" else f"{kind}-row"),
        path("<slug:slug>/edit/", rows.FormView.as_view(), name=f"{kind}-edit"),
        path("<slug:slug>/send/", rows.SendView.as_view(), name=f"{kind}-send"),
        path("<slug:slug>/review/", rows.ReviewView.as_view(), name=f"{kind}-review"),
        path("<slug:slug>/return/", rows.ReturnView.as_view(), name=f"{kind}-return"),
        path("<slug:slug>/delete/", rows.DeleteView.as_view(), name=f"{kind}-delete"),
    ]


urlpatterns = [
    path("activities/", lists.ActivityListView.as_view(), name="activity-list"),
    path("activities/totals/", totals.TotalsView.as_view(), name="totals"),
    path("activities/totals/export/", totals.TotalsExportView.as_view(), name="totals-export"),
    path("activities/close-year/", totals.CloseYearView.as_view(), name="close-year"),
    path("activities/", include(verbs("activity", bulk.ActivityBulkView))),
    path("activities/<slug:slug>/files/", files.FilesView.as_view(), name="activity-files"),
    path("activities/<slug:slug>/files/<slug:file>/", files.FileView.as_view(), name="activity-file"),
    path(
        "activities/<slug:slug>/files/<slug:file>/remove/",
        files.FileRemoveView.as_view(),
        name="activity-file-remove",
    ),
    path(
        "registers/",
        RedirectView.as_view(pattern_name="services:register-list"),
        {"register": BESIDE[0].code},
        name="registers",
    ),
    path("registers/<register:register>/", lists.RegisterListView.as_view(), name="register-list"),
    path("registers/<register:register>/", include(verbs("register", bulk.RegisterBulkView))),
    path("action-tasks/", tasks.TaskListView.as_view(), name="task-list"),
    path("action-tasks/new/", tasks.TaskFormView.as_view(), name="task-new"),
    path("action-tasks/<slug:slug>/edit/", tasks.TaskFormView.as_view(), name="task-edit"),
]
