from django.urls import path

from awards.appraisal import views

urlpatterns = [
    path("appraisal/<slug:campaign>/", views.AppraisalView.as_view(), name="appraisal"),
]
