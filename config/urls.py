from django.urls import include, path

from config import views

urlpatterns = [
    path("healthz/", views.health, name="healthz"),
    path("accounts/", include("allauth.urls")),
    path("", include("units.urls")),
    path("", include("services.urls")),
    path("", include("awards.urls")),
]
