"""The log of the 四项服务 and its registers. Only what the office has reviewed counts."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.crypto import get_random_string

from units.permissions import reach
from units.roles import UNIT_ROLES, Role

SLUG_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_slug() -> str:
    """Ten characters without look-alikes; unguessable enough for a row that also asks for rights."""
    return get_random_string(10, SLUG_ALPHABET)


class LogState(models.TextChoices):
    """The life of anything a unit logs."""

    DRAFT = "draft", "草稿"
    SENT = "sent", "待审核"
    RETURNED = "returned", "退回修改"
    REVIEWED = "reviewed", "已审核"

    @property
    def icon(self) -> str:
        return {"draft": "pencil", "sent": "hourglass-split", "returned": "arrow-return-left"}.get(
            self.value, "check2"
        )

    @property
    def tone(self) -> str:
        return {"returned": "warn", "reviewed": "off"}.get(self.value, "")


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

    def awaiting_review(self):
        return self.filter(state=LogState.SENT)

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
    return_reason = models.CharField("退回原因", max_length=300, blank=True, editable=False)
    foreign_number = models.CharField(
        "外部编号", max_length=40, blank=True, help_text="从其他系统导入时保留。"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

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

    kind = models.CharField("服务类别", max_length=10, choices=ServiceKind)
    happened_on = models.DateField("日期")
    ends_on = models.DateField("结束日期", null=True, blank=True)
    place = models.CharField("地点", max_length=100)
    subject = models.CharField("主题", max_length=60)
    target = models.CharField("服务对象", max_length=100)
    summary = models.TextField("内容摘要", max_length=300, help_text="做了什么，怎样做的，300字以内。")
    outcome = models.TextField("解决问题与结果", max_length=300, blank=True)
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
            # In capitals, because that is how `icontains` asks.
            GinIndex(
                OpClass(Upper("subject"), name="gin_trgm_ops"),
                OpClass(Upper("target"), name="gin_trgm_ops"),
                OpClass(Upper("summary"), name="gin_trgm_ops"),
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


class ProgressLight(models.TextChoices):
    GREEN = "green", "正常"
    YELLOW = "yellow", "滞后"
    RED = "red", "严重滞后"


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


DETAIL_MODELS = {
    ServiceKind.ENTERPRISE: EnterpriseDetail,
    ServiceKind.PROJECT: ProjectDetail,
    ServiceKind.GRASSROOTS: GrassrootsDetail,
    ServiceKind.PEOPLE: PeopleDetail,
}

DETAIL_NAMES = tuple(f"{kind}_detail" for kind in ServiceKind.values)


class Registration(Logged):
    """党员报到: one member registered in one community (双报到)."""

    member = models.ForeignKey(
        "units.PartyMember", models.PROTECT, related_name="registrations", verbose_name="党员"
    )
    community = models.ForeignKey(
        "units.Community", models.PROTECT, related_name="registrations", verbose_name="社区"
    )
    registered_on = models.DateField("报到日期")
    duty = models.CharField("认领岗位", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "党员报到"
        ordering = ["-registered_on", "-pk"]
        indexes = [
            models.Index(fields=["-registered_on", "-id"], name="registration_newest"),
            models.Index(fields=["unit", "-registered_on", "-id"], name="registration_unit"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "community", "registered_on"],
                name="registered_once_a_day",
                violation_error_message="该党员当日已在此社区报到，请勿重复登记。",
            )
        ]

    def __str__(self):
        return f"{self.member} {self.community}"


class JointProject(Logged):
    """共建项目: agreed between a unit and a community."""

    community = models.ForeignKey(
        "units.Community", models.PROTECT, related_name="joint_projects", verbose_name="社区"
    )
    name = models.CharField("项目名称", max_length=80)
    agreed_on = models.DateField("协议日期")
    responsible = models.CharField("责任岗位", max_length=40, blank=True)
    finished_on = models.DateField("完成日期", null=True, blank=True)
    result = models.CharField("完成情况", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "共建项目"
        ordering = ["-agreed_on", "-pk"]
        indexes = [models.Index(fields=["-agreed_on", "-id"], name="joint_project_newest")]

    def __str__(self):
        return self.name


class VolunteerBrand(Logged):
    """党员志愿服务品牌."""

    name = models.CharField("品牌名称", max_length=40)
    founded_on = models.DateField("创建日期")
    field = models.CharField("服务领域", max_length=60, blank=True)
    idea = models.CharField("服务理念", max_length=200, blank=True)
    team = models.PositiveIntegerField("队伍人数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "志愿服务品牌"
        ordering = ["-founded_on", "-pk"]
        indexes = [models.Index(fields=["-founded_on", "-id"], name="brand_newest")]

    def __str__(self):
        return self.name


class Donation(Logged):
    """捐款: one sum given by one organization for one purpose."""

    donated_on = models.DateField("日期")
    purpose = models.CharField("用途", max_length=60)
    amount = models.DecimalField(
        "金额（元）", max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )

    class Meta:
        verbose_name = verbose_name_plural = "捐款"
        ordering = ["-donated_on", "-pk"]
        indexes = [models.Index(fields=["-donated_on", "-id"], name="donation_newest")]

    def __str__(self):
        return f"{self.purpose} {self.amount}元"


class BrightIdea(Logged):
    """金点子: a suggestion and what became of it."""

    title = models.CharField("题目", max_length=60)
    proposed_on = models.DateField("提出日期")
    field = models.CharField("领域", max_length=40, blank=True)
    text = models.TextField("建议正文", max_length=800, help_text="一事一议，800字以内。")
    adopted_by = models.CharField("采纳部门", max_length=80, blank=True)
    effect = models.CharField("转化情况", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "金点子"
        ordering = ["-proposed_on", "-pk"]
        indexes = [models.Index(fields=["-proposed_on", "-id"], name="idea_newest")]

    def __str__(self):
        return self.title


class ActionTaskQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Tasks of the branches this person logs for, all to the committee's office and supervisor."""
        return self.filter(reach(user, *UNIT_ROLES, Role.OFFICE, Role.SUPERVISOR, to="branch"))


class ActionTask(models.Model):
    """One task of an 行动党支部."""

    slug = models.SlugField(max_length=12, unique=True, default=new_slug, editable=False)
    branch = models.ForeignKey("units.Unit", models.PROTECT, related_name="tasks", verbose_name="行动党支部")
    title = models.CharField("任务", max_length=100)
    due_on = models.DateField("期限", null=True, blank=True)
    done_on = models.DateField("完成日期", null=True, blank=True)
    result = models.CharField("结果", max_length=300, blank=True)

    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ActionTaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "行动任务"
        ordering = ["due_on", "pk"]

    def __str__(self):
        return self.title
