"""Tasks of the 行动党支部: a small register without review, because a branch answers for its own list."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View

from services.actions import change_task, set_task
from services.forms import TaskForm
from services.models import ActionTask
from services.permissions import READERS, can_log, logs
from services.views.common import PER_PAGE, export, sections, subtitle
from units.papers.workbook import Column, Sheet
from units.permissions import RoleRequiredMixin
from units.versions import save_merged

OPEN = {"open": Q(done_on=None), "done": Q(done_on__isnull=False)}
COLUMNS = [
    Column("行动党支部", "branch.name"),
    Column("任务", "title"),
    Column("期限", "due_on", "date"),
    Column("完成日期", "done_on", "date"),
    Column("结果", "result"),
]


class TasksMixin(RoleRequiredMixin):
    roles_required = READERS

    def tasks(self):
        return ActionTask.objects.visible_to(self.request.user).select_related("branch")

    def found(self):
        """Narrowed by `show` (open, done) and the words `q`."""
        rows = self.tasks().filter(OPEN.get(self.request.GET.get("show", ""), Q()))
        words = self.request.GET.get("q", "").strip()
        if words:
            rows = rows.filter(Q(title__icontains=words) | Q(branch__name__icontains=words))
        return rows.order_by("branch__order", "branch__path", "due_on", "pk")


class TaskListView(TasksMixin, TemplateView):
    template_name = "services/task_list.html"

    def get_context_data(self, **kwargs):
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(
            page_obj=Paginator(self.found(), PER_PAGE).get_page(self.request.GET.get("page")),
            sections=sections("tasks"),
            show=self.request.GET.get("show", ""),
            words=self.request.GET.get("q", ""),
            may_log=logs(self.request.user),
            today=timezone.localdate(),
            query=f"?{query.urlencode()}" if query else "",
            **kwargs,
        )


class TaskExportView(TasksMixin, View):
    def get(self, request, **kwargs):
        rows = self.found().iterator(chunk_size=1000)
        return export(request, "行动任务", [Sheet("行动党支部任务台账", COLUMNS, rows, subtitle(request))])


class TaskFormView(TasksMixin, View):
    """A new task, or one of a branch the person logs for."""

    @cached_property
    def task(self) -> ActionTask | None:
        if "slug" not in self.kwargs:
            return None
        task = get_object_or_404(self.tasks(), slug=self.kwargs["slug"])
        if not can_log(self.request.user, task.branch):
            raise PermissionDenied
        return task

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not logs(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, **kwargs):
        return self.page(TaskForm(instance=self.task, user=request.user))

    def post(self, request, **kwargs):
        form = TaskForm(request.POST, instance=self.task, user=request.user)
        if not form.is_valid():
            return self.page(form)
        if form.saved_before():
            messages.info(request, "这项任务刚才已经保存，没有重复登记。")
            return redirect("services:task-list")
        saved = save_merged(form, self.on_the_stored_task, self.save)
        if saved.row is None:
            return self.page(saved.form, clash=bool(saved.asked), differences=saved.asked)
        messages.success(request, "任务已保存。")
        return redirect("services:task-list")

    def on_the_stored_task(self, data=None):
        return TaskForm(data, instance=ActionTask.objects.get(pk=self.task.pk), user=self.request.user)

    def save(self, form):
        if self.task is None:
            return set_task(form.instance, actor=self.request.user)
        return change_task(
            self.task,
            values=form.values(),
            version=form.opened_with,
            actor=self.request.user,
        )

    def page(self, form, **more):
        context = {
            "form": form,
            "title": "修改行动任务" if self.task else "登记行动任务",
            "trail": [("行动任务", reverse("services:task-list"))],
            "cancel_url": reverse("services:task-list"),
            "plain": True,
        }
        return render(self.request, "services/row_form.html", context | more)
