"""The pool of reviewers from a workbook: people who have their accounts and posts, previewed, then all or none."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from awards.campaign.models import Campaign
from awards.panel.actions.pool import refusal_of
from awards.panel.models import Reviewer
from awards.panel.queries.pool import employers, is_pool_locked
from units.actions.importing import Confirmation, confirmed
from units.audit.events import Event
from units.audit.record import Act, record, record_all
from units.errors import Refused
from units.models import Post, Unit, User
from units.papers.intake import Field, Row, read_sheet
from units.papers.reading import ADDED, SAME, Effect, Lookup, Reading, changed, repeated
from units.papers.values import Unreadable, folded, limited_text, name_text, phone, plain
from units.phones import normalise_phone
from units.queries import accounts_for, named_units
from units.roles import Role

MOST_ROWS = 2000
EXTERNAL = "外请专家"
FIELDS = (
    Field("name", ("姓名", "评委", "评委姓名"), name_text, required=True, example="评委一"),
    Field(
        "username",
        ("账号", "登录名"),
        plain,
        example="reviewer1",
        hint="同名的须填账号或手机；其余按姓名识别",
    ),
    Field(
        "mobile", ("手机", "手机号"), phone, example="13800000000", hint="只用于区分同名的人，不会改动账号"
    ),
    Field(
        "employer",
        ("工作单位", "单位", "所在单位"),
        limited_text(80),
        example="区统计局",
        hint=f"全称、简称或别名，用于核查回避；不填或填{EXTERNAL}即不属于区直单位",
    ),
    Field("expertise", ("专业特长", "专长", "专业"), limited_text(60), example="项目管理"),
)
HEADERS = {item.name: item.header for item in FIELDS}
NO_ACCOUNT = (
    "没有这个人的账号，请系统管理员在“账号”页用名册导入：岗位填评委，单位填工委；安全管理员确认后再列入。"
)


@dataclass(eq=False)
class Line:
    """One row: the reviewer as it will stand, and the columns that change of one in the pool already."""

    row: Row
    reviewer: Reviewer
    before: dict


def read_pool(file, *, name: str, campaign: Campaign, user: User) -> Reading:
    """Read and check a book of reviewers. Raises IntakeRefused for an unreadable file."""
    reading = Reading(FIELDS, read_sheet(file, FIELDS, name=name, max_rows=MOST_ROWS))
    book = _Book(reading, campaign, user)
    reading.rows = [line for row in reading.intake.rows if row.values["name"] and (line := book.line(row))]
    people = [line.reviewer.user_id for line in reading.rows]
    for place, first in repeated(people).items():
        words = f"与第{reading.rows[first].row.number}行是同一人。"
        reading.blame(reading.rows[place].row, "name", words)
    reading.effects = {line.row.number: _effect(line) for line in reading.rows}
    reading.problems.sort(key=lambda problem: problem.row)
    return reading


class _Book:
    """The rows beside accounts, posts, units and the pool, in a few questions."""

    def __init__(self, reading: Reading, campaign: Campaign, user: User):
        self.reading, self.campaign = reading, campaign
        people = accounts_for(user).only("username", "name", "mobile", "is_active").distinct()
        self.by_username, self.by_name = {}, {}
        for person in people:
            self.by_username[person.username.lower()] = person
            self.by_name.setdefault(folded(person.name), []).append(person)
        self.roles: dict[int, set[str]] = {}
        held = Post.objects.current().filter(unit=campaign.organiser_id)
        for person, role in held.values_list("user", "role"):
            self.roles.setdefault(person, set()).add(role)
        self.units: Lookup = named_units(employers(campaign))
        self.pool = {one.user_id: one for one in campaign.reviewers.select_related("user", "employer")}

    def line(self, row: Row) -> Line | None:
        try:
            person = self._person(row)
            employer = self._employer(row)
        except _Blamed as fault:
            self.reading.blame(row, fault.column, str(fault))
            return None
        given = row.values
        known = self.pool.get(person.pk)
        if known is None:
            expertise = given.get("expertise") or ""
            new = Reviewer(campaign=self.campaign, user=person, employer=employer, expertise=expertise)
            return Line(row, new, {})
        typed = {"employer": employer, "expertise": given.get("expertise")}
        return _altered(Line(row, known, {}), {name: typed[name] for name in typed if given.get(name)})

    def _person(self, row: Row) -> User:
        given = row.values
        if username := given.get("username"):
            person = self.by_username.get(username.lower())
            if person is None:
                raise _Blamed("username", NO_ACCOUNT)
            if folded(person.name) != folded(given["name"]):
                raise _Blamed("name", f"与账号{person.username}登记的姓名“{person.name}”不同，请核对。")
        else:
            person = self._named(row)
        if words := refusal_of(self.roles.get(person.pk, set()), person.is_active):
            raise _Blamed("name", words)
        return person

    def _named(self, row: Row) -> User:
        """The one account of that name; of several, the one with the reviewer's post or the mobile."""
        found = self.by_name.get(folded(row.values["name"]), [])
        if mobile := row.values.get("mobile"):
            found = [one for one in found if normalise_phone(one.mobile) == mobile]
        if len(found) > 1:
            found = [one for one in found if Role.REVIEWER in self.roles.get(one.pk, ())] or found
        if not found:
            raise _Blamed("name", NO_ACCOUNT)
        if len(found) > 1:
            names = "、".join(one.username for one in found[:5])
            raise _Blamed("name", f"同名的账号有{len(found)}个（{names}），请填账号。")
        return found[0]

    def _employer(self, row: Row) -> Unit | None:
        given = row.values.get("employer")
        if not given or folded(given) == folded(EXTERNAL):
            return None
        try:
            return self.units(given)
        except Unreadable as error:
            raise _Blamed("employer", f"{error}不属于区直单位的填{EXTERNAL}。") from None


class _Blamed(Exception):
    """Why a row cannot be taken, and the column at which to say so."""

    def __init__(self, column: str, words: str):
        super().__init__(words)
        self.column = column


def _altered(line: Line, typed: dict) -> Line:
    """The reviewer of the pool with what was typed; an empty cell is not among it and leaves what is stored."""
    for name, value in typed.items():
        stored = getattr(line.reviewer, name)
        if value != stored:
            line.before[name] = stored
            setattr(line.reviewer, name, value)
    return line


def _effect(line: Line) -> Effect:
    if line.reviewer._state.adding:
        return ADDED
    told = [
        f"{HEADERS[name]}由{_words(name, stored)}改为{_words(name, getattr(line.reviewer, name))}"
        for name, stored in line.before.items()
    ]
    return changed(*told) if told else SAME


def _words(name: str, value) -> str:
    return str(value or (EXTERNAL if name == "employer" else "空"))


@transaction.atomic
def import_pool(campaign: Campaign, word: Confirmation) -> tuple[int, int]:
    """Put the new people of a previewed book into the pool and correct the known ones; gives how many of each.

    Raises what `confirmed` raises, and Refused once a panel was drawn from the pool.
    """
    Campaign.objects.select_for_update().get(pk=campaign.pk)  # nobody is put into the pool meanwhile
    if is_pool_locked(campaign):
        raise Refused("已有评审组抽取，评委库不能成批导入，请逐人列入或修改，由监督员确认。")
    lines = confirmed(word).rows
    new = [line.reviewer for line in lines if line.reviewer._state.adding]
    known = [line for line in lines if line.before]
    acts = [Act(one.user, after=_said(one, ("employer", "expertise"))) for one in new]
    altered = [Act(line.reviewer.user, line.before, _said(line.reviewer, line.before)) for line in known]
    Reviewer.objects.bulk_create(new)
    Reviewer.objects.bulk_update([line.reviewer for line in known], ["employer", "expertise"])
    for event, done in ((Event.REVIEWER_ADDED, acts), (Event.REVIEWER_CHANGED, altered)):
        record_all(event, done, actor=word.actor, act_id=word.ticket, campaign=campaign.code)
    record(
        Event.REVIEWERS_IMPORTED, actor=word.actor, target=f"{len(new) + len(known)}名评委", act_id=word.ticket,
        campaign=campaign.code, after={"added": len(new), "changed": len(known)},
    )  # fmt: skip
    return len(new), len(known)


def _said(reviewer: Reviewer, names) -> dict:
    return {name: getattr(reviewer, name) for name in names}
