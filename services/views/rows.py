"""One row: its page, its form, and the acts on it."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.views.generic import View

from services.actions import (
    change_activity,
    change_row,
    delete_row,
    event_of,
    log_activity,
    log_row,
    return_rows,
    review_rows,
    send_rows,
)
from services.catalogue import cells
from services.forms import ReturnForm, form_for
from services.models import DETAIL_NAMES, Activity, ActivityQuerySet, ActivityUnit, LogState, ServiceKind
from services.permissions import can_change, can_delete, can_log, can_return, can_review, can_send, logs
from services.queries import history
from services.views.common import RegisterMixin, sections
from units.errors import Refused
from units.kit.acts import ActPage, OneClick
from units.templatetags.portal import thousands
from units.versions import save_merged


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


class FormView(RegisterMixin, View):
    """A new row or an open one. Refused input comes back as it was typed."""

    template_name = "services/row_form.html"

    def related(self, rows):
        return with_details(rows) if self.register.model is Activity else super().related(rows)

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
        row = self.instance()
        if row is not None and not row.is_open:
            messages.error(request, f"该记录{row.get_state_display()}，不能修改。")
            return redirect(self.register.row_url(row))
        return self.page(form_for(row, self.register, user=request.user, kind=kind))

    def post(self, request, **kwargs):
        kind = request.GET.get("kind", "")
        if self._asks_for_kind(kind):
            return redirect(self.register.url("new"))
        form = form_for(self.instance(), self.register, user=request.user, data=request.POST, kind=kind)
        if not form.is_valid():
            return self.page(form)
        if doubled := form.saved_before():
            return self._already(doubled)
        try:
            saved = save_merged(form, self.on_the_stored_row, self.save)
        except IntegrityError:
            # The same form sent twice in one moment: the other one was first.
            if doubled := form.saved_before():
                return self._already(doubled)
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.page(form)
        if saved.row is None:
            return self.page(saved.form, clash=bool(saved.asked), differences=saved.asked)
        row = saved.row
        return self._done(row)

    def _asks_for_kind(self, kind: str) -> bool:
        return self.instance() is None and self.register.model is Activity and kind not in ServiceKind.values

    def instance(self):
        if "slug" not in self.kwargs:
            return None
        if not can_log(self.request.user, self.row.unit):
            raise PermissionDenied
        return self.row

    def save(self, form):
        actor = self.request.user
        if self.register.model is Activity:
            extra = {"detail": form.detail(), "joint_units": form.cleaned_data["joint_units"]}
            if "slug" not in self.kwargs:
                form.instance.kind = form.kind
                return log_activity(form.instance, actor=actor, **extra)
            return change_activity(
                self.row,
                values=form.values(),
                version=form.opened_with,
                actor=actor,
                **extra,
            )
        if "slug" not in self.kwargs:
            return log_row(form.instance, actor=actor)
        return change_row(self.row, values=form.values(), version=form.opened_with, actor=actor)

    def on_the_stored_row(self, data=None):
        fresh = self.related(self.register.model.objects.all()).get(pk=self.row.pk)
        return form_for(fresh, self.register, user=self.request.user, data=data)

    def page(self, form, **more):
        row = self.row if "slug" in self.kwargs else None
        register = self.register
        title = f"修改{register.label}" if row else f"登记{register.label}"
        context = {
            "form": form,
            "title": title,
            "register": register,
            "row": row,
            "trail": [(register.label, register.list_url)],
            "cancel_url": register.row_url(row) if row else register.list_url,
            "kind": getattr(form, "kind", None),
        }
        return render(self.request, self.template_name, context | more)

    def _already(self, row):
        messages.info(self.request, "这条记录刚才已经保存，没有重复登记。")
        return redirect(self.register.row_url(row))

    def _done(self, row):
        request = self.request
        if "send" in request.POST and send_rows(type(row).objects.filter(pk=row.pk), actor=request.user):
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
