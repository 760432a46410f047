"""The log for the auditor, whole; for everybody, their own lines."""

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, When
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from units.audit.events import Event
from units.audit.filters import AuditFilter, OwnFilter
from units.audit.labels import changes
from units.audit.models import AuditEntry
from units.audit.record import record
from units.audit.seal import first_unsealed, sealed_head
from units.kit.columns import Column
from units.kit.lists import ListPage
from units.models import Post
from units.permissions import RoleRequiredMixin
from units.roles import Role

LISTED = (
    "at", "actor_name", "post", "address", "event", "target", "target_kind", "campaign", "reason",
    "second_actor__name", "seal__position",
)  # fmt: skip


def entries():
    return AuditEntry.objects.select_related("second_actor", "seal").only(*LISTED)


def to_the_second(moment) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"


def entry_url(entry) -> str:
    return reverse("units:audit-entry", args=[entry.pk])


def position(entry):
    """The number of its seal, if it is sealed."""
    return entry.seal.position if hasattr(entry, "seal") else "待封存"


class AuditLogView(RoleRequiredMixin, ListPage):
    roles_required = (Role.AUDITOR,)
    template_name = "units/audit_log.html"
    filter_class = AuditFilter
    title, noun = "审计日志", "记录"
    start = ("-pk",)

    def rows(self):
        return entries()

    def columns(self):
        return [
            Column("序号", "pk", page=False),
            Column("时间", "at", "time", order="at", by=("pk",), show=to_the_second),
            Column("操作人", "who"),
            Column("岗位", "post", folded=True),
            Column("事项", "get_event_display", main=True, link=entry_url),
            Column("复核人", "second_actor.name", folded=True),
            Column("对象", "target", css="wide"),
            Column("年度", "campaign", folded=True),
            Column("理由", "reason", css="wide"),
            Column("地址", "address", css="nowrap"),
            Column("封存号", position, css="num"),
        ]

    def get(self, request, *args, **kwargs):
        page = super().get(request, *args, **kwargs)
        # Turning pages is one reading; a search is noted with its words. Noted once the list is drawn, which
        # would else begin with this very line.
        if "page" not in request.GET and "export" not in request.GET:
            page.add_post_render_callback(self._note_reading)
        return page

    def _note_reading(self, page) -> None:
        record(Event.LOG_READ, actor=self.request.user, target=self.title, reason=self.asked)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, head=sealed_head(), unsealed=first_unsealed())


class AuditEntryView(RoleRequiredMixin, View):
    roles_required = (Role.AUDITOR,)

    def get(self, request, pk):
        entry = get_object_or_404(AuditEntry.objects.select_related("second_actor", "seal", "actor"), pk=pk)
        same_act = (
            entries().filter(act_id=entry.act_id).exclude(pk=entry.pk).order_by("-pk")[:50]
            if entry.act_id
            else []
        )
        context = {"entry": entry, "changes": changes(entry), "same_act": same_act}
        return render(request, "units/audit_entry.html", context)


class MyLogView(ListPage):
    """What the signed-in person has done: nobody needs a role to read that."""

    template_name = "units/my_log.html"
    filter_class = OwnFilter
    title, noun = "我的操作记录", "记录"
    start = ("-pk",)

    def rows(self):
        """Whoever reviews, or did, knows an entry by its code alone: its title may name the unit, and a search would
        find it."""
        reviews = Post.objects.filter(user=OuterRef("actor"), role=Role.REVIEWER)
        blind = Q(Exists(reviews), target_kind="nomination")
        shown = Case(When(blind, then=F("target_key")), default=F("target"), output_field=CharField())
        return entries().filter(actor=self.request.user).annotate(known_as=shown)

    def columns(self):
        return [
            Column("时间", "at", "time", order="at", by=("pk",), show=to_the_second),
            Column("岗位", "post"),
            Column("事项", "get_event_display", main=True),
            Column("对象", "known_as", css="wide"),
            Column("年度", "campaign", folded=True),
            Column("理由", "reason", css="wide"),
        ]
