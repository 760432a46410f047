"""Who judges: reviewers, panels, seats, recusals, and which entry each seat is given."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from awards.campaign.models import ScoringRule
from awards.campaign.queries.rule import rule_in_force
from awards.campaign.rules.working_days import add_years
from awards.nomination.models import Partner
from awards.panel.rules.conflicts import YEARS_A_POST_COUNTS, Tie
from awards.scoring.parsing import parse_rule
from awards.scoring.rule import Rule
from units.kit.fields import LongText
from units.kit.status import Status
from units.models import Post
from units.permissions import units_of
from units.roles import Role

# Stages that hear the unit itself, all seats at once; every other stage is blind and read alone.
LIVE_STAGES = frozenset({"live"})


class ReviewerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The pools of the committees where the person is office or supervisor."""
        return self.filter(campaign__organiser__in=units_of(user, Role.OFFICE, Role.SUPERVISOR))


class ReviewerState(Status):
    IN_THE_DRAW = "in", "check2", "", "可抽取"
    LEFT_OUT = "out", "dash", "off", "不参加抽取"
    LOST_THE_POST = "lost", "exclamation-triangle", "warn", "岗位已失效"


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

    objects = ReviewerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评委"
        ordering = ["user__username"]
        constraints = [models.UniqueConstraint(fields=["campaign", "user"], name="reviewer_once")]

    def __str__(self):
        return str(self.user)

    @property
    def mark(self) -> ReviewerState:
        """Of a reviewer read by `queries.pool`, which knows who is entitled."""
        if not self.entitled:
            return ReviewerState.LOST_THE_POST
        return ReviewerState.IN_THE_DRAW if self.is_active else ReviewerState.LEFT_OUT


class PanelState(Status):
    """Where a panel stands; computed from its dates, stored nowhere."""

    UNDRAWN = "undrawn", "circle", "", "未抽取"
    PREPARING = "preparing", "circle-half", "", "待启动"
    RUNNING = "running", "hourglass-split", "", "评审中"
    SUPPLEMENT = "supplement", "arrow-repeat", "warn", "补评中"
    DUE = "due", "alarm", "warn", "待关闭"
    CLOSED = "closed", "lock", "", "已关闭"


class Enough(Status):
    """Whether an entry has as many reviewers, or sheets, as the rule asks for."""

    YES = "yes", "check-circle", "ok", "够"
    NO = "no", "exclamation-triangle", "warn", "不足"


class PanelQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Panels of the committees where the person is office or supervisor; reviewers see only entries."""
        return self.filter(campaign__organiser__in=units_of(user, Role.OFFICE, Role.SUPERVISOR))

    def closed(self):
        return self.filter(closed_at__isnull=False)

    def with_rule(self):
        """Bring `rule` along, which is otherwise a question of its own."""
        newest = ScoringRule.objects.filter(campaign=OuterRef("campaign")).order_by("-version")
        return self.annotate(rule_body=Subquery(newest.values("body")[:1]))


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
    draw_lines = models.JSONField(
        "抽取结果", default=list, blank=True, help_text="everybody in the pool, in the order of the lots"
    )
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
    reopened_at = models.DateTimeField(
        "补评启动时间", null=True, blank=True, help_text="opened once more for entries short of valid sheets"
    )
    close_reason = LongText("提前关闭理由", max_length=300, blank=True)

    objects = PanelQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评审组"
        ordering = ["category__order", "stage"]
        constraints = [models.UniqueConstraint(fields=["category", "stage"], name="panel_once")]

    def __str__(self):
        return f"{self.category}评审组"

    def get_absolute_url(self):
        return reverse("awards:panel", args=[self.campaign.code, self.category.letter, self.stage])

    @cached_property
    def rule(self) -> Rule:
        """The year's rule in force, asked once for this object; an action reads its panel afresh."""
        body = getattr(self, "rule_body", None)
        return parse_rule(body) if body else rule_in_force(self.campaign).parsed

    @property
    def is_live(self) -> bool:
        return self.stage in LIVE_STAGES

    @property
    def is_running(self) -> bool:
        return self.opened_at is not None and self.closed_at is None

    @property
    def is_supplemented(self) -> bool:
        """Open once more for the entries short of valid sheets (补评), and for nothing else."""
        return self.is_running and self.reopened_at is not None

    @property
    def mark(self) -> PanelState:
        if self.closed_at:
            return PanelState.CLOSED
        if self.opened_at:
            if self.closes_at is not None and self.closes_at <= timezone.now():
                return PanelState.DUE
            return PanelState.SUPPLEMENT if self.reopened_at else PanelState.RUNNING
        return PanelState.PREPARING if self.drawn_at else PanelState.UNDRAWN


class SeatQuerySet(models.QuerySet):
    def judging(self):
        """The members of a panel as it stands: no reserves, nobody who left."""
        return self.filter(is_reserve=False, left_at=None)

    def waiting(self):
        """The reserves who may still be called, in the order drawn."""
        return self.filter(is_reserve=True, left_at=None).order_by("number")


class Seat(models.Model):
    """A reviewer's place on a panel. A reserve steps in when a seat is left."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="seats")
    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="seats")
    number = models.PositiveSmallIntegerField("席次")
    is_reserve = models.BooleanField("候补", default=False)
    reason = LongText("依据", max_length=200, blank=True)
    left_at = models.DateTimeField("退出时间", null=True, blank=True)
    reminded_at = models.DateTimeField("提醒时间", null=True, blank=True, editable=False)

    objects = SeatQuerySet.as_manager()

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


class RecusalQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(nomination__campaign__organiser__in=units_of(user, Role.OFFICE, Role.SUPERVISOR))


class Recusal(models.Model):
    """A reviewer who may not see, judge or be counted for one entry. Never deleted."""

    nomination = models.ForeignKey("awards.Nomination", models.PROTECT, related_name="recusals")
    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="recusals")
    kind = models.CharField("情形", max_length=20, help_text="a Tie of awards.panel.rules")
    source = models.CharField("来源", max_length=10, choices=RecusalSource)
    reason = LongText("说明", max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = RecusalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "回避"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["nomination", "reviewer"], name="recused_once")]

    def __str__(self):
        return f"{self.reviewer} 回避 {self.nomination_id}"

    @property
    def tie(self) -> Tie:
        return Tie(self.kind)


class AssignmentQuerySet(models.QuerySet):
    def live(self):
        """Still to be judged, or judged and counting: neither revoked nor recused."""
        return self.filter(_live())

    def visible_to(self, user):
        """What a reviewer may open: own seats of opened panels, live, and free of every tie known today.

        Ties are asked again here, from posts and employer: a post taken up after the assignment must not
        leave its holder with a file of the new unit, whether or not anybody has run the assignment again.
        Access ends with the reviewer's post and with the seat.
        """
        own = self.filter(
            seat__reviewer__user=user,
            seat__is_reserve=False,
            seat__left_at=None,
            panel__opened_at__isnull=False,
            panel__campaign__organiser__in=units_of(user, Role.REVIEWER),
        )
        return own.live().free_of_ties(user)

    def free_of_ties(self, user):
        """Without entries whose lead or partner units are the seat's employer, or were the person's within
        three years: the rule of `conflicts()`, said in SQL (a test holds the two together)."""
        return self.filter(_untied(_recent_tops(user)))

    def with_is_open(self, user):
        """Each row with `is_open`: live, and free of this person's ties as of now."""
        is_open = _live() & _untied(_recent_tops(user))
        return self.annotate(is_open=ExpressionWrapper(is_open, models.BooleanField()))


def _live() -> Q:
    recused = Recusal.objects.filter(nomination=OuterRef("nomination"), reviewer=OuterRef("seat__reviewer"))
    return Q(revoked_at=None) & ~Exists(recused)


def _recent_tops(user):
    """The organizations in which the person holds a post, or held one within three years."""
    today = timezone.localdate()
    posts = Post.objects.filter(
        Q(to_on=None) | Q(to_on__gte=add_years(today, -YEARS_A_POST_COUNTS)),
        user=user,
        confirmed_at__isnull=False,
        from_on__lte=today,
        unit__top__isnull=False,
    )
    # Asked of one person, so that it stands alone in the statement and is worked out once.
    return posts.values_list("unit__top", flat=True)


def _untied(tops) -> Q:
    """Condition on assignments: neither these organizations nor the seat's employer have a part in the entry."""
    partners = Partner.objects.filter(nomination=OuterRef("nomination"), declined_at=None)
    tied = (
        Q(nomination__unit__top__in=tops)
        | Q(nomination__unit__top=F("seat__reviewer__employer__top"))
        | Q(nomination__unit=F("seat__reviewer__employer"))
    )
    joined = Q(unit__top__in=tops) | Q(unit__top=OuterRef("seat__reviewer__employer__top"))
    return ~tied & ~Exists(partners.filter(joined))


class Assignment(models.Model):
    """One entry given to one seat, with the reason.

    order: the seat's own random order of reading; in a live stage the entry's place in the one order of
    appearance, the same for every seat, so that a seat staying away leaves a gap in its own queue.
    """

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="assignments")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="assignments")
    nomination = models.ForeignKey("awards.Nomination", models.PROTECT, related_name="assignments")
    order = models.PositiveIntegerField("顺序")
    reason = LongText("依据", max_length=200, blank=True)
    skipped_at = models.DateTimeField(null=True)
    abstained_at = models.DateTimeField("弃评时间", null=True)
    abstain_reason = LongText("弃评理由", max_length=300, blank=True)
    revoked_at = models.DateTimeField(
        "撤回时间", null=True, help_text="recused or left: no longer to be judged"
    )

    objects = AssignmentQuerySet.as_manager()

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
