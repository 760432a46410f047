from django.urls import path

from awards.review.views import desk, office, sheet

urlpatterns = [
    path("review/", desk.QueueView.as_view(), name="review-queue"),
    path("review/pledge/", desk.PledgeView.as_view(), name="review-pledge"),
    path("review/grid/", desk.GridView.as_view(), name="review-grid"),
    path("review/attachments/<slug:slug>/", desk.AttachmentView.as_view(), name="review-attachment"),
    path("review/<slug:campaign>/<slug:stage>/<slug:code>/", sheet.SheetView.as_view(), name="review-sheet"),
    path(
        "review/<slug:campaign>/<slug:stage>/<slug:code>/save/", sheet.SaveView.as_view(), name="review-save"
    ),
    path(
        "review/<slug:campaign>/<slug:stage>/<slug:code>/abstain/",
        sheet.AbstainView.as_view(),
        name="review-abstain",
    ),
    path(
        "review/<slug:campaign>/<slug:stage>/<slug:code>/recuse/",
        sheet.ConflictView.as_view(),
        name="review-recuse",
    ),
    path(
        "review/<slug:campaign>/<slug:stage>/<slug:code>/renew/",
        sheet.RenewView.as_view(),
        name="review-renew",
    ),
    path("panels/<slug:campaign>/progress/", office.ProgressView.as_view(), name="review-progress"),
    path("panels/<slug:campaign>/remind/", office.RemindView.as_view(), name="review-remind"),
    path(
        "panels/<slug:campaign>/progress/<slug:stage>/<slug:code>/",
        office.EntryMarksView.as_view(),
        name="review-marks",
    ),
]
