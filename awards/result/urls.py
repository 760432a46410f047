from django.urls import path

from awards.result.views import office, public

YEAR = "results/<slug:campaign>/"

urlpatterns = [
    path("certificates/", public.CertificateCheckView.as_view(), name="certificate-check"),
    path("certificates/<str:number>/", public.CertificateView.as_view(), name="certificate"),
    path("certificates/<str:number>/qr.svg", public.QrView.as_view(), name="certificate-qr"),
    path("results/import/", office.PastImportView.as_view(), name="past-import"),
    path(YEAR, office.ResultListView.as_view(), name="result-list"),
    path(f"{YEAR}announce/", office.AnnounceView.as_view(), name="result-announce"),
    path(f"{YEAR}pages.zip", office.ExportView.as_view(), name="result-export"),
    path(f"{YEAR}circular.docx", office.CircularView.as_view(), name="result-circular"),
    path(f"{YEAR}certificates/", office.CertificatesView.as_view(), name="result-certificates"),
    path(f"{YEAR}<str:code>/revoke/", office.RevokeView.as_view(), name="result-revoke"),
]
