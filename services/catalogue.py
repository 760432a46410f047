"""The registers beside the log: what each is called, which columns its list, form and workbook have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from services.models import (
    Activity,
    BrightIdea,
    Donation,
    JointProject,
    Logged,
    Registration,
    VolunteerBrand,
)
from units.papers.workbook import Column


@dataclass(frozen=True)
class Register:
    """One kind of logged rows. `activities` is the log itself: it shares the verbs, not the pages.

    day: the date by which a row counts. main: the header of the column that links to the row.
    summed: a field whose sum stands in the totals row. hint: a line above the list.
    """

    code: str
    model: type[Logged]
    day: str
    main: str
    columns: tuple[Column, ...]
    fields: tuple[str, ...]
    search: tuple[str, ...]
    related: tuple[str, ...] = ()
    summed: str = ""
    hint: str = ""

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def list_url(self) -> str:
        if self.model is Activity:
            return reverse("services:activity-list")
        return reverse("services:register-list", args=[self.code])

    def url(self, verb: str, row: Logged | None = None) -> str:
        """The address of a verb (new, import, …) or, with a row, of what is done to it."""
        kind, given = ("activity", []) if self.model is Activity else ("register", [self.code])
        return reverse(f"services:{kind}-{verb}", args=[*given, *([row.slug] if row else [])])

    def row_url(self, row: Logged) -> str:
        if self.model is Activity:
            return row.get_absolute_url()
        return reverse("services:register-row", args=[self.code, row.slug])

    @property
    def related_rows(self) -> tuple[str, ...]:
        return ("unit", *self.related)

    def day_label(self) -> str:
        return str(self.model._meta.get_field(self.day).verbose_name)


UNIT = Column("单位", "unit.short_name")
STATE = Column("状态", "get_state_display")


def _registers() -> tuple[Register, ...]:
    return (
        Register(
            code="activities",
            model=Activity,
            day="happened_on",
            main="主题",
            columns=(),
            fields=(),
            search=("subject", "target", "summary"),
            related=("community",),
        ),
        Register(
            code="registrations",
            model=Registration,
            day="registered_on",
            main="党员编号",
            columns=(
                Column("党员编号", "member.number"),
                UNIT,
                Column("社区", "community.name"),
                Column("报到日期", "registered_on", "date"),
                Column("认领岗位", "duty"),
            ),
            fields=("member", "community", "registered_on", "duty"),
            search=("member__number", "community__name", "duty"),
            related=("member", "community"),
            hint="党员以单位内编号登记，不录姓名。",
        ),
        Register(
            code="joint-projects",
            model=JointProject,
            day="agreed_on",
            main="项目名称",
            columns=(
                Column("项目名称", "name"),
                UNIT,
                Column("社区", "community.name"),
                Column("协议日期", "agreed_on", "date"),
                Column("责任岗位", "responsible"),
                Column("完成日期", "finished_on", "date"),
                Column("完成情况", "result"),
            ),
            fields=("unit", "community", "name", "agreed_on", "responsible", "finished_on", "result"),
            search=("name", "community__name", "result"),
            related=("community",),
        ),
        Register(
            code="brands",
            model=VolunteerBrand,
            day="founded_on",
            main="品牌名称",
            columns=(
                Column("品牌名称", "name"),
                UNIT,
                Column("创建日期", "founded_on", "date"),
                Column("服务领域", "field"),
                Column("服务理念", "idea"),
                Column("队伍人数", "team", "number"),
            ),
            fields=("unit", "name", "founded_on", "field", "idea", "team"),
            search=("name", "field", "idea"),
            summed="team",
        ),
        Register(
            code="donations",
            model=Donation,
            day="donated_on",
            main="用途",
            columns=(
                Column("用途", "purpose"),
                UNIT,
                Column("日期", "donated_on", "date"),
                Column("金额（元）", "amount", "money"),
            ),
            fields=("unit", "donated_on", "purpose", "amount"),
            search=("purpose",),
            summed="amount",
            hint="以单位为主体登记，不录捐款人。",
        ),
        Register(
            code="ideas",
            model=BrightIdea,
            day="proposed_on",
            main="题目",
            columns=(
                Column("题目", "title"),
                UNIT,
                Column("领域", "field"),
                Column("提出日期", "proposed_on", "date"),
                Column("采纳部门", "adopted_by"),
                Column("转化情况", "effect"),
            ),
            fields=("unit", "title", "proposed_on", "field", "text", "adopted_by", "effect"),
            search=("title", "text", "adopted_by"),
        ),
    )


REGISTERS: dict[str, Register] = {register.code: register for register in _registers()}
ACTIVITIES = REGISTERS["activities"]
BESIDE = tuple(register for register in REGISTERS.values() if register is not ACTIVITIES)


def register_of(model: type[Logged]) -> Register:
    return next(register for register in REGISTERS.values() if register.model is model)


def cells(register: Register, row: Logged) -> list[tuple[Column, Any]]:
    """What a list shows of a row, column by column."""
    return [(column, column.value(row)) for column in register.columns]
