"""A nomination, what was submitted of it, who joins in, what it cites, what hangs on it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

import pgtrigger
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import (
    Concat,
    JSONObject,
    Left,
    Length,
    LPad,
    NullIf,
    Reverse,
    Right,
    StrIndex,
)
from django.urls import reverse
from django.utils import timezone

from awards.campaign.models import Deadline, Phase
from awards.campaign.queries.rule import second_stage_of
from awards.catalogue import choices_of, label_of
from awards.nomination.rules.codes import DIGITS
from awards.states import HOLDS_A_PLACE, IN_THE_RACE, SECRET_UNTIL_NOTICE, WITH_THE_UNIT, State
from services.models.logged import new_slug
from units.kit.fields import LongText
from units.kit.status import Mark, Status
from units.permissions import reach, units_of
from units.roles import UNIT_ROLES, Role
from units.uploads import upload_path

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    WithRows = WithAnnotations["Nomination", "Around"]


class Around(TypedDict):
    """What `with_rows` reads along. closes_at: end of the nomination dates; the rows in order."""

    closes_at: datetime | None
    partner_rows: list[dict[str, Any]]
    attachment_rows: list[dict[str, Any]]


class NominationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The office's and supervisor's campaigns whole; own files of a unit's people, led or joined;
        for members what has gone to the meeting. Reviewers come in through /review/ alone."""
        committees = [unit.pk for unit in units_of(user, Role.OFFICE, Role.SUPERVISOR)]
        meetings = [unit.pk for unit in units_of(user, Role.MEMBER)]
        return self.filter(
            Q(campaign__organiser__in=committees)
            | reach(user, *UNIT_ROLES)
            | Q(pk__in=Partner.objects.asked(user).values("nomination"))
            | Q(campaign__organiser__in=meetings, state__in=AFTER_THE_RANKING)
        )

    def led_by(self, user):
        """Files of the person's own units, those invited to join left out."""
        return self.filter(reach(user, *UNIT_ROLES))

    def keyed(self, key: str):
        """The file that a URL names: by its code, or by its slug as long as it has none, and after."""
        return self.filter(Q(code=key) | Q(slug=key))

    def shown_to(self, user):
        """Annotate `shown_state`, the state as this person may know it (states.outward_state, in SQL).

        Lists filter, sort and count by it, never by `state`: a decision of the meeting stays inside.
        """
        inside = [unit.pk for unit in units_of(user, Role.OFFICE, Role.SUPERVISOR, Role.MEMBER)]
        secret = Q(state__in=SECRET_UNTIL_NOTICE, campaign__outcome_public_at=None)
        secret &= ~Q(campaign__organiser__in=inside)
        return self.annotate(
            second_stage=second_stage_of(OuterRef("campaign")),
            shown_state=Case(
                When(secret & Q(second_stage__isnull=True), then=Value(State.QUALIFIED)),
                When(secret, then=Value(State.SHORTLISTED)),
                default=F("state"),
                output_field=models.CharField(),
            ),
        )

    def with_rows(self) -> models.QuerySet[WithRows]:
        """For one file's page: what stands around it (`Around`), in the same query."""
        dates = Deadline.objects.filter(campaign=OuterRef("campaign"), phase=Phase.NOMINATION)
        partners = Partner.objects.filter(nomination=OuterRef("pk")).order_by("pk")
        files = Attachment.objects.filter(nomination=OuterRef("pk")).order_by("pk")
        return self.select_related("campaign__organiser", "category", "unit__top").annotate(
            closes_at=Subquery(dates.values("closes_at")[:1]),
            partner_rows=ArraySubquery(
                partners.values_list(
                    JSONObject(
                        pk="pk", unit="unit__short_name", name="unit__name", path="unit__path", share="share",
                        confirmed=Q(confirmed_at__isnull=False), declined=Q(declined_at__isnull=False),
                    )
                )
            ),
            attachment_rows=ArraySubquery(
                files.values_list(
                    JSONObject(
                        slug="slug", kind="kind", name="name", size="size", blind_claimed="blind_claimed",
                        blind_ok="blind_ok", blind_settled="blind_settled", removed=Q(removed_at__isnull=False),
                        uploaded_at="uploaded_at", text="stamped_text", version="stamped_version",
                    )
                )
            ),
        )  # fmt: skip

    def holding_a_place(self):
        """Nominations that use up one of their unit's places (名额)."""
        return self.filter(state__in=HOLDS_A_PLACE)

    def in_the_race(self):
        """Past screening: judged, decided or published."""
        return self.filter(state__in=IN_THE_RACE)


AFTER_THE_RANKING = frozenset(
    {
        State.PROPOSED,
        State.NOT_SELECTED,
        State.NOT_SHORTLISTED,
        State.SHORTLISTED,
        State.ON_NOTICE,
        State.SUSPENDED,
        State.SELECTED,
        State.REVOKED,
    }
)


def code_as_key(code: str):
    """`rules.code_key` in SQL."""
    number = StrIndex(Reverse(code), Value("-")) - 1
    front = Left(code, Length(code) - number)
    return NullIf(Concat(front, LPad(Right(code, number), DIGITS, Value("0"))), Value(""))


class Nomination(models.Model):
    """One project put forward by one lead unit; `state` is assigned only in actions.

    `unit` is the nominating organization; its place is counted at `unit.top`. `slug` names the draft,
    `code` (2026-F-012) is given at the first submission and stays; lists follow `code_key`. `version`
    grows with every save of the form, so that a stale tab never overwrites a newer one.
    """

    campaign = models.ForeignKey("awards.Campaign", models.PROTECT, related_name="nominations")
    category = models.ForeignKey(
        "awards.Category", models.PROTECT, related_name="nominations", verbose_name="申报类别"
    )
    unit = models.ForeignKey(
        "units.Unit", models.PROTECT, related_name="nominations", verbose_name="申报单位"
    )
    slug = models.SlugField(max_length=12, unique=True, default=new_slug, editable=False)
    # NULL in a draft alone: nobody but its unit sees one, everybody else reads files that have their code.
    code: models.CharField[str | None, str] = models.CharField(
        "申报编号", max_length=30, unique=True, null=True, editable=False
    )
    code_key = models.GeneratedField(
        expression=code_as_key("code"), output_field=models.CharField(max_length=36), db_persist=True
    )
    state = models.CharField("状态", max_length=16, choices=State, default=State.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    title = models.CharField(label_of("title"), max_length=200, blank=True)
    summary = models.TextField(label_of("summary"), blank=True)
    background = models.TextField(label_of("background"), blank=True)
    practice = models.TextField(label_of("practice"), blank=True)
    innovation = models.TextField(label_of("innovation"), blank=True)
    effect = models.TextField(label_of("effect"), blank=True)
    spread = models.TextField(label_of("spread"), blank=True)
    service_kinds = models.JSONField(
        label_of("service_kinds"), default=list, blank=True, help_text="codes of ServiceKind"
    )
    innovation_kind = models.CharField(
        label_of("innovation_kind"), max_length=10, choices=choices_of("innovation_kind"), blank=True
    )
    started_on = models.DateField(label_of("started_on"), null=True, blank=True)
    ended_on = models.DateField(label_of("ended_on"), null=True, blank=True)
    target = models.CharField(label_of("target"), max_length=200, blank=True)
    satisfaction_sample = models.PositiveIntegerField(label_of("satisfaction_sample"), null=True, blank=True)
    satisfaction_percent = models.DecimalField(
        label_of("satisfaction_percent"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    earlier_awards = models.CharField(label_of("earlier_awards"), max_length=200, blank=True)
    document_number = models.CharField(label_of("document_number"), max_length=80, blank=True)
    project_kind = models.CharField(
        label_of("project_kind"), max_length=15, choices=choices_of("project_kind"), blank=True
    )
    investment_planned = models.DecimalField(
        label_of("investment_planned"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    investment_done = models.DecimalField(
        label_of("investment_done"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    leader_name = models.CharField(label_of("leader_name"), max_length=40, blank=True)
    leader_duty = models.CharField(label_of("leader_duty"), max_length=60, blank=True)
    leader_phone = models.CharField(label_of("leader_phone"), max_length=30, blank=True)
    contact_name = models.CharField(label_of("contact_name"), max_length=40, blank=True)
    contact_phone = models.CharField(label_of("contact_phone"), max_length=30, blank=True)
    unit_notice_from = models.DateField(label_of("unit_notice_from"), null=True, blank=True)
    unit_notice_to = models.DateField(label_of("unit_notice_to"), null=True, blank=True)
    pledged = models.BooleanField(label_of("pledged"), default=False)

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField("提交时间", null=True, editable=False)
    decided_at = models.DateTimeField("审查结论时间", null=True, editable=False)
    correction_due_at = models.DateTimeField("补正期限", null=True, editable=False)
    reviewed_from = models.DateTimeField(
        null=True,
        editable=False,
        help_text="when the first panel that reads it opened: its files are settled",
    )
    send_back_reason = LongText("单位退回原因", max_length=300, blank=True, editable=False)
    refusal_reason = LongText("不予受理原因", max_length=500, blank=True, editable=False)

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申报"
        ordering = ["code_key", "pk"]
        indexes = [
            models.Index(fields=["campaign", "code_key"], name="nomination_order"),
            models.Index(fields=["campaign", "state", "code_key"], name="nomination_state_order"),
            models.Index(
                fields=["campaign", "category", "state", "code_key"], name="nomination_category_order"
            ),
            models.Index(fields=["unit", "campaign", "state"], name="nomination_unit"),
            models.Index(fields=["campaign", "state", "submitted_at"], name="nomination_queue"),
            models.Index(fields=["state", "correction_due_at"], name="nomination_due"),
            GinIndex(fields=["title"], name="nomination_title_trgm", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["summary"], name="nomination_summary_trgm", opclasses=["gin_trgm_ops"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="submitted_file_has_a_code",
                condition=Q(state__in=[State.DRAFT, State.UNIT_REVIEW, State.WITHDRAWN])
                | Q(code__isnull=False),
            ),
            models.CheckConstraint(
                name="returned_file_has_a_deadline",
                condition=~Q(state=State.RETURNED) | Q(correction_due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="work_ends_after_it_starts",
                condition=Q(ended_on=None) | Q(started_on=None) | Q(ended_on__gte=F("started_on")),
                violation_error_message="实施结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                name="satisfaction_is_a_percentage",
                condition=Q(satisfaction_percent=None) | Q(satisfaction_percent__range=(0, 100)),
                violation_error_message="满意率应在0到100之间。",
            ),
        ]

    def __str__(self):
        name = self.title or "未命名项目"
        return f"{self.code} {name}" if self.code else name

    @property
    def key(self) -> str:
        """What names the file in URLs: the code once there is one, before that the slug."""
        return self.code or self.slug

    def get_absolute_url(self):
        return reverse("awards:nomination", args=[self.key])

    @property
    def mark(self) -> State:
        """The state with its icon and tone, for `{% state_mark %}`."""
        return State(self.state)

    @property
    def shown_mark(self) -> State:
        """The mark of the state as `shown_to` annotated it."""
        return State(self.shown_state)

    @property
    def is_with_the_unit(self) -> bool:
        return self.state in WITH_THE_UNIT

    @property
    def holds_a_place(self) -> bool:
        return self.state in HOLDS_A_PLACE


class Submission(models.Model):
    """What was handed over, frozen. A score sheet belongs to the submission it judged.

    content: the form's fields, claims, cited activities with their recorded figures, partners and the
    list of attachments, as canonical JSON values; sha256 is of that canonical form.
    """

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField("次数")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    submitted_at = models.DateTimeField(default=timezone.now)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "提交"
        ordering = ["nomination", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["nomination", "number"], name="submission_number_once")
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.nomination_id} 第{self.number}次提交"


class Metric(models.TextChoices):
    """Figures that the activity log can vouch for; the rest is claimed only."""

    EVENTS = "events", "活动场次"
    ATTENDANCE = "attendance", "参加人次"
    BENEFICIARIES = "beneficiaries", "受益人次"
    HOURS = "hours", "服务时长（小时）"
    PROBLEMS_RECEIVED = "problems_received", "受理诉求数"
    PROBLEMS_CLOSED = "problems_closed", "办结诉求数"
    OTHER = "other", "其他指标"


class Agreement(Status):
    """How a claimed figure stands beside the recorded one."""

    AGREES = "agrees", "check-circle", "ok", "相符"
    DIFFERS = "differs", "exclamation-triangle", "warn", "不符"
    NOT_RECORDED = "not_recorded", "exclamation-triangle", "warn", "无记录"
    NOT_COUNTED = "not_counted", "dash-circle", "", "无对应记录"
    NO_SOURCE = "no_source", "exclamation-triangle", "warn", "未注明"

    @classmethod
    def of(cls, gap) -> Agreement | Mark:
        """Of a `rules.FigureGap`; a difference says how large it is."""
        if not gap.flagged:
            return cls.AGREES
        return cls.NOT_RECORDED if gap.share is None else cls.DIFFERS.said(gap.sentence.rstrip("。"))


class Claim(models.Model):
    """量化成效: one figure the unit claims, to stand beside the recorded one."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="claims")
    metric = models.CharField("对应记录", max_length=20, choices=Metric, default=Metric.OTHER)
    indicator = models.CharField("指标", max_length=40)
    before = models.CharField("实施前", max_length=30, blank=True)
    value = models.DecimalField("实施后", max_digits=14, decimal_places=2)
    measure = models.CharField("单位", max_length=10, blank=True)
    source = models.CharField("数据来源", max_length=100, blank=True)
    explanation = models.CharField("说明", max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "量化成效"
        ordering = ["order", "pk"]

    def __str__(self):
        return f"{self.indicator} {self.value}{self.measure}"


class Evidence(models.Model):
    """One logged activity that the nomination cites."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="evidence")
    activity = models.ForeignKey("services.Activity", models.PROTECT, related_name="citations")

    class Meta:
        verbose_name = verbose_name_plural = "引用的服务记录"
        ordering = ["activity__happened_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["nomination", "activity"], name="cited_once")]

    def __str__(self):
        return str(self.activity)


class PartnerState(Status):
    ASKED = "asked", "hourglass-split", "", "待确认"
    CONFIRMED = "confirmed", "check2", "", "已确认"
    DECLINED = "declined", "x-circle", "off", "已谢绝"


class PartnerQuerySet(models.QuerySet):
    def asked(self, user):
        """Invitations to the person's own units that were confirmed, or may still be.

        One that nobody answered before the submission joins nothing: it ends there, and so does the sight.
        """
        allowed = Q(confirmed_at__isnull=False) | Q(nomination__state__in=WITH_THE_UNIT, declined_at=None)
        return self.filter(reach(user, *UNIT_ROLES)).filter(allowed)

    def confirmed(self):
        return self.filter(confirmed_at__isnull=False)

    def not_declined(self):
        """Invited or confirmed: they count against the campaign's limit."""
        return self.filter(declined_at=None)


class Partner(models.Model):
    """联合单位: invited by the lead unit, counted once its own secretary confirms."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="partners")
    unit = models.ForeignKey(
        "units.Unit", models.PROTECT, related_name="partnerships", verbose_name="联合单位"
    )
    share = models.PositiveSmallIntegerField("计分比例（%）", default=50)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    declined_at = models.DateTimeField(null=True, editable=False)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "联合单位"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="confirmed_or_declined", condition=Q(confirmed_at=None) | Q(declined_at=None)
            ),
            models.UniqueConstraint(fields=["nomination", "unit"], name="partner_once"),
            models.CheckConstraint(name="share_is_a_percentage", condition=Q(share__range=(1, 100))),
        ]

    def __str__(self):
        return str(self.unit)

    @property
    def mark(self) -> PartnerState:
        if self.confirmed_at:
            return PartnerState.CONFIRMED
        return PartnerState.DECLINED if self.declined_at else PartnerState.ASKED


class BlindState(Status):
    """Whether reviewers of the written stage may open a file."""

    KEPT_BACK = "kept_back", "dash", "off", "不提供"
    CLAIMED = "claimed", "hourglass-split", "", "单位声明，待确认"
    CLEARED = "cleared", "check2", "", "已确认"

    @classmethod
    def of(cls, *, claimed: bool, cleared: bool, settled: bool) -> BlindState:
        return cls.CLEARED if cleared else cls.CLAIMED if claimed and not settled else cls.KEPT_BACK


class AttachmentKind(models.TextChoices):
    SEALED = "sealed", "盖章申报表"
    POLICY = "policy", "制度文本"
    EVIDENCE = "evidence", "佐证材料"
    IMAGE = "image", "图片"
    OTHER = "other", "其他"


class AttachmentQuerySet(models.QuerySet):
    def present(self):
        return self.filter(removed_at=None)

    def blind(self):
        """What reviewers of the written stage may open: claimed by the unit and confirmed at screening."""
        return self.present().filter(blind_ok=True)


class Attachment(models.Model):
    """One uploaded file, stored outside the web root and served only through a permission check."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="attachments")
    slug = models.SlugField(max_length=12, unique=True, default=new_slug, editable=False)
    kind = models.CharField(
        "材料类型", max_length=10, choices=AttachmentKind, default=AttachmentKind.EVIDENCE
    )
    file = models.FileField("文件", max_length=200, upload_to=upload_path)
    name = models.CharField("文件名", max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField("大小")
    sha256 = models.CharField(max_length=64, help_text="of the stored file")
    sha256_original = models.CharField(max_length=64, help_text="of what was uploaded")
    blind_claimed = models.BooleanField("不含单位和个人信息", default=False)
    blind_ok = models.BooleanField("可供盲评", default=False)
    blind_settled = models.BooleanField(
        default=False, editable=False, help_text="the office has said whether it may be opened"
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    stamped_text = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="digest of the text when a stamped page was uploaded",
    )
    stamped_version = models.PositiveIntegerField(null=True, editable=False)
    removed_at = models.DateTimeField(null=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="blind_ok_was_claimed", condition=Q(blind_ok=False) | Q(blind_claimed=True)
            )
        ]

    def __str__(self):
        return self.name


class AttachmentReading(models.Model):
    """What a file says, read once when it was taken. A table of its own: lists of files have no use for it."""

    attachment = models.OneToOneField(Attachment, models.CASCADE, related_name="reading", primary_key=True)
    text = models.TextField(blank=True, help_text="as far as it can be read")
    is_read = models.BooleanField(default=False, help_text="whether that is all")
    traces = models.JSONField(default=list, help_text="of its makers, where they could not be taken out")

    def __str__(self):
        return str(self.attachment_id)


class BlindCorrection(models.Model):
    """A file opened or closed to reviewers who were already reading; they see it, with the reason."""

    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="corrections")
    ok = models.BooleanField("可供盲评")
    reason = LongText("原因", max_length=300)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "附件更正"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.attachment}：{'可供' if self.ok else '不供'}"


class Correction(models.Model):
    """One return for correction: remarks on items, a deadline in working days, a round number."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="corrections")
    number = models.PositiveSmallIntegerField("次数")
    due_at = models.DateTimeField("期限")
    issued_at = models.DateTimeField("退回时间", default=timezone.now)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField("重新提交时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "补正"
        ordering = ["nomination", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["nomination", "number"], name="correction_number_once")
        ]

    def __str__(self):
        return f"第{self.number}次补正"


class CorrectionItem(models.Model):
    """One remark, on one part of the form; only these parts are open again."""

    correction = models.ForeignKey(Correction, models.CASCADE, related_name="items")
    field = models.CharField("项目", max_length=30, help_text="a field, a section, or `attachments`")
    remark = LongText("意见", max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "补正意见"
        ordering = ["pk"]

    def __str__(self):
        return self.remark


class PreparedDecision(models.Model):
    """A verdict of screening that waits for its release; the nomination's state changes only then."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="prepared_decisions")
    to_state = models.CharField("结论", max_length=16, choices=State)
    reason = LongText("理由", max_length=500, blank=True)
    details = models.JSONField(default=dict, help_text="correction items by field")
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    prepared_at = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "拟定结论"
        ordering = ["prepared_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination"], condition=Q(released_at=None), name="one_decision_waits"
            ),
            models.CheckConstraint(
                condition=Q(to_state__in=[State.QUALIFIED, State.RETURNED, State.INELIGIBLE]),
                name="prepared_is_a_verdict",
            ),
        ]

    def __str__(self):
        return f"{self.nomination_id} → {self.get_to_state_display()}"
