from django.urls import path

from awards.panel.rules.redraw_file import redraw_source
from awards.ranking import views

urlpatterns = [
    path("ranking/<slug:campaign>/", views.RankingView.as_view(), name="ranking"),
    path("ranking/<slug:campaign>/freeze/", views.FreezeView.as_view(), name="ranking-freeze"),
    path("ranking/<slug:campaign>/shortlist/", views.ShortlistView.as_view(), name="ranking-shortlist"),
    path("ranking/<slug:campaign>/versions/", views.VersionsView.as_view(), name="ranking-versions"),
    path("ranking/<slug:campaign>/record.json", views.RecordView.as_view(), name="ranking-record"),
    path("ranking/<slug:campaign>/ranking.xlsx", views.WorkbookView.as_view(), name="ranking-xlsx"),
    path("ranking/<slug:campaign>/ranking.docx", views.PaperView.as_view(), name="ranking-docx"),
    path("verify.py", views.CheckerView.as_view(), name="checker"),
    path("redraw.py", views.CheckerView.as_view(source=redraw_source, filename="redraw.py"), name="redraw"),
]
