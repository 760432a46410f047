from django.urls import path

from awards.home import views

urlpatterns = [path("", views.home, name="home")]
