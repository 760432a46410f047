from django.urls import path

from awards.notice.views import cases, desk, public

DESK = "notice-desk/<slug:campaign>/"
NOTICE = f"{DESK}<int:number>/"
CASE = f"{DESK}cases/<str:receipt>/"

urlpatterns = [
    path("notices/", public.NoticeListView.as_view(), name="notice-list"),
    path("notices/<slug:slug>/", public.NoticeView.as_view(), name="notice"),
    path("notices/<slug:slug>/record.json", public.RecordView.as_view(), name="notice-record"),
    path("notices/<slug:slug>/notice.docx", public.NoticePaperView.as_view(), name="notice-paper"),
    path("notices/<slug:slug>/object/", public.ObjectionNewView.as_view(), name="objection-new"),
    path("objections/", public.ObjectionLookupView.as_view(), name="objection-lookup"),
    path("objections/<str:receipt>/", public.ObjectionView.as_view(), name="objection"),
    path("objections/<str:receipt>/receipt/", public.ReceiptView.as_view(), name="objection-receipt"),
    path(DESK, desk.DeskView.as_view(), name="notice-desk"),
    path(f"{DESK}draft/", desk.DraftView.as_view(), name="notice-draft"),
    path(f"{DESK}move-up/", desk.MoveUpView.as_view(), name="notice-move-up"),
    path(f"{NOTICE}edit/", desk.EditView.as_view(), name="notice-edit"),
    path(f"{NOTICE}preview/", desk.PreviewView.as_view(), name="notice-preview"),
    path(f"{NOTICE}publish/", desk.PublishView.as_view(), name="notice-publish"),
    path(f"{NOTICE}extend/", desk.ExtendView.as_view(), name="notice-extend"),
    path(f"{NOTICE}notice.docx", desk.DeskPaperView.as_view(), name="notice-draft-paper"),
    path(f"{NOTICE}pages.zip", desk.ExportView.as_view(), name="notice-export"),
    path(CASE, cases.CaseView.as_view(), name="case"),
    path(f"{CASE}reply.docx", cases.ReplyView.as_view(), name="case-reply"),
    path(f"{CASE}files/<slug:slug>/", cases.CaseFileView.as_view(), name="case-file"),
    path(f"{CASE}<slug:act>/", cases.CaseActView.as_view(), name="case-act"),
]
