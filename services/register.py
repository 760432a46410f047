"""The log and its registers as workbooks: what an export shows and what the template asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import QuerySet

from services.catalogue import ACTIVITIES, CLOSING, Register
from services.models.activities import DETAIL_MODELS, Activity, ServiceKind
from services.models.registers import Registration
from services.queries import UnitTotals, with_joint_names
from units.papers.intake import Field
from units.papers.values import (
    Unreadable,
    amount,
    choice,
    date_value,
    limited_text,
    long_text,
    whole_number,
    yes_or_no,
)
from units.papers.workbook import SUM, Column, Sheet

# ---------------------------------------------------------------- out


def activity_sheet(activities: QuerySet, *, kind: str, subtitle: str) -> Sheet:
    """A list of activities; cut to one kind it carries the details of that kind too."""
    rows = with_joint_names(activities).select_related("unit", "community", "action_branch")
    columns = list(ACTIVITIES.columns)
    title = "四项服务记录"
    if kind:
        model = DETAIL_MODELS[ServiceKind(kind)]
        path = model._meta.get_field("activity").remote_field.related_name
        rows = rows.select_related(path)
        columns += [_detail_column(path, field) for field in _own_fields(model)]
        title = f"{ServiceKind(kind).label}记录"
    note = "人次按场累计，不去重。年度统计只计已审核的记录，按发生日期归入季度。"
    return _sheet(ACTIVITIES, title, columns, rows, subtitle=subtitle, note=note)


def register_sheet(register: Register, rows: QuerySet, *, subtitle: str) -> Sheet:
    """A register's list as it stands on the page, with the columns it has no room for."""
    shown = {column.key for column in register.columns}
    more = [
        Column(str(field.verbose_name), field.name, width=40)
        for field in register.model._meta.concrete_fields
        if isinstance(field, models.TextField) and field.name not in shown
    ]
    rows, columns = rows.select_related(*register.related_rows), [*register.columns, *more]
    return _sheet(register, f"{register.label}台账", columns, rows, subtitle=subtitle)


def _sheet(register: Register, title: str, columns: list, rows: QuerySet, **more) -> Sheet:
    sums = dict.fromkeys((column.header for column in columns if column.key in register.summed), SUM)
    return Sheet(title, [*columns, *CLOSING], rows.iterator(chunk_size=1000), totals=sums, **more)


def _own_fields(model) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if field.name not in ("id", "activity")]


def _detail_column(path: str, field: models.Field) -> Column:
    name = str(field.verbose_name)
    if field.choices:
        return Column(name, f"{path}.get_{field.name}_display")
    if isinstance(field, models.DateField):
        return Column(name, f"{path}.{field.name}", "date")
    if isinstance(field, models.DecimalField):
        return Column(name, f"{path}.{field.name}", "money")
    if isinstance(field, models.IntegerField):
        return Column(name, f"{path}.{field.name}", "number")
    return Column(name, f"{path}.{field.name}")


TOTALS_RULE = (
    "只计已审核的记录，按发生日期归入季度。联合开展的，全区计一次，牵头和参与单位各计一次，各单位之和可大于全区合计。"
    "人次按场累计，不去重。单位按规范排序。"
)


ADDENDUM_RULE = "截止后的变动：新审核的增加，退回的减少（负数）。截止数不再改变。"


def totals_sheet(
    rows: Sequence[UnitTotals], district: Mapping[str, Any], *, title: str, subtitle: str
) -> Sheet:
    """Figures by organization; `district`: header → figure of the last row, every event once."""
    columns = [
        Column("单位", "unit.short_name", width=22),
        *(Column(kind.label, lambda row, kind=kind: row.kinds[kind.value], "number") for kind in ServiceKind),
        Column("场次合计", "events", "number"),
        *(Column(f"第{word}季度", lambda row, n=n: row.quarters[n], "number") for n, word in enumerate("一二三四")),
        Column("参加人次", "attendance", "number"),
        Column("受益人次", "beneficiaries", "number"),
        Column("服务时长（小时）", "hours", "number", places=1),
        Column("受理诉求数", "problems_received", "number"),
        Column("办结诉求数", "problems_closed", "number"),
        Column("办结率", "closing_rate", "percent"),
    ]  # fmt: skip
    return Sheet(
        title=title,
        subtitle=subtitle,
        columns=columns,
        rows=rows,
        totals=district,
        note=TOTALS_RULE,
        name="按单位",
    )


# ---------------------------------------------------------------- in: what a template asks for

EXAMPLES = {
    "happened_on": "2026-03-12",
    "subject": "“企业开办一件事”现场帮办",
    "place": "区政务服务大厅",
    "target": "新设立企业12户",
    "summary": "现场讲解办理流程，帮办设立登记。",
    "number": "000123",
    "registered_on": "2026-03-12",
    "community": "文汇社区",
}
OTHER_HEADERS = {
    "happened_on": ("发生日期", "活动日期", "时间"),
    "subject": ("活动主题", "活动名称"),
    "place": ("活动地点",),
    "summary": ("活动内容", "主要内容"),
    "attendance": ("参加人数", "参与人次"),
    "beneficiaries": ("受益人数", "受益人/户"),
    "number": ("编号", "党员号"),
    "registered_on": ("日期",),
    "duty": ("岗位",),
    "is_volunteering": ("志愿服务",),
    "kind": ("类别",),
    "unit": ("单位名称", "党组织", "填报单位"),
    "community": ("报到社区", "社区名称"),
}


def hours(value) -> Decimal:
    """Hours with one decimal."""
    number = amount(value)
    if number != number.quantize(Decimal("0.1")):
        raise Unreadable("时长最多一位小数。")
    return number.quantize(Decimal("0.1"))


def field_of(column: models.Field, parse=None, *, required: bool | None = None) -> Field:
    """The template's column for a column of the table."""
    return Field(
        name=column.name,
        headers=(str(column.verbose_name), *OTHER_HEADERS.get(column.name, ())),
        parse=parse or parser_of(column),
        required=not column.blank and not column.has_default() if required is None else required,
        default=column.get_default()
        if column.has_default()
        else ("" if column.empty_strings_allowed else None),
        example=EXAMPLES.get(column.name, ""),
    )


def parser_of(column: models.Field):
    if column.choices:
        return choice({str(label): value for value, label in column.choices})
    if isinstance(column, models.DateField):
        return date_value
    if isinstance(column, models.BooleanField):
        return yes_or_no
    if isinstance(column, models.DecimalField):
        return hours if column.decimal_places == 1 else amount
    if isinstance(column, models.IntegerField):
        return whole_number
    return (long_text if isinstance(column, models.TextField) else limited_text)(column.max_length)


def fields_of(register: Register, names) -> list[Field]:
    """What a workbook of this register may hold. names: the parsers of units and communities (`Names`)."""
    model = register.model
    parsers = {"unit": names.unit, "community": names.community, "action_branch": names.action_branch}
    columns = [
        model._meta.get_field(name)
        for name in (_activity_fields() if model is Activity else register.fields)
        if name not in ("unit", "member")
    ]
    unit = field_of(model._meta.get_field("unit"), names.unit, required=names.home is None)
    fields = [Field(**{**vars(unit), "hint": "全称、简称或别名；不填即本单位"}) if names.home else unit]
    if model is Registration:
        number = ("党员编号", *OTHER_HEADERS["number"])
        fields.append(Field("number", number, limited_text(20), required=True, example=EXAMPLES["number"]))
    fields += [field_of(column, parsers.get(column.name)) for column in columns]
    if model is Activity:
        fields.append(
            Field("joint_units", ("联合单位",), names.joint_units, default=[], hint="几个单位之间用顿号隔开")
        )
        for kind, detail in DETAIL_MODELS.items():
            fields += [_detail_field(kind, column) for column in _own_fields(detail)]
    return fields


def _activity_fields() -> list[str]:
    return [
        "kind", "happened_on", "ends_on", "place", "subject", "target", "summary", "outcome", "attendance",
        "beneficiaries", "hours", "problems_received", "problems_closed", "satisfaction", "is_volunteering",
        "community", "action_branch", "foreign_number",
    ]  # fmt: skip


def _detail_field(kind: ServiceKind, column: models.Field) -> Field:
    """A detail column: empty where the row is of another kind, so never required as a column."""
    plain = field_of(column, required=False)
    needed = "必填" if not column.blank and not column.has_default() else "填写"
    return Field(**{**vars(plain), "default": None, "hint": f"类别为{kind.label}时{needed}"})
