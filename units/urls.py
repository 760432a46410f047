from django.urls import path

from units.audit.views import AuditEntryView, AuditLogView, MyLogView
from units.pending import views as pending
from units.views import accounts, finding, posts, presence, roster, tree

app_name = "units"

urlpatterns = [
    path("people/", accounts.AccountListView.as_view(), name="account-list"),
    path("people/new/", accounts.AccountCreateView.as_view(), name="account-new"),
    path("people/first-passwords/", accounts.FirstPasswordsView.as_view(), name="account-first-passwords"),
    path("people/import/", roster.RosterImportView.as_view(), name="roster-import"),
    path("people/<str:username>/", accounts.AccountView.as_view(), name="account"),
    path("people/<str:username>/edit/", accounts.AccountEditView.as_view(), name="account-edit"),
    path("people/<str:username>/reset-password/", accounts.PasswordResetView.as_view(), name="account-reset"),
    path("people/<str:username>/unlock/", accounts.AccountUnlockView.as_view(), name="account-unlock"),
    path("people/<str:username>/rename/", accounts.AccountRenameView.as_view(), name="account-rename"),
    path("people/<str:username>/active/", accounts.AccountActiveView.as_view(), name="account-active"),
    path("people/<str:username>/grant/", accounts.PostGrantView.as_view(), name="post-grant"),
    path("here/", presence.HereView.as_view(), name="here"),
    path("posts/", posts.PostListView.as_view(), name="post-list"),
    path("posts/confirm/", posts.PostConfirmView.as_view(), name="post-confirm"),
    path("posts/<int:pk>/refuse/", posts.PostRefuseView.as_view(), name="post-refuse"),
    path("posts/<int:pk>/end/", posts.PostEndView.as_view(), name="post-end"),
    path("pending/", pending.PendingListView.as_view(), name="pending-list"),
    path("pending/<slug:slug>/", pending.PendingView.as_view(), name="pending"),
    path("pending/<slug:slug>/refuse/", pending.PendingRefuseView.as_view(), name="pending-refuse"),
    path("pending/<slug:slug>/withdraw/", pending.PendingWithdrawView.as_view(), name="pending-withdraw"),
    path("pending/<slug:slug>/as/<str:username>/", pending.DemoConfirmerView.as_view(), name="pending-as"),
    path("units/", tree.UnitListView.as_view(), name="unit-list"),
    path("units/new/", tree.UnitFormView.as_view(), name="unit-new"),
    path("units/import/", tree.UnitImportView.as_view(), name="unit-import"),
    path("units/find/", finding.UnitFindView.as_view(), name="unit-find"),
    path("units/<slug:slug>/", tree.UnitView.as_view(), name="unit"),
    path("units/<slug:slug>/edit/", tree.UnitFormView.as_view(), name="unit-edit"),
    path("units/<slug:slug>/close/", tree.UnitCloseView.as_view(), name="unit-close"),
    path("units/<slug:slug>/move/", tree.UnitMoveView.as_view(), name="unit-move"),
    path("audit/", AuditLogView.as_view(), name="audit-log"),
    path("audit/<int:pk>/", AuditEntryView.as_view(), name="audit-entry"),
    path("my-log/", MyLogView.as_view(), name="my-log"),
]
