"""Who judges: reviewers, panels, seats, recusals, and which entry each seat is given."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Reviewer(models.Model):
    """A person in one campaign's pool of reviewers, with the unit that employs them."""

    campaign = models.ForeignKey("awards.Campaign", models.PROTECT, related_name="reviewers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviewing")
    employer = models.ForeignKey(
        "units.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="工作单位",
        help_text="外请专家可不填。",
    )  # fmt: skip
    expertise = models.CharField("专业特长", max_length=60, blank=True)
    declared_at = models.DateTimeField("签署承诺时间", null=True, blank=True, editable=False)
    is_active = models.BooleanField("可参加抽取", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "评委"
        ordering = ["user__username"]
        constraints = [models.UniqueConstraint(fields=["campaign", "user"], name="reviewer_once")]

    def __str__(self):
        return str(self.user)


class PanelQuerySet(models.QuerySet):
    def closed(self):
        return self.filter(closed_at__isnull=False)


class Panel(models.Model):
    """The reviewers of one category in one stage. Marks stay sealed until `closed_at`."""

    campaign = models.ForeignKey("awards.Campaign", models.PROTECT, related_name="panels")
    category = models.ForeignKey("awards.Category", models.PROTECT, related_name="panels")
    stage = models.CharField("阶段", max_length=20, help_text="a stage code of the scoring rule")
    seed = models.CharField("随机种子", max_length=64, blank=True)
    per_entry = models.PositiveSmallIntegerField(
        "每件评委数", null=True, blank=True, help_text="空：全组评审。"
    )
    load_cap = models.PositiveSmallIntegerField("每人上限", null=True, blank=True)
    drawn_at = models.DateTimeField("抽取时间", null=True, blank=True)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    witness = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="监督员",
    )
    opened_at = models.DateTimeField("启动时间", null=True, blank=True)
    closes_at = models.DateTimeField("截止时间", null=True, blank=True)
    closed_at = models.DateTimeField("关闭时间", null=True, blank=True)

    objects = PanelQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评审组"
        ordering = ["category__order", "stage"]
        constraints = [models.UniqueConstraint(fields=["category", "stage"], name="panel_once")]

    def __str__(self):
        return f"{self.category}评审组"

    @property
    def is_running(self) -> bool:
        return self.opened_at is not None and self.closed_at is None


class Seat(models.Model):
    """A reviewer's place on a panel. A reserve steps in when a seat is left."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="seats")
    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="seats")
    number = models.PositiveSmallIntegerField("席次")
    is_reserve = models.BooleanField("候补", default=False)
    reason = models.CharField("依据", max_length=200, blank=True)
    left_at = models.DateTimeField("退出时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "席位"
        ordering = ["is_reserve", "number"]
        constraints = [models.UniqueConstraint(fields=["panel", "reviewer"], name="seat_once")]

    def __str__(self):
        return f"{self.reviewer} 第{self.number}席"


class RecusalSource(models.TextChoices):
    COMPUTED = "computed", "系统核查"
    DECLARED = "declared", "本人申报"
    OFFICE = "office", "评选办认定"


class Recusal(models.Model):
    """A reviewer who may not see, judge or be counted for one entry. Never deleted."""

    nomination = models.ForeignKey("awards.Nomination", models.PROTECT, related_name="recusals")
    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="recusals")
    kind = models.CharField("情形", max_length=20, help_text="a Tie of awards.panel.rules")
    source = models.CharField("来源", max_length=10, choices=RecusalSource)
    reason = models.CharField("说明", max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "回避"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["nomination", "reviewer"], name="recused_once")]

    def __str__(self):
        return f"{self.reviewer} 回避 {self.nomination_id}"


class Assignment(models.Model):
    """One entry given to one seat, with the reason and the seat's own random order."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="assignments")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="assignments")
    nomination = models.ForeignKey("awards.Nomination", models.PROTECT, related_name="assignments")
    order = models.PositiveIntegerField("顺序")
    reason = models.CharField("依据", max_length=200, blank=True)
    skipped_at = models.DateTimeField(null=True)
    abstained_at = models.DateTimeField("弃评时间", null=True)
    abstain_reason = models.CharField("弃评理由", max_length=300, blank=True)
    revoked_at = models.DateTimeField(
        "撤回时间", null=True, help_text="recused or left: no longer to be judged"
    )

    class Meta:
        verbose_name = verbose_name_plural = "评审任务"
        ordering = ["seat", "order"]
        indexes = [models.Index(fields=["seat", "order"], name="assignment_queue")]
        constraints = [
            models.UniqueConstraint(fields=["seat", "nomination"], name="assigned_once"),
            models.UniqueConstraint(
                fields=["seat", "order"], condition=Q(revoked_at=None), name="queue_place_once"
            ),
        ]

    def __str__(self):
        return f"{self.nomination_id} → {self.seat_id}"
