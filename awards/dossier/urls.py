from django.urls import path

from awards.dossier import views

FILE = "nominations/<slug:key>"
urlpatterns = [
    path(f"{FILE}/", views.DossierView.as_view(), name="nomination"),
    path(f"{FILE}/preview/", views.PreviewView.as_view(), name="nomination-preview"),
    path(f"{FILE}/changes/<int:number>/", views.ChangesView.as_view(), name="nomination-changes"),
    path("attachments/<slug:slug>/", views.AttachmentView.as_view(), name="attachment"),
]
