"""The public notice, and the objections it draws."""

from __future__ import annotations

from datetime import datetime, timedelta

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import DurationField, ExpressionWrapper, F, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from services.models.logged import new_slug
from units.kit.fields import LongText
from units.kit.status import Mark, Status
from units.moments import chinese_date
from units.uploads import upload_path


class NoticeState(Status):
    DRAFT = "draft", "pencil", "", "草稿"
    RUNNING = "running", "megaphone", "gold", "公示中"
    OVER = "over", "check2", "", "已期满"


class NoticeQuerySet(models.QuerySet):
    def published(self):
        return self.filter(published_at__isnull=False)


class Notice(models.Model):
    """One 公示. Its days are fixed when it is published, by the working-day table of that moment."""

    campaign = models.ForeignKey("awards.Campaign", models.PROTECT, related_name="notices")
    meeting = models.ForeignKey("awards.Meeting", models.PROTECT, null=True, related_name="notices")
    ranking = models.ForeignKey("awards.Ranking", models.PROTECT, null=True, related_name="notices")
    slug = models.SlugField(max_length=40, unique=True)
    number = models.PositiveSmallIntegerField(
        "次数", default=1, help_text="a change of the list needs a new notice"
    )
    title = models.CharField("标题", max_length=100)
    basis = LongText("公示依据")
    order_rule = models.CharField("排序说明", max_length=100, default="按申报编号排序，排名不分先后")
    office = models.CharField("受理部门", max_length=60)
    phone = models.CharField("电话", max_length=30)
    email = models.EmailField("邮箱", blank=True)
    address = models.CharField("地址", max_length=100)
    postcode = models.CharField("邮编", max_length=6, blank=True)
    office_hours = models.CharField("受理时间", max_length=60, default="工作日8:30—12:00、14:00—17:30")
    days = models.PositiveSmallIntegerField("公示工作日", default=5)
    published_at = models.DateTimeField("发布时间", null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    worked_days = ArrayField(
        models.DateField(), verbose_name="计入的工作日", default=list, editable=False,
        help_text="written down at publishing; a later change of the calendar moves none",
    )  # fmt: skip
    first_day = models.DateField("首日", null=True, editable=False)
    last_day = models.DateField("末日", null=True, editable=False)
    closes_at = models.DateTimeField("截止", null=True, editable=False, help_text="24:00 of the last day")
    provisional = models.BooleanField("暂定", default=False, editable=False)
    two_person_acts = models.JSONField(
        "双人事项", default=list, editable=False,
        help_text="[label, confirmed, refused, lapsed] of each kind in the year, written down at publishing",
    )  # fmt: skip
    details_withdrawn_at = models.DateTimeField("撤下详情时间", null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公示"
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="notice_number_once"),
            models.CheckConstraint(
                name="published_notice_has_days",
                condition=Q(published_at=None)
                | (
                    Q(first_day__isnull=False)
                    & Q(last_day__isnull=False)
                    & Q(closes_at__isnull=False)
                    & Q(worked_days__len__gt=0)
                ),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("awards:notice", args=[self.slug])

    @property
    def is_running(self) -> bool:
        return self.is_running_at(timezone.now())

    @property
    def mark(self) -> NoticeState:
        if not self.published_at:
            return NoticeState.DRAFT
        return NoticeState.RUNNING if self.is_running else NoticeState.OVER

    @property
    def is_over(self) -> bool:
        """Past 24:00 of the last day: results may be announced, details are no longer shown."""
        return bool(self.closes_at and self.closes_at <= timezone.now())

    def is_running_at(self, now) -> bool:
        """Whether objections may be filed: published and not past 24:00 of the last day."""
        return bool(self.published_at and self.published_at <= now < self.closes_at)


class NoticeExtension(models.Model):
    """A running notice made longer: public, with its reason. What was published before stays readable."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="extensions")
    former_last_day = models.DateField("原末日")
    last_day = models.DateField("新末日")
    reason = LongText("理由", max_length=300)
    extended_at = models.DateTimeField(default=timezone.now)
    extended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "公示延长"
        ordering = ["extended_at"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"原定{chinese_date(self.former_last_day)}期满，延长至{chinese_date(self.last_day)}24:00。理由：{self.reason}"


class EntryState(Status):
    """What became of a line after it was published; a state of its nomination that has no word here is not told."""

    SELECTED = "selected", "award-fill", "gold", "已入选"
    REVOKED = "revoked", "slash-circle", "stop", "已撤销"
    NOT_SELECTED = "not_selected", "dash", "off", "取消拟入选"


class NoticeEntry(models.Model):
    """One line of the list, as published."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="entries")
    nomination = models.ForeignKey("awards.Nomination", models.PROTECT, related_name="notice_entries")
    title = models.CharField(max_length=200)
    unit_name = models.CharField(max_length=80)
    partner_names = models.CharField(max_length=300, blank=True)
    summary = LongText(blank=True)
    correction = LongText(max_length=300, blank=True, help_text="what a ruling put right")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "公示项目"
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["notice", "nomination"], name="listed_once")]

    def __str__(self):
        return self.title

    @property
    def mark(self) -> EntryState | None:
        state = self.nomination.state
        return EntryState(state) if state in EntryState.values else None


class ObjectionState(Status):
    FILED = "filed", "inbox", "warn", "已收到"
    ACCEPTED = "accepted", "search", "warn", "已受理"
    REFUSED = "refused", "x-circle", "", "不予受理"
    RULED = "ruled", "check2", "", "已答复"


OVERDUE = Mark("已超期", "exclamation-octagon", "stop")


class Ground(models.TextChoices):
    FACTS = "facts", "事实不实"
    ELIGIBILITY = "eligibility", "不符合资格"
    REPEAT = "repeat", "重复申报或已获奖"
    VETO = "veto", "存在否决情形"
    PROCEDURE = "procedure", "程序问题"
    SCORE = "score", "对分数或名次有意见"
    OTHER = "other", "其他"


OPEN_STATES = (ObjectionState.FILED, ObjectionState.ACCEPTED)


class ObjectionQuerySet(models.QuerySet):
    def open(self):
        """Cases that keep an entry from being announced."""
        return self.filter(state__in=OPEN_STATES)

    def overdue_on(self, day):
        """Open cases whose last day to be taken up, or to be answered, lies before the day."""
        return self.filter(
            Q(state=ObjectionState.FILED, accept_due_on__lt=day)
            | Q(state=ObjectionState.ACCEPTED, rule_due_on__lt=day)
        )

    def with_expired_contacts(self, now: datetime):
        """Closed cases whose objector's name and contact have been kept as long as the year says."""
        kept = ExpressionWrapper(
            F("notice__campaign__contacts_kept_days") * Value(timedelta(days=1)), output_field=DurationField()
        )
        closed = self.filter(is_named=True, contacts_removed_at=None).exclude(state__in=OPEN_STATES)
        closed = closed.annotate(closed=Coalesce("refused_at", "ruling__ruled_at"))
        return closed.filter(closed__lte=now - kept)


class Objection(models.Model):
    """One objection to one listed entry. The lookup code is kept only as a digest."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="objections")
    nomination = models.ForeignKey("awards.Nomination", models.PROTECT, related_name="objections")
    receipt = models.CharField("受理编号", max_length=30, unique=True)
    lookup_digest = models.CharField(max_length=64)
    is_named = models.BooleanField("实名")
    name = models.CharField("姓名或单位", max_length=60, blank=True)
    contact = models.CharField("联系方式", max_length=60, blank=True)
    ground = models.CharField("异议类型", max_length=12, choices=Ground)
    facts = LongText("事实与理由")
    evidence = LongText("证据或线索", blank=True)
    state = models.CharField(max_length=10, choices=ObjectionState, default=ObjectionState.FILED)
    filed_at = models.DateTimeField("提交时间", default=timezone.now)
    accept_due_on = models.DateField("受理期限")
    rule_due_on = models.DateField("答复期限", null=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="经办人"
    )
    accepted_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField("不予受理时间", null=True)
    refused_reason = LongText("不予受理理由", max_length=500, blank=True)
    extended_at = models.DateTimeField("延期时间", null=True)
    extension_reason = LongText("延期理由", max_length=300, blank=True)
    contacts_removed_at = models.DateTimeField("提出人信息删除时间", null=True, editable=False)
    form_key = models.CharField(
        max_length=40, unique=True, null=True, editable=False,
        help_text="of the page it was typed on: sent twice, it is filed once",
    )  # fmt: skip
    in_a_crowd = models.BooleanField(
        "集中提交", default=False, editable=False, help_text="many came within one hour"
    )
    version = models.PositiveIntegerField(default=1)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "异议"
        ordering = ["-filed_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "-filed_at"], name="objection_state"),
            models.Index(fields=["nomination", "state"], name="objection_nomination"),
        ]
        constraints = [
            models.CheckConstraint(
                name="named_objection_has_contact",
                condition=Q(is_named=False)
                | Q(contacts_removed_at__isnull=False)
                | (~Q(name="") & ~Q(contact="")),
                violation_error_message="实名异议须填写姓名和联系方式。",
            )
        ]

    def __str__(self):
        return self.receipt

    def get_absolute_url(self):
        return reverse("awards:objection", args=[self.receipt])

    @property
    def mark(self) -> ObjectionState:
        """The state with its icon and tone, for `{% state_mark %}`."""
        return ObjectionState(self.state)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def due_on(self):
        """The last day of the step that is due now; None once the case is closed."""
        return {ObjectionState.FILED: self.accept_due_on, ObjectionState.ACCEPTED: self.rule_due_on}.get(
            self.state
        )

    @property
    def closed_at(self) -> datetime | None:
        """When it was refused or answered; None while it is open."""
        return self.ruling.ruled_at if self.state == ObjectionState.RULED else self.refused_at

    @property
    def contacts_due_at(self) -> datetime | None:
        """When the objector's name and contact go; None while the case is open or nobody signed it."""
        if self.is_open or not self.is_named:
            return None
        return self.closed_at + timedelta(days=self.notice.campaign.contacts_kept_days)

    @property
    def is_overdue(self) -> bool:
        return bool(self.due_on and self.due_on < timezone.localdate())


class ObjectionFile(models.Model):
    """Evidence handed in with an objection; read by the handler alone."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="files")
    slug = models.SlugField(max_length=12, unique=True, default=new_slug, editable=False)
    file = models.FileField(max_length=200, upload_to=upload_path)
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "异议材料"
        ordering = ["pk"]

    def __str__(self):
        return self.name


class Outcome(models.TextChoices):
    UPHELD = "upheld", "异议成立"
    PARTLY = "partly", "部分成立"
    NOT_UPHELD = "not_upheld", "异议不成立"


class Ruling(models.Model):
    """The answer to an accepted objection; signed once, never changed."""

    objection = models.OneToOneField(Objection, models.PROTECT, related_name="ruling")
    outcome = models.CharField("结论", max_length=10, choices=Outcome)
    findings = LongText("核查情况")
    correction = LongText("更正内容", max_length=300, blank=True)
    ruled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ruled_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "异议裁定"
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return self.get_outcome_display()
