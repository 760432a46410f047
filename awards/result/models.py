"""Announced results and their certificates; revoked, they stay, marked."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from units.kit.fields import LongText
from units.kit.status import Status


class ResultState(Status):
    SELECTED = "selected", "award-fill", "gold", "有效"
    REVOKED = "revoked", "slash-circle", "stop", "已撤销"


class Result(models.Model):
    """One announced 示范项目; titles and names as announced."""

    campaign = models.ForeignKey("awards.Campaign", models.PROTECT, related_name="results")
    nomination = models.OneToOneField("awards.Nomination", models.PROTECT, related_name="result")
    notice = models.ForeignKey("awards.Notice", models.PROTECT, null=True, related_name="results")
    category = models.ForeignKey("awards.Category", models.PROTECT, related_name="results")
    title = models.CharField("项目名称", max_length=200)
    unit_name = models.CharField("单位", max_length=80)
    partner_names = models.CharField("联合单位", max_length=300, blank=True)
    document_number = models.CharField("通报文号", max_length=60, blank=True)
    announced_at = models.DateTimeField("公布时间", default=timezone.now)
    revoked_at = models.DateTimeField("撤销时间", null=True)
    revoke_reason = LongText("撤销原因", max_length=500, blank=True)
    banned_until = models.DateField("限报至", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "结果"
        ordering = ["campaign", "category__order", "nomination__code_key"]
        indexes = [models.Index(fields=["campaign", "category"], name="result_category")]
        constraints = [
            models.CheckConstraint(
                name="revoked_with_a_reason", condition=Q(revoked_at=None) | ~Q(revoke_reason="")
            )
        ]
        triggers = [pgtrigger.Protect(name="results_are_kept", operation=pgtrigger.Delete)]

    def __str__(self):
        return self.title

    @property
    def mark(self) -> ResultState:
        return ResultState.REVOKED if self.revoked_at else ResultState.SELECTED


class Certificate(models.Model):
    """The number under which anyone can check a result, unique for ever."""

    result = models.OneToOneField(Result, models.PROTECT, related_name="certificate")
    number = models.CharField("证书编号", max_length=30, unique=True)
    issued_at = models.DateTimeField("颁发时间", default=timezone.now)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "证书"
        ordering = ["number"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("awards:certificate", args=[self.number])
