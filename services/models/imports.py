"""The workbooks that were taken into the log, so that a wrong one can be taken back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from services.models.logged import new_slug
from units.permissions import reach
from units.roles import UNIT_ROLES


class ImportedBookQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those that people of the person's own units brought."""
        return self.filter(reach(user, *UNIT_ROLES))


class ImportedBook(models.Model):
    """One workbook of one register, taken whole. `unit`: of the person who brought it, not of every row."""

    slug = models.SlugField(max_length=12, unique=True, default=new_slug, editable=False)
    register = models.CharField(max_length=20)
    file_name = models.CharField("文件", max_length=120)
    rows = models.PositiveIntegerField("条数")
    unit = models.ForeignKey("units.Unit", models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导入人"
    )
    made_at = models.DateTimeField("导入时间", default=timezone.now)
    undone_at = models.DateTimeField("撤销时间", null=True)

    objects = ImportedBookQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["unit", "register", "-made_at"], name="imported_book_newest")]

    def __str__(self):
        return self.file_name
