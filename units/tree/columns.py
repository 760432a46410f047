"""The columns of a book of units."""

from __future__ import annotations

import re
from dataclasses import dataclass

from units.models import RESERVED_SLUGS, ActionKind, Unit, UnitKind
from units.papers.intake import Field
from units.papers.values import (
    Unreadable,
    choice,
    date_value,
    limited_text,
    name_text,
    plain,
    several,
    whole_number,
)

LAST_PLACE = 100_000
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LONGEST_PATH = Unit._meta.get_field("path").max_length


@dataclass(frozen=True)
class named:
    """A name of at most so many characters."""

    limit: int

    def __call__(self, value) -> str:
        return limited_text(self.limit)(name_text(value))


def place_number(value) -> int:
    number = whole_number(value)
    if number >= LAST_PLACE:
        raise Unreadable(f"“{number}”太大，请填1到{LAST_PLACE - 1}。")
    return number


def code(value) -> str:
    written = plain(value).lower()
    if not SLUG.fullmatch(written):
        raise Unreadable("只能用小写字母、数字和横线，不超过40个。")
    if written in RESERVED_SLUGS:
        raise Unreadable("这个代码不能使用，请换一个。")
    return written


# The committee is there from the first day and never made by a book, but an exported list names it.
KINDS = choice(
    {kind.label: kind for kind in UnitKind if kind != UnitKind.COMMITTEE},
    unlisted={UnitKind.COMMITTEE.label: UnitKind.COMMITTEE},
)
FIELDS = (
    Field(
        "name",
        ("全称", "名称", "单位名称", "党组织", "党组织名称", "单位"),
        named(80),
        required=True,
        example="中共东营区统计局支部委员会",
        hint="名册中已有的按全称识别",
    ),
    Field("short_name", ("简称",), named(30), example="区统计局", hint="不超过30字；不填与全称相同"),
    Field(
        "parent",
        ("上级", "上级组织", "上级党组织", "隶属"),
        named(80),
        example="",
        hint="全称或简称，可以是本表中的另一行；不填即工委",
    ),
    Field("kind", ("类型", "组织类型", "党组织类型"), KINDS, required=True, example=UnitKind.BRANCH.label),
    Field("order", ("排序", "顺序", "规范排序"), place_number, example=12, hint="不填按本表次序接在最后"),
    Field(
        "aliases",
        ("别名", "曾用名"),
        several(named(80)),
        example="统计局、区统计局机关",
        hint="用顿号隔开，只增不减",
    ),
    Field("slug", ("代码",), code, example="tongji", hint="用于网址，建立后不能修改；不填按简称的拼音编"),
    Field("active_from", ("成立日期",), date_value, example="2019-01-01"),
    Field(
        "action_kind",
        ("行动类型",),
        choice({kind.label: kind for kind in ActionKind}),
        hint="行动党支部填写",
    ),
    Field("task", ("任务",), limited_text(100), hint="行动党支部填写"),
    Field("ends_on", ("任务期限",), date_value),
    Field("approval_number", ("批复文号",), limited_text(60)),
)
# A filled cell overwrites what is stored, an empty one leaves it; the place in the tree is another act.
WRITTEN = (
    "name",
    "short_name",
    "kind",
    "order",
    "active_from",
    "action_kind",
    "task",
    "ends_on",
    "approval_number",
)
HEADERS = {item.name: item.header for item in FIELDS}
