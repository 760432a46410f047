"""An act that waits for its second person."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string

from units.kit.fields import LongText
from units.kit.keys import TABLE, SecondKey
from units.kit.status import Status

SLUG_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_slug() -> str:
    return get_random_string(10, SLUG_ALPHABET)


class PendingState(Status):
    WAITING = "waiting", "hourglass-split", "", "待双人确认"
    CONFIRMED = "confirmed", "check2-all", "ok", "已确认"
    REFUSED = "refused", "x-circle", "stop", "不予确认"
    WITHDRAWN = "withdrawn", "arrow-counterclockwise", "off", "已撤回"
    LAPSED = "lapsed", "clock-history", "off", "已失效"


class Why(models.TextChoices):
    """Why something is done, as the year's figures count it; the words beside it say more."""

    PLANNED = "planned", "按计划办理"
    MISTAKE = "mistake", "纠正差错"
    CHANGED = "changed", "情况变化"
    ASKED = "asked", "当事人申请"
    OTHER = "other", "其他"


class PendingActQuerySet(models.QuerySet):
    def open_at(self, now: datetime) -> PendingActQuerySet:
        """Waiting, and not lapsed by then."""
        return self.filter(state=PendingState.WAITING, lapses_at__gt=now)


class PendingAct(models.Model):
    """payload: what was typed, box by box; shown: label, before and after of what it changes; digest: of both.

    path: the page that proposes it and that will run it. target: what it is about; one open act for a kind and target.
    committee: whose year it belongs to; None for accounts. concerns: the person it is about, who never confirms it.
    """

    slug = models.CharField(max_length=12, unique=True, default=new_slug)
    kind = models.CharField("事项", max_length=40)
    target = models.CharField(max_length=200)
    about = models.CharField("对象", max_length=300)
    committee = models.ForeignKey("units.Unit", models.PROTECT, null=True, related_name="+")
    campaign = models.CharField("年度", max_length=40, blank=True)
    concerns = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    path = models.CharField(max_length=500)
    payload = models.JSONField(default=dict)
    shown = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    why = models.CharField("理由类别", max_length=20, choices=Why)
    reason = LongText("理由", max_length=300)
    state = models.CharField("状态", max_length=12, choices=PendingState, default=PendingState.WAITING)
    first = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人"
    )
    post = models.CharField("提出人岗位", max_length=120, blank=True)
    proposed_at = models.DateTimeField("提出时间", default=timezone.now)
    lapses_at = models.DateTimeField("确认期限")
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="确认人"
    )
    settled_at = models.DateTimeField("办结时间", null=True)
    settled_reason = LongText("说明", max_length=300, blank=True)

    objects = PendingActQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "target"], condition=Q(state="waiting"), name="one_open_act_for_a_target"
            ),
            models.CheckConstraint(name="two_people", condition=Q(second=None) | ~Q(second=F("first"))),
        ]

    def __str__(self) -> str:
        return f"{self.row.label}：{self.about}"

    def get_absolute_url(self) -> str:
        return reverse("units:pending", args=[self.slug])

    @property
    def row(self) -> SecondKey:
        """Its row in the table of acts that take two people."""
        return TABLE[self.kind]

    @property
    def mark(self) -> PendingState:
        """Its state now: what lapsed is lapsed, whether the clock's work has written it down or not."""
        return self.state_at(timezone.now())

    def state_at(self, now: datetime) -> PendingState:
        overdue = self.state == PendingState.WAITING and self.lapses_at <= now
        return PendingState.LAPSED if overdue else PendingState(self.state)
