from django.urls import path

from awards.decision.views import acts, pages

urlpatterns = [
    path("decision/<slug:campaign>/", pages.DecisionView.as_view(), name="decision"),
    path("decision/<slug:campaign>/meeting/", acts.MeetingView.as_view(), name="decision-meeting"),
    path("decision/<slug:campaign>/list/", acts.ListView.as_view(), name="decision-list"),
    path("decision/<slug:campaign>/decide/", acts.DecideView.as_view(), name="decision-decide"),
    path("decision/<slug:campaign>/minutes.docx", pages.MinutesView.as_view(), name="decision-minutes"),
    path("decision/<slug:campaign>/ballot.docx", pages.BallotView.as_view(), name="decision-ballot"),
    path("decision/<slug:campaign>/list.xlsx", pages.WorkbookView.as_view(), name="decision-xlsx"),
]
