"""Tasks of the 行动党支部: a small register without review, because a branch answers for its own list."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse

from services.actions.tasks import change_task, set_task
from services.filters import TaskFilter
from services.forms.registers import TaskForm
from services.models.tasks import ActionTask
from services.permissions import READERS, can_log, logs
from services.views.common import sections
from units.kit.columns import Column
from units.kit.filled import Filled
from units.kit.lists import ListPage
from units.kit.together import SharedForm
from units.permissions import RoleRequiredMixin


class TasksMixin(RoleRequiredMixin):
    roles_required = READERS

    def tasks(self):
        return ActionTask.objects.visible_to(self.request.user).select_related("branch")


class TaskListView(TasksMixin, ListPage):
    template_name = "services/task_list.html"
    filter_class = TaskFilter
    title, noun, style = "行动党支部任务", "任务", "stack-2"
    start = ("branch__order", "branch__path", "due_on")

    def rows(self):
        return self.tasks()

    def columns(self):
        return [
            Column("任务", "title", order="title", main=True, link=self.edit_url),
            Column("行动党支部", "branch.name", order="branch", by=("branch__order", "branch__path")),
            Column("期限", "due_on", "date", order="due_on"),
            Column("状态", "mark", "mark"),
            Column("完成日期", "done_on", "date", order="done_on"),
            Column("结果", "result", css="wide"),
        ]

    def edit_url(self, task):
        return reverse("services:task-edit", args=[task.slug]) if logs(self.request.user) else ""

    def book_name(self):
        return "行动任务"

    def book_title(self):
        return "行动党支部任务台账"

    def empty(self):
        return {"title": "还没有任务", "text": "行动党支部成立后，把要办的事逐条登记在这里。"}

    def get_context_data(self, **kwargs):
        may_log = logs(self.request.user)
        return super().get_context_data(sections=sections("tasks"), may_log=may_log, **kwargs)


class TaskFormView(TasksMixin, SharedForm):
    """A new task, or one of a branch the person logs for."""

    template_name = "services/row_form.html"
    done = "任务已保存。"

    def allowed(self) -> bool:
        return logs(self.request.user)

    def row(self) -> ActionTask | None:
        if "slug" not in self.kwargs:
            return None
        task = get_object_or_404(self.tasks(), slug=self.kwargs["slug"])
        if not can_log(self.request.user, task.branch):
            raise PermissionDenied
        return task

    def form_key(self, task) -> str:
        return f"task:{task.pk if task else 'new'}"

    def bind(self, task, data=None) -> Filled:
        self.task = task
        return Filled(TaskForm(data, instance=task, user=self.request.user))

    def typed(self, form):
        return {"form": form}

    def act(self, form):
        if self.task is not None:
            values, actor = form.values(), self.request.user
            return change_task(self.task, values=values, version=self.version, actor=actor)
        if form.saved_before():
            self.done = "这项任务刚才已经保存，没有重复登记。"
            return None
        return set_task(form.instance, actor=self.request.user)

    @property
    def title(self) -> str:
        return "修改行动任务" if "slug" in self.kwargs else "登记行动任务"

    def trail(self):
        return [("行动任务", self.back())]

    def back(self) -> str:
        return reverse("services:task-list")

    def context(self, form) -> dict:
        return super().context(form) | {"plain": True}
