from django.urls import path

from awards.screening.views import file, queue

FILE = "screening/<str:campaign>/<str:code>/"

urlpatterns = [
    path("screening/<str:campaign>/", queue.QueueView.as_view(), name="screening-queue"),
    path("screening/<str:campaign>/prepare/", queue.PrepareView.as_view(), name="screening-prepare"),
    path("screening/<str:campaign>/release/", queue.ReleaseView.as_view(), name="screening-release"),
    path("screening/<str:campaign>/results.xlsx", queue.ResultsView.as_view(), name="screening-results"),
    path(FILE, file.FileView.as_view(), name="screening-file"),
    path(FILE + "discard/", file.DiscardView.as_view(), name="screening-discard"),
    path(FILE + "files/<slug:slug>/blind/", file.BlindView.as_view(), name="screening-blind"),
]
