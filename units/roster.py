"""The roster from a workbook: accounts with a first post each, previewed, then all or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from units.actions import create_accounts, grant_first_posts
from units.audit.events import Event
from units.audit.record import record
from units.errors import Refused
from units.models import RESERVED_USERNAMES, Post, Unit, User
from units.papers.intake import Field, Problem, read_sheet
from units.papers.values import choice, date_value, limited_text, phone
from units.queries import units_by_any_name
from units.roles import Role, misplaced

FIELDS = (
    Field(
        "username", ("账号", "登录名"), limited_text(150), required=True, example="clerk02", hint="字母、数字"
    ),
    Field("name", ("姓名", "人员"), limited_text(40), required=True, example="党务干部二"),
    Field("duty", ("职务",), limited_text(60), example="四级主任科员"),
    Field(
        "unit",
        ("单位", "党组织", "所在单位"),
        limited_text(80),
        required=True,
        example="区统计局",
        hint="全称、简称或别名",
    ),
    Field(
        "role",
        ("岗位", "角色"),
        choice({role.label: role for role in Role}),
        required=True,
        example=Role.CLERK.label,
    ),
    Field("from_on", ("开始日期", "任职日期"), date_value, example="2026.1.1", hint="不填为今天"),
    Field("office_phone", ("办公电话", "电话"), phone, example="0546-8000000"),
    Field("mobile", ("手机", "手机号"), phone, example="13800000000"),
)
MOST_ROWS = 2000


@dataclass
class Roster:
    """What a workbook would do. `lines`: the values of each row with its unit; nothing is saved yet."""

    lines: list[dict] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_roster(file, *, name: str) -> Roster:
    """Read and check a roster; problems by row and column. Raises IntakeRefused for an unreadable file."""
    intake = read_sheet(file, FIELDS, name=name, max_rows=MOST_ROWS)
    roster = Roster(problems=list(intake.problems))
    units = units_by_any_name()
    wanted = [row.values["username"] for row in intake.rows if row.values["username"]]
    taken = set(User.objects.filter(username__in=wanted).values_list("username", flat=True))
    seen: dict[str, int] = {}
    for row in intake.rows:
        values = dict(row.values, number=row.number)
        username, unit = values["username"], units.get(values["unit"] or "")
        if values["unit"] and unit is None:
            problem = "名册中没有这个单位，请核对名称或先登记别名"
            roster.problems.append(Problem(row.number, "单位", problem, values["unit"]))
        elif (
            unit
            and values["role"]
            and (refusal := misplaced(Role(values["role"]), at_committee=unit.is_committee))
        ):
            roster.problems.append(Problem(row.number, "单位", refusal, values["unit"]))
        if username in taken:
            roster.problems.append(Problem(row.number, "账号", "账号已存在", username))
        elif username in RESERVED_USERNAMES:
            roster.problems.append(Problem(row.number, "账号", "这个账号不能使用，请换一个。", username))
        elif username in seen:
            roster.problems.append(Problem(row.number, "账号", f"与第{seen[username]}行重复", username))
        elif username:
            try:
                UnicodeUsernameValidator()(username)
            except ValidationError:
                roster.problems.append(Problem(row.number, "账号", "只能用字母、数字和 @ . + - _", username))
        seen.setdefault(username, row.number)
        roster.lines.append(values | {"unit": unit})
    roster.problems.sort(key=lambda problem: problem.row)
    return roster


@transaction.atomic
def import_roster(roster: Roster, *, actor: User) -> list[tuple[User, Unit, str]]:
    """Make every account and propose its post, or nothing at all; gives the first passwords once.

    Raises Refused when the workbook has problems or a post may not be held.
    """
    if roster.problems or not roster.lines:
        raise Refused("名册有需要改正的地方，没有导入。")
    made = create_accounts(roster.lines, actor=actor)
    posts = [
        Post(user=user, unit=line["unit"], role=line["role"], from_on=line["from_on"] or timezone.localdate())
        for line, (user, _) in zip(roster.lines, made, strict=True)
    ]
    grant_first_posts(posts, reason="名册导入", actor=actor)
    record(Event.ROSTER_IMPORTED, actor=actor, target=f"{len(made)}个账号")
    return [(user, line["unit"], word) for line, (user, word) in zip(roster.lines, made, strict=True)]
