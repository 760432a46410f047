"""The log's rows. Entries are appended without a lock; a sealer links them later, in order."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Func
from django.utils import timezone

from units.audit.events import Event
from units.kit.fields import LongText


class TransactionIdField(models.BigIntegerField):
    """PostgreSQL's xid8: the running transaction's number, never reused (PostgreSQL 13 and newer)."""

    def db_type(self, connection):
        return "xid8"

    def rel_db_type(self, connection):
        return "xid8"

    def get_db_prep_value(self, value, connection, prepared=False):
        # xid8 takes text; an integer literal has no cast to it.
        return value if value is None or hasattr(value, "resolve_expression") else str(value)

    def from_db_value(self, value, expression, connection):
        return None if value is None else int(value)


class CurrentTransaction(Func):
    function = "pg_current_xact_id"
    arity = 0
    output_field = TransactionIdField()


class AuditEntry(models.Model):
    """One act, or one read of personal data. Appended once, never changed (a trigger refuses it)."""

    at = models.DateTimeField("时间", default=timezone.now)
    xact_id = TransactionIdField(db_default=CurrentTransaction(), editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    actor_name = models.CharField(max_length=80, help_text="`system` for the clock, `public` for a visitor")
    post = models.CharField("岗位", max_length=120, blank=True)
    address = models.GenericIPAddressField("地址", null=True)
    request_id = models.CharField(max_length=40, blank=True)
    event = models.CharField("事项", max_length=40, choices=Event)
    target_kind = models.CharField(max_length=40, blank=True)
    target_key = models.CharField(max_length=80, blank=True)
    target = models.CharField("对象", max_length=200, blank=True)
    campaign = models.CharField("年度", max_length=40, blank=True, help_text="code of the campaign, if any")
    before = models.JSONField("原值", default=dict)
    after = models.JSONField("新值", default=dict)
    reason = LongText("理由", max_length=1000, blank=True)
    second_actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="复核人"
    )
    act_id = models.UUIDField("批次", null=True, help_text="shared by the entries of one bulk act")

    class Meta:
        verbose_name = verbose_name_plural = "审计记录"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["event", "-id"], name="audit_event"),
            models.Index(fields=["actor", "-id"], name="audit_actor"),
            models.Index(fields=["target_kind", "target_key", "-id"], name="audit_target"),
            models.Index(fields=["campaign", "-id"], name="audit_campaign"),
            models.Index(fields=["at"], name="audit_at"),
            models.Index(fields=["xact_id", "id"], name="audit_sealing_order"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    @property
    def who(self) -> str:
        """The actor as people read it; the clock and visitors have no account."""
        return {"system": "系统", "public": "公众"}.get(self.actor_name, self.actor_name)

    def __str__(self):
        return f"{self.at:%F %T} {self.actor_name} {self.get_event_display()} {self.target}"


class AuditSeal(models.Model):
    """The link of one entry in the chain: hash = sha256(previous hash + the entry's canonical form)."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(AuditEntry, models.PROTECT, related_name="seal")
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "审计封存"
        ordering = ["position"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.position} {self.hash[:12]}"
