from django.urls import path

from awards.dashboard import views

urlpatterns = [
    path("dashboard/<slug:campaign>/", views.DashboardView.as_view(), name="dashboard"),
    path("dashboard/<slug:campaign>/export/", views.DashboardExportView.as_view(), name="dashboard-export"),
    path("dashboard/<slug:campaign>/<slug:figure>/", views.FigureRowsView.as_view(), name="dashboard-rows"),
]
