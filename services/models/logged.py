"""What every logged row has in common: who logged it for which unit, and how far it has come."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.crypto import get_random_string

from units.kit.fields import LongText
from units.kit.status import Status
from units.permissions import reach
from units.roles import UNIT_ROLES, Role

SLUG_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_slug() -> str:
    """Ten characters without look-alikes; unguessable enough for a row that also asks for rights."""
    return get_random_string(10, SLUG_ALPHABET)


class LogState(Status):
    """The life of anything a unit logs."""

    DRAFT = "draft", "pencil", "", "草稿"
    SENT = "sent", "hourglass-split", "", "待审核"
    RETURNED = "returned", "arrow-return-left", "warn", "退回修改"
    REVIEWED = "reviewed", "check2", "off", "已审核"


# What its own people may still change; a reviewed row is closed.
OPEN_STATES = (LogState.DRAFT, LogState.RETURNED)


class LoggedQuerySet(models.QuerySet):
    """What every logged row answers, activity or register."""

    def visible_to(self, user):
        """Own units' rows for their people; all rows below the committee for its office and supervisor."""
        return self.filter(
            reach(user, *UNIT_ROLES) | (reach(user, Role.OFFICE, Role.SUPERVISOR) & ~Q(state=LogState.DRAFT))
        )

    def reviewed(self):
        return self.filter(state=LogState.REVIEWED)

    def counted(self):
        """Reviewed, and what the figures of the year take it for: see `counts` of the model."""
        return self.reviewed().filter(self.model.counts)

    def sendable_by(self, user):
        """Open rows of the units this person logs for."""
        return self.filter(reach(user, *UNIT_ROLES), state__in=OPEN_STATES)

    def reviewable_by(self, user):
        """Rows that wait for this person's office; nobody reviews what he or she logged."""
        waiting = self.filter(reach(user, Role.OFFICE), state=LogState.SENT)
        return waiting.exclude(logged_by=user)

    def returnable_by(self, user):
        """Rows this person's office may give back, reviewed ones too."""
        return self.filter(reach(user, Role.OFFICE), state__in=(LogState.SENT, LogState.REVIEWED))

    def below(self, organiser):
        """Rows of the units under one committee."""
        return self.filter(unit__path__startswith=organiser.path)


class Logged(models.Model):
    """Who logged a row for which unit, and what the office said of it."""

    slug = models.SlugField(max_length=12, unique=True, default=new_slug, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", verbose_name="单位")
    state = models.CharField("状态", max_length=10, choices=LogState, default=LogState.DRAFT, editable=False)
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    reviewed_at = models.DateTimeField("审核时间", null=True, editable=False)
    return_reason = LongText("退回原因", max_length=300, blank=True, editable=False)
    foreign_number = models.CharField(
        "外部编号", max_length=40, blank=True, help_text="从其他系统导入时保留。"
    )
    book = models.ForeignKey(
        "services.ImportedBook", models.SET_NULL, null=True, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    # Foreign keys that `str` reads: an act on many rows loads them along, for its entries name every row.
    named_by: ClassVar[tuple[str, ...]] = ()

    # What more than its review makes a row count in the year's figures.
    counts: ClassVar[Q] = Q()

    objects = LoggedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def mark(self) -> LogState:
        """The state with its icon and tone, for `{% state_mark %}`."""
        return LogState(self.state)

    @property
    def is_open(self) -> bool:
        """Whether its own unit may still change it."""
        return self.state in OPEN_STATES
