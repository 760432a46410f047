from django.urls import path

from awards.panel.views import acts, board, drawing, overview, pool, recusals

PANEL = "panels/<str:campaign>/<str:letter>/<str:stage>/"

urlpatterns = [
    path("panels/<str:campaign>/", overview.PanelListView.as_view(), name="panel-list"),
    path("panels/<str:campaign>/reviewers/", pool.ReviewerListView.as_view(), name="reviewer-list"),
    path("panels/<str:campaign>/find-reviewer/", pool.ReviewerFindView.as_view(), name="reviewer-find"),
    path("panels/<str:campaign>/reviewers/new/", pool.ReviewerNewView.as_view(), name="reviewer-new"),
    path(
        "panels/<str:campaign>/reviewers/import/", pool.ReviewerImportView.as_view(), name="reviewer-import"
    ),
    path(
        "panels/<str:campaign>/reviewers/<str:username>/",
        pool.ReviewerEditView.as_view(),
        name="reviewer-edit",
    ),
    path("panels/<str:campaign>/recusals/", recusals.RecusalListView.as_view(), name="recusal-list"),
    path("panels/<str:campaign>/recusals/new/", recusals.RecusalNewView.as_view(), name="recusal-new"),
    path(PANEL, board.PanelView.as_view(), name="panel"),
    path(PANEL + "settings/", acts.PanelSettingsView.as_view(), name="panel-settings"),
    path(PANEL + "draw/", drawing.DrawView.as_view(), name="panel-draw"),
    path(PANEL + "minutes/", drawing.MinutesView.as_view(), name="panel-minutes"),
    path(PANEL + "assign/", acts.AssignView.as_view(), name="panel-assign"),
    path(PANEL + "open/", acts.OpenView.as_view(), name="panel-open"),
    path(PANEL + "supplement/", acts.SupplementView.as_view(), name="panel-supplement"),
    path(PANEL + "close/", acts.CloseView.as_view(), name="panel-close"),
    path(PANEL + "seats/<str:username>/replace/", acts.ReplaceView.as_view(), name="panel-replace"),
    path(PANEL + "assignments.xlsx", board.AssignmentExportView.as_view(), name="panel-assignments"),
]
