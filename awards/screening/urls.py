from django.urls import path

from awards.screening import views

FILE = "screening/<str:campaign>/<str:code>/"

urlpatterns = [
    path("screening/<str:campaign>/", views.QueueView.as_view(), name="screening-queue"),
    path("screening/<str:campaign>/prepare/", views.PrepareView.as_view(), name="screening-prepare"),
    path("screening/<str:campaign>/release/", views.ReleaseView.as_view(), name="screening-release"),
    path("screening/<str:campaign>/results.xlsx", views.ResultsView.as_view(), name="screening-results"),
    path(FILE, views.FileView.as_view(), name="screening-file"),
    path(FILE + "discard/", views.DiscardView.as_view(), name="screening-discard"),
    path(FILE + "files/<slug:slug>/blind/", views.BlindView.as_view(), name="screening-blind"),
]
