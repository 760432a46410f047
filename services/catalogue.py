"""The registers beside the log: what each is called, which columns its list, form and workbook have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from services.models.activities import Activity
from services.models.imports import ImportedBook
from services.models.logged import Logged
from services.models.registers import BrightIdea, Donation, JointProject, Registration, VolunteerBrand
from units.kit.columns import Column, sorting


@dataclass(frozen=True)
class Register:
    """One kind of logged rows. `activities` is the log itself: it shares the verbs, not the pages.

    day: the date by which a row counts. columns: of its list and its workbook, the state apart.
    summed: the fields whose sums stand in the totals row. hint: a line above the list.
    """

    code: str
    model: type[Logged]
    day: str
    columns: tuple[Column, ...]
    fields: tuple[str, ...]
    search: tuple[str, ...]
    related: tuple[str, ...] = ()
    summed: tuple[str, ...] = ()
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

    def undo_url(self, book: ImportedBook) -> str:
        kind, given = ("activity", []) if self.model is Activity else ("register", [self.code])
        return reverse(f"services:{kind}-import-undo", args=[*given, book.slug])

    def row_url(self, row: Logged) -> str:
        if self.model is Activity:
            return row.get_absolute_url()
        return reverse("services:register-row", args=[self.code, row.slug])

    @property
    def related_rows(self) -> tuple[str, ...]:
        return ("unit", *self.related)

    def day_label(self) -> str:
        return str(self.model._meta.get_field(self.day).verbose_name)


UNIT = Column("单位", "unit.short_name", order="unit", by=("unit__order", "unit__path"))
CLOSING = (
    Column("状态", "mark", "mark"),
    Column("审核时间", "reviewed_at", "date", page=False),
    Column("外部编号", "foreign_number", page=False),
)


def _registers() -> tuple[Register, ...]:
    return (
        Register(
            code="activities",
            model=Activity,
            day="happened_on",
            columns=(
                sorting("日期", "happened_on", "date"),
                Column("结束日期", "ends_on", "date", page=False),
                UNIT,
                Column("联合单位", "joint_names", page=False),
                Column("服务类别", "get_kind_display", css="nowrap"),
                Column("主题", "subject", main=True),
                Column("地点", "place", page=False),
                Column("服务对象", "target", css="wide"),
                Column("内容摘要", "summary", width=40, page=False),
                Column("解决问题与结果", "outcome", width=30, page=False),
                sorting("参加人次", "attendance", "number"),
                sorting("受益人次", "beneficiaries", "number"),
                Column("服务时长（小时）", "hours", "number", places=1, page=False),
                sorting("受理诉求数", "problems_received", "number"),
                sorting("办结诉求数", "problems_closed", "number"),
                Column("评价", "satisfaction", page=False),
                Column("志愿服务", "is_volunteering", page=False),
                Column("社区", "community.name", page=False),
                Column("行动党支部", "action_branch.short_name", page=False),
            ),
            fields=(),
            summed=("attendance", "beneficiaries", "hours", "problems_received", "problems_closed"),
            search=("subject", "target", "summary"),
            related=("community",),
        ),
        Register(
            code="registrations",
            model=Registration,
            day="registered_on",
            columns=(
                sorting("党员编号", "member.number", main=True),
                UNIT,
                sorting("社区", "community.name"),
                sorting("报到日期", "registered_on", "date"),
                Column("认领岗位", "duty", css="wide"),
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
            columns=(
                sorting("项目名称", "name", main=True),
                UNIT,
                sorting("社区", "community.name"),
                sorting("协议日期", "agreed_on", "date"),
                Column("责任岗位", "responsible", css="wide"),
                sorting("完成日期", "finished_on", "date"),
                Column("完成情况", "result", css="wide"),
            ),
            fields=("unit", "community", "name", "agreed_on", "responsible", "finished_on", "result"),
            search=("name", "community__name", "result"),
            related=("community",),
        ),
        Register(
            code="brands",
            model=VolunteerBrand,
            day="founded_on",
            columns=(
                sorting("品牌名称", "name", main=True),
                UNIT,
                sorting("创建日期", "founded_on", "date"),
                Column("服务领域", "field", css="wide"),
                Column("服务理念", "idea", css="wide"),
                sorting("队伍人数", "team", "number"),
            ),
            fields=("unit", "name", "founded_on", "field", "idea", "team"),
            search=("name", "field", "idea"),
            summed=("team",),
            hint="没有固定队伍（队伍人数为0）的，不计入年度数据。",
        ),
        Register(
            code="donations",
            model=Donation,
            day="donated_on",
            columns=(
                sorting("用途", "purpose", main=True),
                UNIT,
                sorting("日期", "donated_on", "date"),
                sorting("金额（元）", "amount", "money"),
            ),
            fields=("unit", "donated_on", "purpose", "amount"),
            search=("purpose",),
            summed=("amount",),
            hint="以单位为主体登记，不录捐款人；只登记款项，不登记物资折价。",
        ),
        Register(
            code="ideas",
            model=BrightIdea,
            day="proposed_on",
            columns=(
                sorting("题目", "title", main=True),
                UNIT,
                Column("领域", "field", css="wide"),
                sorting("提出日期", "proposed_on", "date"),
                Column("采纳部门", "adopted_by", css="wide"),
                Column("转化情况", "effect", css="wide"),
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
