"""Only what the frame of a page links to, so that a template is tested without the rest of the portal."""

from django.urls import include, path

urlpatterns = [path("accounts/", include("allauth.urls"))]
