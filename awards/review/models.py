"""Score sheets: one reviewer's marks for one submission in one stage. A missing mark is no row."""

import pgtrigger
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from units.kit.fields import LongText
from units.kit.status import Status


class SheetState(Status):
    DRAFT = "draft", "pencil", "", "草稿"
    HANDED_IN = "handed_in", "check-circle", "ok", "已提交"
    VOID = "void", "slash-circle", "off", "作废"


class DeskState(Status):
    """How an entry lies on a reviewer's desk; computed from assignment and sheet, stored nowhere."""

    OPEN = "open", "dot", "", "未评"
    DRAFT = "draft", "pencil", "", "草稿"
    SKIPPED = "skipped", "arrow-return-right", "", "跳过"
    HANDED_IN = "handed_in", "check-lg", "ok", "已交"
    ABSTAINED = "abstained", "dash-lg", "off", "弃评"
    RECUSED = "recused", "slash-lg", "off", "回避"

    @property
    def dot(self) -> str:
        """Class of the square in the reviewer's strip."""
        return {"draft": "part", "skipped": "skip-it", "handed_in": "in", "abstained": "skip-it"}.get(
            self, ""
        )

    @property
    def cell(self) -> str:
        """Class of the cell in the office's matrix."""
        return {"draft": "part", "handed_in": "in", "abstained": "out", "recused": "out"}.get(self, "")


class ScoreSheetQuerySet(models.QuerySet):
    def handed_in(self):
        """The sheets that count."""
        return self.filter(state=SheetState.HANDED_IN)


class ScoreSheet(models.Model):
    """Marks for the submission it judged. Handed in, it locks; it is voided, never deleted."""

    assignment = models.ForeignKey("awards.Assignment", models.PROTECT, related_name="sheets")
    submission = models.ForeignKey("awards.Submission", models.PROTECT, related_name="sheets")
    rule = models.ForeignKey("awards.ScoringRule", models.PROTECT, related_name="sheets")
    state = models.CharField("状态", max_length=10, choices=SheetState, default=SheetState.DRAFT)
    comment = LongText("评语", blank=True)
    total = models.DecimalField(
        "总分", max_digits=9, decimal_places=4, null=True, help_text="kept at hand-in, exact, for lists"
    )
    version = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)
    handed_in_at = models.DateTimeField("提交时间", null=True)
    voided_at = models.DateTimeField("作废时间", null=True)
    void_reason = LongText("作废原因", max_length=300, blank=True)

    objects = ScoreSheetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评分表"
        ordering = ["pk"]
        indexes = [models.Index(fields=["submission", "state"], name="sheet_submission_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"], condition=~Q(state="void"), name="one_sheet_counts"
            ),
            models.CheckConstraint(
                name="handed_in_has_a_time",
                condition=~Q(state="handed_in") | (Q(handed_in_at__isnull=False) & Q(total__isnull=False)),
            ),
        ]
        triggers = [pgtrigger.Protect(name="sheets_are_kept", operation=pgtrigger.Delete)]

    def __str__(self):
        return f"{self.assignment_id} {self.get_state_display()}"

    @property
    def mark(self) -> SheetState:
        return SheetState(self.state)


class Score(models.Model):
    """One mark: criterion code → 0 to its maximum, in steps of 0.5."""

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey("awards.Criterion", models.PROTECT, related_name="scores")
    mark = models.DecimalField("分数", max_digits=5, decimal_places=1, validators=[MinValueValidator(0)])

    class Meta:
        verbose_name = verbose_name_plural = "评分"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="marked_once"),
            models.CheckConstraint(name="mark_not_negative", condition=Q(mark__gte=0)),
        ]

    def __str__(self):
        return f"{self.criterion_id} {self.mark}"
