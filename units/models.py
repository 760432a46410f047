"""Organizations and people: the tree of units, users, their posts, party members, communities."""

from __future__ import annotations

from datetime import date

import pgtrigger
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from units.audit import models as log_of_acts  # noqa: F401  Django learns of its tables here
from units.folding import sought_words
from units.kit.fields import LongText
from units.kit.search import Sought, called, matching
from units.kit.status import Status
from units.pending import models as acts_of_two  # noqa: F401  and of this one's
from units.roles import Role

NAME_TAKEN = "这个账号已被使用（大小写不同也算同一个），请换一个。"
# Words of the addresses below /people/.
RESERVED_USERNAMES = frozenset({"new", "import", "first-passwords"})
# The same below /units/.
RESERVED_SLUGS = frozenset({"new", "find", "import"})


class AccountState(Status):
    ACTIVE = "active", "check2", "off", "启用"
    BARRED = "barred", "hourglass-split", "stop", "先行停用"
    DISABLED = "disabled", "slash-circle", "stop", "停用"


class User(AbstractUser):
    """A person who signs in. What the person may do comes from posts alone."""

    first_name = None
    last_name = None
    name = models.CharField("姓名", max_length=40, help_text="演示中用岗位名称。")
    duty = models.CharField("职务", max_length=60, blank=True)
    office_phone = models.CharField("办公电话", max_length=30, blank=True)
    mobile = models.CharField("手机", max_length=20, blank=True)
    password_set_at = models.DateTimeField("密码设定时间", null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    reset_at = models.DateTimeField("密码重置时间", null=True, editable=False)
    barred_until = models.DateTimeField("先行停用至", null=True, editable=False)
    must_change_password = models.BooleanField("首次登录须改密码", default=False)

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        ordering = ["username"]
        constraints = [
            # The log-in asks whatever the case: two such names would lock each other out.
            models.UniqueConstraint(
                Lower("username"), name="username_in_any_case", violation_error_message=NAME_TAKEN
            )
        ]

    def __str__(self):
        return self.name or self.username

    def get_absolute_url(self):
        return reverse("units:account", args=[self.username])

    @property
    def is_barred(self) -> bool:
        """Kept out for a few days, while disabling the account waits for its second person."""
        return self.barred_until is not None and self.barred_until > timezone.now()

    @property
    def mark(self) -> AccountState:
        if self.is_active and self.is_barred:
            return AccountState.BARRED
        return AccountState.ACTIVE if self.is_active else AccountState.DISABLED

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name


class OldPassword(models.Model):
    """A password somebody chose, as it was hashed; kept so that the last few are not chosen again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-set_at", "-pk"]

    def __str__(self):
        return f"{self.set_at:%F}"


class UnitKind(models.TextChoices):
    COMMITTEE = "committee", "工委"
    PARTY_COMMITTEE = "party_committee", "机关党委"
    GENERAL_BRANCH = "general_branch", "党总支"
    BRANCH = "branch", "党支部"
    ACTION_BRANCH = "action_branch", "行动党支部"


class ActionKind(models.TextChoices):
    EPIDEMIC = "epidemic", "疫情防控"
    KEY_PROJECT = "key_project", "重点项目"
    FLOOD = "flood", "防汛"
    OTHER = "other", "攻坚任务"


class UnitState(Status):
    ACTIVE = "now", "check2", "", "现有"
    ENDED = "ended", "slash-circle", "stop", "已撤销"


class UnitQuerySet(models.QuerySet):
    def active_on(self, day: date):
        """Units that exist on the day."""
        return self.filter(active_from__lte=day).filter(Q(active_to=None) | Q(active_to__gte=day))

    def below(self, unit: Unit):
        """The whole tree under a unit, without the unit itself."""
        return self.filter(path__startswith=unit.path).exclude(pk=unit.pk)

    def within(self, units):
        """The given units with everything under them; of no unit, nothing."""
        condition = Q(pk__in=[])
        for unit in units:
            condition |= Q(path__startswith=unit.path)
        return self.filter(condition)

    def called(self, words: str):
        """Units whose full name, short name or an alias holds the words, or whose number they are."""
        if not sought_words(words):
            return self.all()
        alias = UnitAlias.objects.filter(matching(words, "name"))
        condition = matching(words, "name", "short_name") | Q(pk__in=alias.values("unit"))
        if words.isdecimal() and len(words) < 9:
            condition |= Q(order=int(words))
        return self.filter(condition)

    def named(self, name: str):
        """Units that bear just this full name, short name or alias."""
        alias = UnitAlias.objects.filter(called(name, "name"))
        return self.filter(called(name, "name", "short_name") | Q(pk__in=alias.values("unit")))

    def top_organizations(self, organiser: Unit | None = None):
        """The organizations directly below a committee (active ones, no 行动党支部)."""
        found = self.filter(parent__parent=None).exclude(parent=None)
        found = found.exclude(kind=UnitKind.ACTION_BRANCH)
        return found.filter(parent=organiser) if organiser else found


class Unit(models.Model):
    """One party organization; `top` is the organization below the organiser it belongs to.

    For places and conflicts `top` counts; the organiser itself has no `top` and is nobody's parent.
    """

    slug = models.SlugField("代码", max_length=40, unique=True)
    name = models.CharField("全称", max_length=80, unique=True)
    short_name = models.CharField("简称", max_length=30)
    pinyin = models.CharField("拼音", max_length=200, blank=True, editable=False)
    kind = models.CharField("类型", max_length=20, choices=UnitKind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    top = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="tree")
    path = models.CharField(max_length=250, unique=True, editable=False)
    order = models.PositiveIntegerField("规范排序", default=0)
    active_from = models.DateField("成立日期", default=date(2019, 1, 1))
    active_to = models.DateField("撤销日期", null=True, blank=True)
    action_kind = models.CharField("行动类型", max_length=20, choices=ActionKind, blank=True)
    task = models.CharField("任务", max_length=100, blank=True)
    ends_on = models.DateField("任务期限", null=True, blank=True)
    approval_number = models.CharField("批复文号", max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "党组织"
        ordering = ["order", "path"]
        indexes = [
            models.Index(fields=["path"], name="unit_path_like", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["order", "path"], name="unit_order"),
            GinIndex(OpClass(Sought("name"), name="gin_trgm_ops"), name="unit_name_trgm"),
        ]
        constraints = [
            models.CheckConstraint(
                name="action_branch_has_task",
                condition=~Q(kind="action_branch") | (~Q(task="") & ~Q(action_kind="")),
                violation_error_message="行动党支部须填写任务和行动类型。",
            ),
            models.CheckConstraint(
                name="unit_ends_after_it_starts",
                condition=Q(active_to=None) | Q(active_to__gte=F("active_from")),
                violation_error_message="撤销日期不能早于成立日期。",
            ),
        ]

    def __str__(self):
        return self.short_name or self.name

    @property
    def mark(self) -> UnitState:
        return UnitState.ENDED if self.active_to else UnitState.ACTIVE

    def get_absolute_url(self):
        return reverse("units:unit", args=[self.slug])

    @property
    def is_committee(self) -> bool:
        return self.parent_id is None

    @property
    def organiser_slug(self) -> str:
        """The slug of the committee at the root of this unit's tree."""
        return self.path.split("/", 1)[0]

    def place(self):
        """Set `path` and `top` from the parent; called where a unit is made or moved."""
        self.path = f"{self.parent.path if self.parent else ''}{self.slug}/"
        self.top_id = self.parent.top_id if self.parent else None

    def save(self, *args, **kwargs):
        from_scratch = self._state.adding
        if from_scratch:
            self.place()
        super().save(*args, **kwargs)
        if from_scratch and self.parent_id and not self.top_id:
            # A unit right below the committee is its own top; its key exists only now.
            self.top = self
            super().save(update_fields=["top"])


class UnitAlias(models.Model):
    """Another name under which a unit appears in workbooks and texts."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="aliases")
    name = models.CharField("别名", max_length=80, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "单位别名"
        ordering = ["name"]

    def __str__(self):
        return self.name


class CommunityKind(models.TextChoices):
    OILFIELD = "oilfield", "油田社区"
    TOWN = "town", "城镇社区"
    VILLAGE = "village", "村居"


class Community(models.Model):
    """A community where units and members register and build together."""

    name = models.CharField("名称", max_length=60, unique=True)
    kind = models.CharField("类型", max_length=10, choices=CommunityKind, default=CommunityKind.TOWN)
    street = models.CharField("镇街", max_length=40, blank=True)
    transferred_year = models.PositiveSmallIntegerField("移交年度", null=True, blank=True)
    order = models.PositiveIntegerField("排序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "社区"
        ordering = ["order", "name"]

    def __str__(self):
        return self.name


class MemberState(models.TextChoices):
    APPLICANT = "applicant", "入党积极分子"
    PROBATIONARY = "probationary", "预备党员"
    FULL = "full", "正式党员"


class PartyMember(models.Model):
    """The least the registers need of a party member: no name, no birth date, no identity number."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="members")
    number = models.CharField("编号", max_length=20)
    state = models.CharField("状态", max_length=15, choices=MemberState, default=MemberState.FULL)
    joined_year = models.PositiveSmallIntegerField("发展年度", null=True, blank=True)
    front_line = models.CharField("一线发展于", max_length=40, blank=True, help_text="如：疫情防控。")

    class Meta:
        verbose_name = verbose_name_plural = "党员"
        ordering = ["unit", "number"]
        constraints = [models.UniqueConstraint(fields=["unit", "number"], name="member_number_in_unit")]
        indexes = [
            models.Index(fields=["joined_year"], name="member_front_line", condition=~Q(front_line=""))
        ]

    def __str__(self):
        return self.number


class PostState(Status):
    WAITING = "waiting", "hourglass-split", "warn", "待确认"
    CURRENT = "current", "check2", "off", "现任"
    ENDED = "ended", "dash", "off", "已结束"
    REFUSED = "refused", "x-circle", "stop", "不予确认"


class PostQuerySet(models.QuerySet):
    def current(self, on: date | None = None):
        """Confirmed posts held on the day (default: today)."""
        on = on or timezone.localdate()
        return self.filter(confirmed_at__isnull=False, from_on__lte=on).filter(
            Q(to_on=None) | Q(to_on__gte=on)
        )

    def awaiting_confirmation(self):
        """Grants the security administrator has not confirmed yet."""
        return self.filter(confirmed_at=None, refused_at=None)


class Post(models.Model):
    """One role at one unit for a span of days; access ends with it."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    role = models.CharField("岗位", max_length=12, choices=Role)
    from_on = models.DateField("起")
    to_on = models.DateField("止", null=True, blank=True)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    refused_at = models.DateTimeField("不予确认时间", null=True, blank=True)
    reason = LongText("说明", max_length=200, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "岗位"
        ordering = ["-from_on", "pk"]
        indexes = [models.Index(fields=["unit", "role"], name="post_unit_role")]
        constraints = [
            models.CheckConstraint(
                name="post_ends_after_it_starts",
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
                violation_error_message="结束日期不能早于开始日期。",
            )
        ]
        triggers = [pgtrigger.Protect(name="posts_are_ended_not_deleted", operation=pgtrigger.Delete)]

    def __str__(self):
        return f"{self.unit} {self.get_role_display()}"

    @property
    def state(self) -> PostState:
        """Where the post stands today."""
        if self.refused_at:
            return PostState.REFUSED
        if self.to_on and self.to_on < timezone.localdate():
            return PostState.ENDED
        return PostState.CURRENT if self.confirmed_at else PostState.WAITING

    @property
    def is_over(self) -> bool:
        """Neither held nor to be held any more."""
        return self.state in (PostState.ENDED, PostState.REFUSED)


class TickRun(models.Model):
    """One run of `manage.py tick`; the newest tells /healthz how old the clock's work is."""

    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, db_index=True)
    done = models.JSONField(default=dict, help_text="what was done, as counts by name")

    class Meta:
        ordering = ["-started_at"]

    def __str__(self):
        return f"{self.started_at:%F %T}"


class BackupRun(models.Model):
    """One run of deploy/backup.sh as it told itself: the portal cannot look into the folder of backups."""

    at = models.DateTimeField(default=timezone.now)
    folder = models.CharField(max_length=500)
    failure = models.CharField(max_length=500, blank=True, help_text="empty: all is saved")

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.at:%F %T} {self.failure or self.folder}"


class Presence(models.Model):
    """One person in one form: since when, last seen, last saved, and what is typed but not saved yet."""

    form = models.CharField(max_length=80, help_text="what is filled in: a word and the row's key")
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)
    saved_at = models.DateTimeField(null=True)
    texts = models.JSONField(null=True, help_text="control → its texts, until they are saved")
    texts_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_presence_a_form", fields=["form", "person"])]

    def __str__(self):
        return f"{self.person} {self.form}"
