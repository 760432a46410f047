from django.urls import path

from awards.decision import views

urlpatterns = [
    path("decision/<slug:campaign>/", views.DecisionView.as_view(), name="decision"),
    path("decision/<slug:campaign>/meeting/", views.MeetingView.as_view(), name="decision-meeting"),
    path("decision/<slug:campaign>/list/", views.ListView.as_view(), name="decision-list"),
    path("decision/<slug:campaign>/decide/", views.DecideView.as_view(), name="decision-decide"),
    path("decision/<slug:campaign>/minutes.docx", views.MinutesView.as_view(), name="decision-minutes"),
    path("decision/<slug:campaign>/ballot.docx", views.BallotView.as_view(), name="decision-ballot"),
    path("decision/<slug:campaign>/list.xlsx", views.WorkbookView.as_view(), name="decision-xlsx"),
]
