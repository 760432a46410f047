"""The cut-off of a year: its figures as they stood when the office closed it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class ClosedYear(models.Model):
    """A committee's year whose figures are fixed; what is reviewed or returned later goes into the addendum.

    figures: those of the district (joint work once), with the keys of `services.queries.Totals`.
    """

    organiser = models.ForeignKey("units.Unit", models.PROTECT, related_name="closed_years")
    year = models.PositiveSmallIntegerField("年度")
    closed_at = models.DateTimeField("截止时间", default=timezone.now)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    figures = models.JSONField(default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "年度截止"
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["organiser", "year"], name="year_closed_once")]

    def __str__(self):
        return f"{self.year}年四项服务统计"


class ClosedLine(models.Model):
    """One organization's figures in a closed year: frozen, never computed again."""

    closed = models.ForeignKey(ClosedYear, models.CASCADE, related_name="lines")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    figures = models.JSONField(default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "年度截止（单位）"
        ordering = ["unit__order", "unit__path"]
        constraints = [models.UniqueConstraint(fields=["closed", "unit"], name="closed_line_once")]

    def __str__(self):
        return f"{self.closed} {self.unit}"
