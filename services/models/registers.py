"""The registers beside the log: 党员报到, 共建项目, 志愿服务品牌, 捐款, 金点子."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from services.models.logged import Logged
from units.kit.fields import LongText


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

    named_by = ("member", "community")

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

    counts = Q(team__gt=0)  # a brand is one with a team of its own

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
    text = LongText("建议正文", max_length=800, help_text="一事一议，800字以内。")
    adopted_by = models.CharField("采纳部门", max_length=80, blank=True)
    effect = models.CharField("转化情况", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "金点子"
        ordering = ["-proposed_on", "-pk"]
        indexes = [models.Index(fields=["-proposed_on", "-id"], name="idea_newest")]

    def __str__(self):
        return self.title
