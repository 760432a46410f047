"""What the 行动党支部 set out to do."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from services.models.logged import new_slug
from units.kit.status import Status
from units.permissions import reach
from units.roles import UNIT_ROLES, Role


class TaskState(Status):
    RUNNING = "running", "hourglass-split", "", "进行中"
    OVERDUE = "overdue", "exclamation-triangle", "warn", "已到期"
    DONE = "done", "check2", "off", "已完成"


class ActionTaskQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Tasks of the branches this person logs for, all to the committee's office and supervisor."""
        return self.filter(reach(user, *UNIT_ROLES, Role.OFFICE, Role.SUPERVISOR, to="branch"))


class ActionTask(models.Model):
    """One task of an 行动党支部."""

    slug = models.SlugField(max_length=12, unique=True, default=new_slug, editable=False)
    branch = models.ForeignKey("units.Unit", models.PROTECT, related_name="tasks", verbose_name="行动党支部")
    title = models.CharField("任务", max_length=100)
    due_on = models.DateField("期限", null=True, blank=True)
    done_on = models.DateField("完成日期", null=True, blank=True)
    result = models.CharField("结果", max_length=300, blank=True)

    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ActionTaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "行动任务"
        ordering = ["due_on", "pk"]

    def __str__(self):
        return self.title

    @property
    def mark(self) -> TaskState:
        if self.done_on:
            return TaskState.DONE
        return TaskState.OVERDUE if self.due_on and self.due_on < timezone.localdate() else TaskState.RUNNING
