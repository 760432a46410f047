"""The year: what is selected, by which rubric and rule, when, and how many places each unit has."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from awards.scoring.parsing import parse_rule
from awards.scoring.rule import Rule
from units.kit.fields import LongText
from units.kit.status import Mark, Status
from units.permissions import posts_of, units_of
from units.roles import COMMITTEE_ROLES, Role


class Phase(models.TextChoices):
    """The dated stages of a round, in order (domain 1.3)."""

    NOMINATION = "nomination", "申报"
    SCREENING = "screening", "资格审查"
    WRITTEN = "written", "书面评审"
    LIVE = "live", "现场答辩"
    MEETING = "meeting", "工委审定"
    NOTICE = "notice", "公示"
    RESULT = "result", "通报"


class CampaignState(Status):
    """What a list of years says of one: computed from its dates."""

    FROM_PAPERS = "from_papers", "archive", "off", "档案补录"
    PREPARED = "prepared", "pencil", "warn", "未启动"
    OPENED = "opened", "check2", "", "已启动"
    ANNOUNCED = "announced", "lock", "ok", "结果已公布"


SCRATCH = Mark("压力测试数据", "exclamation-triangle", "warn")

CHOSEN_YEAR = "year"  # of the session: the code of the year chosen in the head, where several are open


class CampaignQuerySet(models.QuerySet):
    def opened(self):
        """Campaigns the public and the units know of."""
        return self.filter(opened_at__isnull=False)

    def open_at(self, committees):
        """Years of these committees that are opened, with their results not yet announced."""
        return self.opened().filter(organiser__in=committees, announced_at=None)

    def run_here(self):
        """Years that are or were held on the portal: no scratch one, none entered from papers."""
        return self.filter(is_scratch=False, from_papers=False)

    def visible_to(self, user):
        """Opened campaigns for everybody signed in; unopened ones for the committee's office alone."""
        own = [unit.pk for unit in units_of(user, Role.OFFICE)]
        return self.filter(Q(opened_at__isnull=False) | Q(organiser__in=own))

    def read_by(self, user, *roles: Role):
        """Campaigns that the holder of one of these posts reads.

        A post at a committee opens that committee's; a post at a unit those of the committee above it, once
        they are opened.
        """
        posts = [post for post in posts_of(user) if post.role in roles]
        above = {post.unit.organiser_slug for post in posts if post.role not in COMMITTEE_ROLES}
        own = [post.unit_id for post in posts if post.role in COMMITTEE_ROLES]
        rows = self.visible_to(user)
        return rows.filter(Q(organiser__in=own) | Q(organiser__slug__in=above, opened_at__isnull=False))


class Campaign(models.Model):
    """One yearly selection of one organiser. `code` is its key in every URL."""

    code = models.SlugField("代码", max_length=20, unique=True, help_text="默认用年度，如 2026。")
    title = models.CharField("名称", max_length=80)
    year = models.PositiveSmallIntegerField("年度")
    organiser = models.ForeignKey(
        "units.Unit", models.PROTECT, related_name="campaigns", verbose_name="组织单位"
    )
    basis = LongText("评选依据", blank=True)
    call = LongText("通知正文", blank=True, help_text="印发的评选通知，登录前可见。")
    approval_number = models.CharField(
        "表彰批准文号", max_length=60, blank=True, help_text="仅在取得批准文号后填写；填写后文书用“表彰”。"
    )
    places_per_category = models.PositiveSmallIntegerField("每类限报", default=1)
    places_in_all = models.PositiveSmallIntegerField("合计限报", default=2)
    title_limit = models.PositiveSmallIntegerField("名称字数上限", default=30)
    summary_limit = models.PositiveSmallIntegerField("摘要字数上限", default=300)
    body_limit = models.PositiveSmallIntegerField("正文字数上限", default=2000)
    partners_limit = models.PositiveSmallIntegerField("联合单位上限", default=3)
    attachments_limit = models.PositiveSmallIntegerField("附件上限", default=10)
    correction_rounds = models.PositiveSmallIntegerField("补正次数上限", default=2)
    correction_days = models.PositiveSmallIntegerField("补正工作日", default=3)
    notice_days = models.PositiveSmallIntegerField("公示工作日", default=5)
    contacts_kept_days = models.PositiveSmallIntegerField(
        "异议人信息保留天数", default=180, help_text="从异议办结起算，期满删除姓名和联系方式。"
    )
    panel_size = models.PositiveSmallIntegerField("每组评委人数", default=7)
    contact_office = models.CharField("受理部门", max_length=60, blank=True)
    contact_phone = models.CharField("受理电话", max_length=30, blank=True)
    contact_email = models.EmailField("受理邮箱", blank=True)
    contact_address = models.CharField("受理地址", max_length=100, blank=True)
    opened_at = models.DateTimeField("启动时间", null=True, blank=True, editable=False)
    outcome_public_at = models.DateTimeField(
        "结果公开时间", null=True, blank=True, editable=False,
        help_text="set when the notice is published: until then the meeting's list stays inside",
    )  # fmt: skip
    announced_at = models.DateTimeField("公布时间", null=True, blank=True, editable=False)
    is_scratch = models.BooleanField(default=False, editable=False, help_text="filled by `manage.py volume`")
    from_papers = models.BooleanField(
        "由纸质档案补录", default=False, editable=False,
        help_text="only the outcome is known; rule and rubric are none of its own",
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度活动"
        ordering = ["-year", "-pk"]
        indexes = [models.Index(fields=["organiser", "-year"], name="campaign_organiser_year")]
        constraints = [
            models.CheckConstraint(
                name="places_in_all_at_least_one",
                condition=Q(places_in_all__gte=F("places_per_category")) & Q(places_per_category__gte=1),
                violation_error_message="合计限报不能少于每类限报，每类至少1件。",
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("awards:campaign", args=[self.code])

    @property
    def mark(self) -> CampaignState:
        if self.from_papers:
            return CampaignState.FROM_PAPERS
        if not self.opened_at:
            return CampaignState.PREPARED
        return CampaignState.ANNOUNCED if self.announced_at else CampaignState.OPENED

    @property
    def warnings(self) -> list[Mark | CampaignState]:
        """What must be known before its figures are read."""
        announced = [CampaignState.ANNOUNCED] if self.announced_at else []
        return announced + ([SCRATCH] if self.is_scratch else [])

    def phase(self, phase: Phase) -> Deadline | None:
        """The phase's dates, from the prefetched timetable if there is one."""
        return next((row for row in self.timetable.all() if row.phase == phase), None)

    def accepts_nominations_at(self, now) -> bool:
        """Whether the campaign is open and inside its nomination dates."""
        dates = self.phase(Phase.NOMINATION)
        return bool(self.opened_at and dates and dates.opens_at <= now <= dates.closes_at)

    @property
    def office_to_ask(self) -> str:
        """Whom a unit asks about this year, with the telephone once the office has given one."""
        phone = f"：{self.contact_phone}" if self.contact_phone else ""
        return f"如有疑问，请与{self.contact_office or '评选办'}联系{phone}。"


class Deadline(models.Model):
    """The dates of one phase. What a date decides is computed from it when asked."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="timetable")
    phase = models.CharField("阶段", max_length=12, choices=Phase)
    opens_at = models.DateTimeField("开始")
    closes_at = models.DateTimeField("截止")
    note = models.CharField("说明", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "阶段时间"
        ordering = ["opens_at", "closes_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "phase"], name="phase_once"),
            models.CheckConstraint(
                name="phase_closes_after_opening",
                condition=Q(closes_at__gt=F("opens_at")),
                violation_error_message="截止时间须晚于开始时间。",
            ),
        ]

    def __str__(self):
        return self.get_phase_display()


class Extension(models.Model):
    """One move of a deadline, with its reason; never deleted."""

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="extensions")
    old = models.DateTimeField("原截止")
    new = models.DateTimeField("新截止")
    reason = LongText("理由", max_length=300)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "延期"
        ordering = ["made_at"]

    def __str__(self):
        return f"{self.deadline} → {self.new:%F %R}"


class Category(models.Model):
    """One of the three bests, with its seats."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="categories")
    letter = models.CharField("代号", max_length=1, help_text="F、Z、X，用于申报编号。")
    name = models.CharField("名称", max_length=30)
    focus = LongText("评选重点", blank=True)
    seats = models.PositiveSmallIntegerField("名额", default=5)
    shortlist = models.PositiveSmallIntegerField(
        "入围名额", null=True, blank=True, help_text="进入下一评审阶段的件数；留空为名额的2倍。"
    )
    floor = models.DecimalField("入选分数线", max_digits=5, decimal_places=2, default=80)
    ties = models.JSONField(
        "同分处理", default=list, help_text="steps in order, as the public record names them"
    )
    order = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "类别"
        ordering = ["order", "letter"]
        constraints = [models.UniqueConstraint(fields=["campaign", "letter"], name="category_letter_once")]

    def __str__(self):
        return self.name


class Criterion(models.Model):
    """One line of a category's rubric; its marks run from 0 to `maximum` in steps of 0.5."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="criteria")
    code = models.SlugField("代码", max_length=20)
    label = models.CharField("名称", max_length=30)
    maximum = models.DecimalField("满分", max_digits=5, decimal_places=1, validators=[MinValueValidator(1)])
    weight = models.DecimalField("权重", max_digits=6, decimal_places=4, default=1)
    full_marks_need = models.CharField("满分要求", max_length=200, blank=True)
    anchors = models.JSONField("等次描述", default=list, help_text="four sentences: 优, 良, 中, 差")
    section = models.CharField(
        "对应章节", max_length=20, blank=True, help_text="part of the submission the sheet scrolls to"
    )
    stages = models.JSONField("适用阶段", default=list, blank=True, help_text="stage codes; empty: all")
    order = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "评分项"
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["category", "code"], name="criterion_code_once")]

    def __str__(self):
        return self.label


class ScoringRule(models.Model):
    """One version of the year's rule. `body` is exactly the record's `rule`; locked, it never changes.

    The newest version applies. While unlocked, set-up pages rewrite `body` from the categories and
    the settings; the first mark handed in locks it.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="rules")
    version = models.PositiveSmallIntegerField(default=1)
    body = models.JSONField()
    locked_at = models.DateTimeField("锁定时间", null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    reason = LongText("变更理由", max_length=300, blank=True)

    _read: tuple[dict, Rule] | None = None

    class Meta:
        verbose_name = verbose_name_plural = "评分规则"
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["campaign", "version"], name="rule_version_once")]
        triggers = [
            pgtrigger.Protect(
                name="locked_rule_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__locked_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="locked_rule_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__locked_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"第{self.version}版"

    @property
    def parsed(self) -> Rule:
        """The rule that `body` spells, under this version's number; read once. Raises Refused for no rule."""
        if self._read is None or self._read[0] is not self.body:
            self._read = self.body, parse_rule({**self.body, "version": self.version})
        return self._read[1]


class UnitQuota(models.Model):
    """The places of one top organization; the row is locked while a nomination is submitted."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="quotas")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    places = models.PositiveSmallIntegerField("合计限报", default=2)
    per_category = models.PositiveSmallIntegerField("每类限报", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "申报名额"
        ordering = ["unit__order"]
        constraints = [models.UniqueConstraint(fields=["campaign", "unit"], name="quota_once")]

    def __str__(self):
        return f"{self.unit} {self.places}"


class SpecialDay(models.Model):
    """A day that differs from Monday-to-Friday: a holiday, or a weekend worked in exchange."""

    day = models.DateField("日期", primary_key=True)
    working = models.BooleanField("上班")
    name = models.CharField("名称", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "特殊日"
        ordering = ["day"]

    def __str__(self):
        return f"{self.day} {'上班' if self.working else '休息'}"


class CalendarYear(models.Model):
    """A year whose holiday order is entered; other years count Monday to Friday and say 暂定."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField("依据", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "已录入年度"
        ordering = ["-year"]

    def __str__(self):
        return str(self.year)
