"""The log for the auditor, whole; for everybody, their own lines."""

from django.shortcuts import get_object_or_404, render
from django.views import View

from units.audit.events import Event
from units.audit.filters import AuditFilter, OwnFilter
from units.audit.labels import changes
from units.audit.models import AuditEntry
from units.audit.record import record
from units.audit.seal import first_unsealed, sealed_head
from units.papers.workbook import Column
from units.permissions import RoleRequiredMixin
from units.roles import Role
from units.views.lists import FilteredListView, searched

LISTED = (
    "at", "actor_name", "post", "address", "event", "target", "target_kind", "campaign", "reason",
    "second_actor__name", "seal__position",
)  # fmt: skip


def entries():
    return AuditEntry.objects.select_related("second_actor", "seal").only(*LISTED).order_by("-pk")


class AuditLogView(RoleRequiredMixin, FilteredListView):
    roles_required = (Role.AUDITOR,)
    template_name = "units/audit_log.html"
    filterset_class = AuditFilter
    title = "审计日志"
    most_exported = 50_000

    def base_queryset(self):
        return entries()

    def columns(self):
        return [
            Column("序号", "pk"),
            Column("时间", "at", "time"),
            Column("操作人", "who"),
            Column("岗位", "post"),
            Column("地址", "address"),
            Column("事项", "get_event_display"),
            Column("对象", "target"),
            Column("年度", "campaign"),
            Column("理由", "reason"),
            Column("复核人", lambda entry: entry.second_actor.name if entry.second_actor else ""),
            Column("封存号", lambda entry: entry.seal.position if hasattr(entry, "seal") else "未封存"),
        ]

    def get(self, request, *args, **kwargs):
        page = super().get(request, *args, **kwargs)
        # Turning pages is one reading; a search is noted with its words. Noted once the list is drawn, which
        # would else begin with this very line.
        if "page" not in request.GET and "export" not in request.GET:
            page.add_post_render_callback(self._note_reading)
        return page

    def _note_reading(self, page) -> None:
        words = searched(self.filter.form)
        record(Event.LOG_READ, actor=self.request.user, target=self.title, reason=words)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, head=sealed_head(), unsealed=first_unsealed())


class AuditEntryView(RoleRequiredMixin, View):
    roles_required = (Role.AUDITOR,)

    def get(self, request, pk):
        entry = get_object_or_404(AuditEntry.objects.select_related("second_actor", "seal", "actor"), pk=pk)
        same_act = entries().filter(act_id=entry.act_id).exclude(pk=entry.pk)[:50] if entry.act_id else []
        context = {"entry": entry, "changes": changes(entry), "same_act": same_act}
        return render(request, "units/audit_entry.html", context)


class MyLogView(FilteredListView):
    """What the signed-in person has done: nobody needs a role to read that."""

    template_name = "units/my_log.html"
    filterset_class = OwnFilter
    title = "我的操作记录"

    def base_queryset(self):
        return entries().filter(actor=self.request.user)

    def columns(self):
        return [
            Column("时间", "at", "time"),
            Column("岗位", "post"),
            Column("事项", "get_event_display"),
            Column("对象", "target"),
            Column("理由", "reason"),
        ]
