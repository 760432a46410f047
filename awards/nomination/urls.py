from django.urls import path

from awards.nomination.views import editing, evidence, files, lists, partners, starting, submission

FILE = "nominations/<slug:key>"
urlpatterns = [
    path("nominations/", lists.NominationListView.as_view(), name="nomination-list"),
    path("nominations/new/", starting.NominationNewView.as_view(), name="nomination-new"),
    path(f"{FILE}/edit/", editing.NominationEditView.as_view(), name="nomination-edit"),
    path(f"{FILE}/save/", editing.NominationSaveView.as_view(), name="nomination-save"),
    path(f"{FILE}/map/", editing.NominationMapView.as_view(), name="nomination-map"),
    path(f"{FILE}/evidence/", evidence.NominationEvidenceView.as_view(), name="nomination-evidence"),
    path(f"{FILE}/files/", files.NominationFilesView.as_view(), name="nomination-files"),
    path(f"{FILE}/files/<slug:slug>/remove/", files.AttachmentRemoveView.as_view(), name="attachment-remove"),
    path(f"{FILE}/partners/", partners.NominationPartnersView.as_view(), name="nomination-partners"),
    path(f"{FILE}/partners/<slug:unit>/remove/", partners.PartnerRemoveView.as_view(), name="partner-remove"),
    path(f"{FILE}/invitation/", partners.InvitationView.as_view(), name="nomination-invitation"),
    path(f"{FILE}/send/", submission.NominationSendView.as_view(), name="nomination-send"),
    path(f"{FILE}/send-back/", submission.NominationSendBackView.as_view(), name="nomination-send-back"),
    path(f"{FILE}/submit/", submission.NominationSubmitView.as_view(), name="nomination-submit"),
    path(f"{FILE}/withdraw/", submission.NominationWithdrawView.as_view(), name="nomination-withdraw"),
    path(f"{FILE}/receipt/", submission.NominationReceiptView.as_view(), name="nomination-receipt"),
    path(f"{FILE}/paper/", submission.NominationPaperView.as_view(), name="nomination-paper"),
]
