"""The log of the 四项服务: activities, the details of their kind, the units that took part, their files."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from services.models.logged import Logged, LoggedQuerySet, LogState, new_slug
from units.kit.fields import LongText
from units.kit.search import Sought
from units.kit.status import Status
from units.permissions import reach
from units.roles import UNIT_ROLES
from units.uploads import upload_path


class ServiceKind(models.TextChoices):
    """The 四项服务."""

    ENTERPRISE = "enterprise", "服务企业"
    PROJECT = "project", "服务项目"
    GRASSROOTS = "grassroots", "服务基层"
    PEOPLE = "people", "服务群众"


class ActivityQuerySet(LoggedQuerySet):
    def visible_to(self, user):
        """As every logged row, and reviewed joint work also to the units that took part."""
        joint = ActivityUnit.objects.filter(reach(user, *UNIT_ROLES)).values("activity")
        own = super().visible_to(user)
        return own | self.filter(state=LogState.REVIEWED, pk__in=joint)

    def in_year(self, year: int):
        """By date of occurrence, as domain 4.2 counts."""
        return self.filter(happened_on__range=(date(year, 1, 1), date(year, 12, 31)))

    def citable_by(self, unit):
        """What a nomination of this unit may cite: rows of its own tree and joint work it took part in."""
        top = unit.top or unit
        return self.filter(Q(unit__top=top) | Q(joint_units__unit__top=top)).distinct()


class Activity(Logged):
    """The common core of one service activity; its kind has a detail table of its own.

    attendance counts 人次 (occurrences) as typed; 人数 (distinct people) comes only from registers.
    """

    # What a workbook said beside the row, from reading it until it is saved.
    new_detail: dict[str, Any]
    new_joint_units: list[Any]

    kind = models.CharField("服务类别", max_length=10, choices=ServiceKind)
    happened_on = models.DateField("日期")
    ends_on = models.DateField("结束日期", null=True, blank=True)
    place = models.CharField("地点", max_length=100)
    subject = models.CharField("主题", max_length=60)
    target = models.CharField("服务对象", max_length=100)
    summary = LongText("内容摘要", max_length=300, help_text="做了什么，怎样做的，300字以内。")
    outcome = LongText("解决问题与结果", max_length=300, blank=True)
    attendance = models.PositiveIntegerField("参加人次", default=0)
    beneficiaries = models.PositiveIntegerField("受益人次", default=0, help_text="服务企业、项目时填户数。")
    hours = models.DecimalField(
        "服务时长（小时）", max_digits=7, decimal_places=1, default=0, validators=[MinValueValidator(0)]
    )
    problems_received = models.PositiveIntegerField("受理诉求数", default=0)
    problems_closed = models.PositiveIntegerField("办结诉求数", default=0)
    satisfaction = models.CharField("评价", max_length=100, blank=True)
    is_volunteering = models.BooleanField("属于志愿服务", default=False)
    community = models.ForeignKey(
        "units.Community",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name="社区",
    )
    action_branch = models.ForeignKey(
        "units.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="行动党支部"
    )

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "服务记录"
        ordering = ["-happened_on", "-pk"]
        indexes = [
            models.Index(fields=["-happened_on", "-id"], name="activity_newest"),
            models.Index(fields=["unit", "-happened_on", "-id"], name="activity_unit"),
            models.Index(fields=["state", "-happened_on", "-id"], name="activity_state"),
            models.Index(fields=["kind", "-happened_on", "-id"], name="activity_kind"),
            GinIndex(
                OpClass(Sought("subject"), name="gin_trgm_ops"),
                OpClass(Sought("target"), name="gin_trgm_ops"),
                OpClass(Sought("summary"), name="gin_trgm_ops"),
                name="activity_text_trgm",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="closed_within_received",
                condition=Q(problems_closed__lte=F("problems_received")),
                violation_error_message="办结诉求数不能多于受理诉求数。",
            ),
            models.CheckConstraint(
                name="activity_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("happened_on")),
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self):
        return self.subject

    def get_absolute_url(self):
        return reverse("services:activity", args=[self.slug])

    @property
    def detail(self):
        """The row of its kind's detail table, or None."""
        return getattr(self, f"{self.kind}_detail", None)


class ActivityUnit(models.Model):
    """A unit that took part in joint work: counted once for the district, once for each unit."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="joint_units")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="joint_activities")

    class Meta:
        verbose_name = verbose_name_plural = "联合单位"
        constraints = [models.UniqueConstraint(fields=["activity", "unit"], name="joint_unit_once")]

    def __str__(self):
        return str(self.unit)


class IssueKind(models.TextChoices):
    FINANCE = "finance", "融资"
    LABOUR = "labour", "用工"
    LAND = "land", "用地"
    APPROVAL = "approval", "审批"
    MARKET = "market", "市场"
    PARTY = "party", "党建指导"
    OTHER = "other", "其他"


class EnterpriseDetail(models.Model):
    """服务企业: the firm, what it asked for and how that ended."""

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="enterprise_detail")
    enterprise = models.CharField("企业名称", max_length=80)
    issue = models.CharField("诉求或问题", max_length=300, blank=True)
    issue_kind = models.CharField("诉求分类", max_length=10, choices=IssueKind, blank=True)
    promised_on = models.DateField("承诺时限", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    call_back = models.CharField("回访结果", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "服务企业详情"

    def __str__(self):
        return self.enterprise


class ProjectLevel(models.TextChoices):
    PROVINCE = "province", "省级重点"
    CITY = "city", "市级重点"
    DISTRICT = "district", "区级重点"
    OTHER = "other", "其他"


class ProjectKind(models.TextChoices):
    INDUSTRY = "industry", "产业类"
    INFRASTRUCTURE = "infrastructure", "基础设施类"
    LIVELIHOOD = "livelihood", "民生保障类"


class ProgressLight(Status):
    GREEN = "green", "check2", "", "正常"
    YELLOW = "yellow", "exclamation-triangle", "warn", "滞后"
    RED = "red", "exclamation-octagon", "stop", "严重滞后"


class ProjectDetail(models.Model):
    """服务项目: the project, its plan and its progress."""

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="project_detail")
    project = models.CharField("项目名称", max_length=80)
    level = models.CharField("项目级别", max_length=10, choices=ProjectLevel, blank=True)
    project_kind = models.CharField("项目类型", max_length=15, choices=ProjectKind, blank=True)
    plan = models.CharField("节点计划", max_length=200, blank=True)
    progress = models.CharField("实际进度", max_length=200, blank=True)
    light = models.CharField("进度状态", max_length=6, choices=ProgressLight, blank=True)
    invested = models.DecimalField(
        "本期完成投资（万元）", max_digits=12, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    coordinated = models.CharField("协调事项", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "服务项目详情"

    def __str__(self):
        return self.project


class SinkMode(models.TextChoices):
    """三下沉."""

    STAFF = "staff", "工作力量下沉"
    FUNCTION = "function", "管理职能下沉"
    RESOURCE = "resource", "服务资源下沉"


class GrassrootsDetail(models.Model):
    """服务基层: the town or village, what was sent down, training given."""

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="grassroots_detail")
    town = models.CharField("联系镇街或村居", max_length=80)
    mode = models.CharField("下沉方式", max_length=10, choices=SinkMode, blank=True)
    days = models.PositiveIntegerField("下沉人天", default=0)
    resources = models.DecimalField(
        "资源折合（元）", max_digits=12, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    trained = models.PositiveIntegerField("培训指导人次", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "服务基层详情"

    def __str__(self):
        return self.town


class PeopleDetail(models.Model):
    """服务群众: households visited, wishes heard, deeds done."""

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="people_detail")
    households = models.PositiveIntegerField("走访户数", default=0)
    wish = models.CharField("民情诉求", max_length=300, blank=True)
    deed = models.CharField("办实事事项", max_length=300, blank=True)
    finished_on = models.DateField("办结时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "服务群众详情"

    def __str__(self):
        return self.deed or self.wish or "服务群众"


DETAIL_MODELS: dict[ServiceKind, Any] = {
    ServiceKind.ENTERPRISE: EnterpriseDetail,
    ServiceKind.PROJECT: ProjectDetail,
    ServiceKind.GRASSROOTS: GrassrootsDetail,
    ServiceKind.PEOPLE: PeopleDetail,
}

DETAIL_NAMES = tuple(f"{kind}_detail" for kind in ServiceKind.values)


class ActivityFile(models.Model):
    """A paper or picture that shows the activity; never asked for. Stored outside the web root.

    Whoever may read the activity may read it. It comes and goes while the activity is open, then stays.
    """

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="files")
    slug = models.SlugField(max_length=12, unique=True, default=new_slug, editable=False)
    file = models.FileField("文件", max_length=200, upload_to=upload_path)
    name = models.CharField("文件名", max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField("大小")
    sha256 = models.CharField(max_length=64, help_text="of the stored file")
    sha256_original = models.CharField(max_length=64, help_text="of what was uploaded")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        ordering = ["pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("services:activity-file", args=[self.activity.slug, self.slug])
