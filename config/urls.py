from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.defaults import page_not_found
from django.views.generic import TemplateView

from config import views

# Nobody resets a password by mail: allauth's pages for it are not there, one page says whom to ask.
HOW_TO_RESET = TemplateView.as_view(template_name="account/password_reset.html", http_method_names=["get"])

handler500 = views.server_error


@login_not_required
def nowhere(request):
    return page_not_found(request, None)


urlpatterns = [
    path("healthz/", views.health, name="healthz"),
    path("accounts/password/reset/", login_not_required(HOW_TO_RESET)),
    re_path(r"^accounts/password/reset/", nowhere),
    # Nobody signs up, and accounts have no mail address to manage.
    re_path(r"^accounts/(?:signup|email|confirm-email|password/set|login/code)/", nowhere),
    path("accounts/", include("allauth.urls")),
    path("", include("units.urls")),
    path("", include("services.urls")),
    path("", include("awards.urls")),
]
