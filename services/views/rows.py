"""One row: its page, its form, and the acts on it."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import View

from services.actions.activities import change_activity, log_activity
from services.actions.bulk import return_rows, review_rows, send_rows
from services.actions.rows import change_row, delete_row, event_of, log_row
from services.catalogue import cells
from services.forms.around import ReturnForm
from services.forms.registers import form_for
from services.models.activities import DETAIL_NAMES, Activity, ActivityQuerySet, ActivityUnit, ServiceKind
from services.models.logged import LogState
from services.permissions import can_change, can_delete, can_log, can_return, can_review, can_send, logs
from services.queries import history
from services.views.common import RegisterMixin, sections
from units.errors import Refused
from units.kit.acts import ActPage, OneClick
from units.kit.filled import Filled
from units.kit.together import Fill, Together
from units.templatetags.portal import thousands


def with_details(activities: ActivityQuerySet):
    rows = activities.select_related("unit", "community", "action_branch", *DETAIL_NAMES)
    joint = ActivityUnit.objects.select_related("unit").order_by("unit__order", "unit__path")
    return rows.prefetch_related(Prefetch("joint_units", joint))


class RowView(RegisterMixin, View):
    """The row's page: what it says, what was done with it, what may be done now."""

    def related(self, rows):
        if self.register.model is Activity:
            return with_details(rows)
        return super().related(rows)

    def get(self, request, **kwargs):
        row, register, user = self.row, self.register, request.user
        steps = list(history(row))
        context = {
            "row": row,
            "register": register,
            "sections": sections(register.code),
            "history": steps,
            "imported": not steps or steps[0].event != event_of("log", type(row)),
            "can_change": can_change(user, row),
            "can_delete": can_delete(user, row),
            "can_review": can_review(user, row),
            "can_return": can_return(user, row),
            "urls": {
                verb: register.url(verb, row) for verb in ("edit", "send", "delete", "review", "return")
            },
        }
        if register.model is Activity:
            context |= {
                "detail": _detail_facts(row),
                "files": list(row.files.all()),
                "joint": [joint.unit for joint in row.joint_units.all()],
            }
            return render(request, "services/activity.html", context)
        text = [(field.verbose_name, getattr(row, field.name)) for field in _texts(row)]
        return render(
            request, "services/register_row.html", context | {"cells": cells(register, row), "texts": text}
        )


def _texts(row):
    return [field for field in row._meta.concrete_fields if field.get_internal_type() == "TextField"]


def _detail_facts(activity: Activity) -> list[tuple[str, object]]:
    """Label and value of the kind's details, without what was left empty."""
    detail, facts = activity.detail, []
    if detail is None:
        return []
    for field in detail._meta.concrete_fields:
        if field.name in ("id", "activity"):
            continue
        value = (
            getattr(detail, f"get_{field.name}_display")() if field.choices else getattr(detail, field.name)
        )
        if isinstance(value, int | Decimal):
            value = thousands(value)
        if value not in (None, ""):
            facts.append((field.verbose_name, value))
    return facts


# ---------------------------------------------------------------- the form


class FormView(Together, RegisterMixin, View):
    """A new row or an open one. Refused input comes back as it was typed."""

    template_name = "services/row_form.html"
    doubled = False
    """Whether this very form has made its row already."""

    def related(self, rows):
        if self.register.model is Activity:
            return rows.select_related("unit", *DETAIL_NAMES)
        return super().related(rows)

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not logs(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, **kwargs):
        kind = request.GET.get("kind", "")
        if self._asks_for_kind(kind):
            return render(
                request, "services/activity_kind.html", {"kinds": _kinds(), "register": self.register}
            )
        row = self.row_now()
        if row is not None and not row.is_open:
            messages.error(request, f"该记录{row.get_state_display()}，不能修改。")
            return redirect(self.register.row_url(row))
        return self.page(self.as_stored(row))

    def post(self, request, **kwargs):
        kind = request.GET.get("kind", "")
        if self._asks_for_kind(kind):
            return redirect(self.register.url("new"))
        try:
            fill = self.fill(request.POST)
        except Refused as refusal:
            fill = self.sent_back(request.POST)
            fill.filled.parts[0].add_error(None, str(refusal))
        if not fill.is_done:
            return self.page(fill)
        if self.doubled:
            messages.info(request, "这条记录刚才已经保存，没有重复登记。")
            return redirect(self.register.row_url(fill.row))
        return self._done(fill)

    def _asks_for_kind(self, kind: str) -> bool:
        return (
            "slug" not in self.kwargs and self.register.model is Activity and kind not in ServiceKind.values
        )

    def row(self):
        if "slug" not in self.kwargs:
            return None
        row = get_object_or_404(self.related(self.rows()), slug=self.kwargs["slug"])
        if not can_log(self.request.user, row.unit):
            raise PermissionDenied
        return row

    def bind(self, row, data=None) -> Filled:
        kind = self.request.GET.get("kind", "")
        return Filled(form_for(row, self.register, user=self.request.user, data=data, kind=kind))

    def write(self, row, filled, version):
        (form,) = filled.parts
        if row is None:
            return self._log(form)
        values = {"values": form.values(), "version": version, "actor": self.request.user}
        if self.register.model is Activity:
            joint_units = form.cleaned_data["joint_units"]
            return change_activity(row, detail=form.detail(), joint_units=joint_units, **values)
        return change_row(row, **values)

    def _log(self, form):
        """The form sent twice makes one row, also where both arrive in one moment."""
        if not (found := form.saved_before()):
            actor = self.request.user
            try:
                if self.register.model is not Activity:
                    return log_row(form.instance, actor=actor)
                form.instance.kind = form.kind
                joint_units = form.cleaned_data["joint_units"]
                return log_activity(form.instance, detail=form.detail(), joint_units=joint_units, actor=actor)
            except IntegrityError:
                if not (found := form.saved_before()):
                    raise
        self.doubled = True
        return found

    def form_key(self, row) -> str:
        place = f"new:{self.request.GET.get('kind', '')}" if row is None else row.pk
        return f"log:{self.register.code}:{place}"

    def page(self, fill: Fill):
        (form,) = fill.filled.parts
        row = fill.row
        register = self.register
        title = f"修改{register.label}" if row else f"登记{register.label}"
        context = {
            "fill": fill,
            "form": form,
            "title": title,
            "register": register,
            "row": row,
            "trail": [(register.label, register.list_url)],
            "cancel_url": register.row_url(row) if row else register.list_url,
            "kind": getattr(form, "kind", None),
        }
        return render(self.request, self.template_name, context)

    def _done(self, fill: Fill):
        request, row = self.request, fill.row
        if fill.taken:
            messages.info(request, fill.lead)
        if (
            "send" in request.POST
            and fill.was_seen
            and send_rows(type(row).objects.filter(pk=row.pk), actor=request.user)
        ):
            messages.success(request, "已保存并报送，等待审核。")
        else:
            messages.success(request, "已保存为草稿，报送后由评选办审核。")
        return redirect(self.register.row_url(row))


def _kinds() -> list[tuple[str, str, str]]:
    says = {
        ServiceKind.ENTERPRISE: "走访企业，受理诉求，帮办政策、融资、用工、审批等事项",
        ServiceKind.PROJECT: "推进重点项目，协调节点、手续和难题",
        ServiceKind.GRASSROOTS: "联系镇街、村居，力量、职能、资源下沉，业务指导和培训",
        ServiceKind.PEOPLE: "走访群众，志愿服务，办实事、解难题",
    }
    return [(kind.value, kind.label, says[kind]) for kind in ServiceKind]


# ---------------------------------------------------------------- acts


class RowAct(RegisterMixin, ActPage):
    """One act on one row: whose it is, whether this person may, whether it is possible now."""

    may = staticmethod(lambda user, row: False)
    late = ""

    def allowed(self) -> bool:
        return self.may(self.request.user, self.row)

    def run(self, **values):
        raise NotImplementedError

    def act(self, **values):
        if not (done := self.run(**values)):
            raise Refused(self.late)
        return done

    def this(self):
        return self.register.model.objects.filter(pk=self.row.pk)

    def back(self) -> str:
        return self.register.row_url(self.row)

    def facts(self):
        return [("记录", str(self.row)), ("单位", self.row.unit.name)]

    def trail(self):
        return [(self.register.label, self.register.list_url)]


class SendView(RowAct, OneClick):
    may = staticmethod(can_send)
    done, late = "已报送，等待审核。", "没有报送：该记录的状态已经改变。"

    def run(self):
        return send_rows(self.this(), actor=self.request.user)


class ReviewView(RowAct, OneClick):
    may = staticmethod(can_review)
    done, late = "已审核，计入统计。", "没有审核：该记录的状态已经改变。"

    def run(self):
        return review_rows(self.this(), actor=self.request.user)


class ReturnView(RowAct):
    may = staticmethod(can_return)
    title, verb = "退回修改", "退回"
    done, late = "已退回，登记单位可以修改后再报送。", "没有退回：该记录的状态已经改变。"

    @property
    def text(self) -> str:
        if self.row.state == LogState.REVIEWED:
            return "已审核的记录退回后不再计入统计，重新审核后恢复。"
        return "登记单位会看到退回原因。"

    def make_form(self, *data):
        return ReturnForm(*data, single=True)

    def run(self, reason: str):
        return return_rows(self.this(), reason=reason, actor=self.request.user)


class DeleteView(RowAct):
    may = staticmethod(can_delete)
    verb, danger = "删除", True
    text, done = "草稿删除后不能恢复。", "草稿已删除。"

    @property
    def title(self) -> str:
        return f"删除{self.register.label}"

    def act(self):
        return delete_row(self.row, actor=self.request.user)

    def after(self, _) -> str:
        return self.register.list_url
