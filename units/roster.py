"""The roster from a workbook: accounts with a first post each, previewed, then all or nothing."""

from __future__ import annotations

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from units.actions.accounts import create_accounts, passwords_again
from units.actions.importing import Confirmation, confirmed
from units.actions.posts import grant_first_posts
from units.audit.events import Event
from units.audit.record import record
from units.folding import account_name
from units.models import RESERVED_USERNAMES, Post, Unit, User
from units.papers.intake import Field, Row, read_sheet
from units.papers.reading import Lookup, Reading, repeated
from units.papers.values import Unreadable, choice, date_value, limited_text, phone, plain
from units.queries import named_units
from units.roles import Role, misplaced


def login_name(value) -> str:
    return limited_text(150)(account_name(plain(value)))


FIELDS = (
    Field("username", ("账号", "登录名"), login_name, required=True, example="clerk02", hint="字母、数字"),
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
Made = tuple[User, Unit, Role, str]  # the last is the first password
NO_UNIT = "，请核对名称，或先登记单位、别名"


def read_roster(file, *, name: str) -> Reading:
    """Read and check a roster; problems by row and column. Raises IntakeRefused for an unreadable file.

    rows: the values of each row with its unit.
    """
    reading = Reading(FIELDS, read_sheet(file, FIELDS, name=name, max_rows=MOST_ROWS))
    units = named_units(Unit.objects.active_on(timezone.localdate()), where=NO_UNIT)
    for row in reading.intake.rows:
        reading.rows.append(row.values | {"unit": _unit(reading, row, units)})
    _check_usernames(reading)
    reading.problems.sort(key=lambda problem: problem.row)
    return reading


def _unit(reading: Reading, row: Row, units: Lookup) -> Unit | None:
    given, role = row.values["unit"], row.values["role"]
    if not given:
        return None
    try:
        unit = units(given)
    except Unreadable as error:
        reading.blame(row, "unit", str(error))
        return None
    if role and (refusal := misplaced(Role(role), at_committee=unit.is_committee)):
        reading.blame(row, "unit", refusal)
    return unit


def _check_usernames(reading: Reading) -> None:
    """Free, well formed and once; two names that differ in their capitals alone would lock each other out."""
    rows = [row for row in reading.intake.rows if row.values["username"]]
    names = [row.values["username"].lower() for row in rows]
    known = User.objects.annotate(lower=Lower("username")).filter(lower__in=names)
    taken, doubles = set(known.values_list("lower", flat=True)), repeated(names)
    for place, (row, name) in enumerate(zip(rows, names, strict=True)):
        if name in taken:
            reading.blame(row, "username", "账号已存在")
        elif name in RESERVED_USERNAMES:
            reading.blame(row, "username", "这个账号不能使用，请换一个。")
        elif place in doubles:
            reading.blame(row, "username", f"与第{rows[doubles[place]].number}行重复")
        else:
            try:
                UnicodeUsernameValidator()(name)
            except ValidationError:
                reading.blame(row, "username", "只能用字母、数字和 @ . + - _")


@transaction.atomic
def import_roster(word: Confirmation, secret: str = "") -> list[Made]:
    """Make every account and propose its post, or nothing at all.

    secret: with it `roster_again` can tell the passwords to a second click.
    Raises what `confirmed` raises, and Refused when a post may not be held.
    """
    lines = confirmed(word).rows
    made = create_accounts(lines, actor=word.actor, secret=secret)
    posts = [
        Post(user=user, unit=line["unit"], role=line["role"], from_on=line["from_on"] or timezone.localdate())
        for line, (user, _) in zip(lines, made, strict=True)
    ]
    grant_first_posts(posts, reason="名册导入", actor=word.actor)
    record(Event.ROSTER_IMPORTED, actor=word.actor, target=f"{len(made)}个账号", act_id=word.ticket)
    return [(user, line["unit"], line["role"], code) for line, (user, code) in zip(lines, made, strict=True)]


def roster_again(word: Confirmation, secret: str) -> list[Made]:
    """What the first click of this preview made, as far as its first passwords still hold.

    Of two clicks a browser shows the answer to the second alone, and the passwords are kept nowhere.
    """
    rows = {line["username"]: line for line in word.read().rows}
    told = {user.username: (user, code) for user, code in passwords_again(rows, secret)}
    lines = [(line, *told[name]) for name, line in rows.items() if name in told]
    return [(user, line["unit"], line["role"], code) for line, user, code in lines]
