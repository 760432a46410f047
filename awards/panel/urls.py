from django.urls import path

from awards.panel import views

PANEL = "panels/<str:campaign>/<str:letter>/<str:stage>/"

urlpatterns = [
    path("panels/<str:campaign>/", views.PanelListView.as_view(), name="panel-list"),
    path("panels/<str:campaign>/reviewers/", views.ReviewerListView.as_view(), name="reviewer-list"),
    path("panels/<str:campaign>/find-reviewer/", views.ReviewerFindView.as_view(), name="reviewer-find"),
    path("panels/<str:campaign>/reviewers/new/", views.ReviewerNewView.as_view(), name="reviewer-new"),
    path(
        "panels/<str:campaign>/reviewers/import/", views.ReviewerImportView.as_view(), name="reviewer-import"
    ),
    path(
        "panels/<str:campaign>/reviewers/<str:username>/",
        views.ReviewerEditView.as_view(),
        name="reviewer-edit",
    ),
    path("panels/<str:campaign>/recusals/", views.RecusalListView.as_view(), name="recusal-list"),
    path("panels/<str:campaign>/recusals/new/", views.RecusalNewView.as_view(), name="recusal-new"),
    path(PANEL, views.PanelView.as_view(), name="panel"),
    path(PANEL + "settings/", views.PanelSettingsView.as_view(), name="panel-settings"),
    path(PANEL + "draw/", views.DrawView.as_view(), name="panel-draw"),
    path(PANEL + "minutes/", views.MinutesView.as_view(), name="panel-minutes"),
    path(PANEL + "assign/", views.AssignView.as_view(), name="panel-assign"),
    path(PANEL + "open/", views.OpenView.as_view(), name="panel-open"),
    path(PANEL + "supplement/", views.SupplementView.as_view(), name="panel-supplement"),
    path(PANEL + "close/", views.CloseView.as_view(), name="panel-close"),
    path(PANEL + "seats/<str:username>/replace/", views.ReplaceView.as_view(), name="panel-replace"),
    path(PANEL + "assignments.xlsx", views.AssignmentExportView.as_view(), name="panel-assignments"),
]
