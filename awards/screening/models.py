"""What the office checked of a submission, item by item (domain 1.7)."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from units.kit.fields import LongText
from units.kit.status import Mark, Status


class Verdict(Status):
    PASS = "pass", "check2", "", "通过"
    FIX = "fix", "arrow-return-left", "warn", "需补正"
    FAIL = "fail", "x-circle", "stop", "不通过"


PREPARED = Mark("已拟定", "pencil-square")


class ScreeningCheck(models.Model):
    """The verdict on one item of the checklist for one submission."""

    submission = models.ForeignKey("awards.Submission", models.PROTECT, related_name="checks")
    item = models.CharField("审查项", max_length=30)
    verdict = models.CharField("意见", max_length=4, choices=Verdict)
    remark = LongText("说明", max_length=300, blank=True)
    field = models.CharField("涉及内容", max_length=30, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "审查意见"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["submission", "item"], name="checked_once")]

    def __str__(self):
        return f"{self.item} {self.get_verdict_display()}"

    @property
    def mark(self) -> Verdict:
        return Verdict(self.verdict)
