"""The unit tree, the communities, the accounts with their posts, and the party members without names."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from awards.demo.chance import chance
from awards.demo.data import organizations as words
from units.demo import COMMITTEE_ACCOUNTS, PASSWORD, DemoAccount
from units.models import (
    ActionKind,
    Community,
    CommunityKind,
    MemberState,
    PartyMember,
    Post,
    Unit,
    UnitAlias,
    UnitKind,
    User,
)
from units.roles import Role

KINDS = {"c": UnitKind.PARTY_COMMITTEE, "g": UnitKind.GENERAL_BRANCH, "b": UnitKind.BRANCH}
MEMBERS_OF = {"c": 40, "g": 24, "b": 15}  # party members of an organization, by its kind
FRONT_LINE = ("health", "hospital", "disease-control", "police")
CURRENT_FRONT_LINE = ("transport", "key-projects")
POSTS_FROM = date(2019, 1, 1)

# Where a reviewer works (None: from outside), and posts held earlier: unit, years ago it ended.
REVIEWERS = {
    "reviewer1": ("party-school", ()),
    "reviewer2": ("reform", ()),
    "reviewer3": (None, (("approval", 1.5),)),
    "reviewer4": ("education-2", ()),  # a branch below: its organization counts
    "reviewer5": (None, ()),
    "reviewer6": ("unions", (("women", 2.2),)),
    "reviewer7": ("big-data", ()),
    "reviewer8": (None, (("finance", 4.5),)),  # too long ago to count
    "reviewer9": ("audit", (("justice", 0.8),)),
}
# Members of the committee with a tie of their own: posts held earlier, as above.
MEMBERS = {"member6": (("water", 1.6),)}


@dataclass
class People:
    """What the other builders look up: units by code, users by name, organizations in their order."""

    committee: Unit
    units: dict[str, Unit] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    communities: list[Community] = field(default_factory=list)
    members: dict[str, list[PartyMember]] = field(default_factory=dict)

    @property
    def organizations(self) -> list[Unit]:
        return [self.units[code] for code, *_ in words.ORGANIZATIONS]

    @property
    def oilfield(self) -> list[Community]:
        return [one for one in self.communities if one.kind == CommunityKind.OILFIELD]

    def secretary_of(self, unit: Unit) -> User:
        return self.users[f"secretary{unit.top.order:02d}"]

    def logger_of(self, unit: Unit) -> User:
        """Who types for a unit: its clerk if it has one, else the secretary."""
        return self.users["clerk01"] if unit.top.order == 1 else self.secretary_of(unit)


def build_people(today: date) -> People:
    """Everybody and every unit of the season."""
    people = People(_build_committee())
    _build_units(people, today)
    _build_communities(people)
    _build_accounts(people, today)
    _build_members(people, today)
    return people


def _build_committee() -> Unit:
    code, name, short = words.COMMITTEE
    unit = Unit.objects.create(
        slug=code, name=name, short_name=short, kind=UnitKind.COMMITTEE, active_from=date(2010, 1, 1)
    )
    UnitAlias.objects.create(unit=unit, name="区直机关工委")
    return unit


def _build_units(people: People, today: date) -> None:
    aliases = []
    for order, (code, short, kind, other) in enumerate(words.ORGANIZATIONS, 1):
        unit = Unit.objects.create(
            slug=code,
            name=f"{'东营' if short.startswith('区') else ''}{short.removesuffix('机关')}{words.KIND_NAMES[kind]}",
            short_name=short,
            kind=KINDS[kind],
            parent=people.committee,
            order=order,
        )
        people.units[code] = unit
        aliases += [UnitAlias(unit=unit, name=name) for name in filter(None, [other])]
        for number, branch in enumerate(words.BRANCHES.get(code, ()), 1):
            people.units[f"{code}-{number}"] = Unit.objects.create(
                slug=f"{code}-{number}",
                name=f"{unit.name.removesuffix(words.KIND_NAMES[kind])}{branch}",
                short_name=f"{other or short}{branch}",
                kind=UnitKind.BRANCH,
                parent=unit,
                order=order,
            )
    UnitAlias.objects.bulk_create(aliases)
    _build_action_branches(people, today)


def _build_action_branches(people: People, today: date) -> None:
    order = len(words.ORGANIZATIONS)
    lines = [(*line, ActionKind.EPIDEMIC, date(2020, 12, 31)) for line in words.EPIDEMIC_BRANCHES]
    lines += [(*line, ActionKind.KEY_PROJECT, date(2021, 12, 31)) for line in words.PROJECT_BRANCHES]
    for code, name, task, day, number in words.CURRENT_BRANCHES:
        founded = min(date(today.year, 1, 1) + timedelta(days=day), today)
        kind = ActionKind.FLOOD if "flood" in code else ActionKind.KEY_PROJECT
        lines.append((code, name, task, founded.isoformat(), number, kind, None))
    for number_in_row, (code, name, task, founded, number, kind, ended) in enumerate(lines, 1):
        founded_on = date.fromisoformat(founded)
        people.units[code] = Unit.objects.create(
            slug=code,
            name=name,
            short_name=name.removesuffix("行动党支部").removesuffix("项目") + "行动支部",
            kind=UnitKind.ACTION_BRANCH,
            parent=people.committee,
            order=order + number_in_row,
            active_from=founded_on,
            active_to=ended,
            action_kind=kind,
            task=task,
            ends_on=ended or date(founded_on.year, 12, 31),
            approval_number=f"东区直工委〔{founded_on.year}〕{number}号",
        )


def _build_communities(people: People) -> None:
    rows = []
    for order, name in enumerate(words.OILFIELD_COMMUNITIES, 1):
        street = words.STREETS[order % len(words.STREETS)]
        rows.append(
            Community(
                name=f"{name}社区",
                kind=CommunityKind.OILFIELD,
                street=street,
                transferred_year=2020,
                order=order,
            )
        )
    for order, name in enumerate(words.TOWN_COMMUNITIES, len(rows) + 1):
        town = next((town for town in words.TOWNS if town.startswith(name)), None)
        street = town or words.STREETS[order % len(words.STREETS)]
        rows.append(Community(name=f"{name}社区", kind=CommunityKind.TOWN, street=street, order=order))
    people.communities = Community.objects.bulk_create(rows)


def _build_accounts(people: People, today: date) -> None:
    accounts = list(COMMITTEE_ACCOUNTS)
    for order, unit in enumerate(people.organizations, 1):
        words_of_post = f"{unit.short_name}党组织书记"
        accounts.append(DemoAccount(f"secretary{order:02d}", Role.SECRETARY, words_of_post, "党组织书记"))
    first = people.organizations[0]
    accounts.append(DemoAccount("clerk01", Role.CLERK, f"{first.short_name}党务干部", "党务干部"))
    hashed = make_password(PASSWORD)  # slow by design, so once for all
    users = User.objects.bulk_create(
        User(
            username=one.username,
            name=one.name,
            duty=one.duty,
            email=one.email,
            password=hashed,
            office_phone=f"0546-8200{number:03d}",
        )
        for number, one in enumerate(accounts, 1)
    )
    people.users = {user.username: user for user in users}
    _build_posts(people, accounts, today)


def _build_posts(people: People, accounts: list[DemoAccount], today: date) -> None:
    organizations = iter(people.organizations)
    posts = []
    for account in accounts:
        unit = people.committee
        if account.role == Role.SECRETARY:
            unit = next(organizations)
        elif account.role == Role.CLERK:
            unit = people.organizations[0]
        posts.append(_post(people, account.username, unit, account.role, POSTS_FROM))
    held = {name: earlier for name, (_, earlier) in REVIEWERS.items()} | MEMBERS
    for name, earlier in held.items():
        for code, years in earlier:
            ended = today - timedelta(days=round(years * 365))
            posts.append(
                _post(people, name, people.units[code], Role.CLERK, ended - timedelta(days=1100), ended)
            )
    Post.objects.bulk_create(posts)


def _post(
    people: People, username: str, unit: Unit, role: Role, since: date, until: date | None = None
) -> Post:
    return Post(
        user=people.users[username],
        unit=unit,
        role=role,
        from_on=since,
        to_on=until,
        granted_by=people.users["sysadmin"],
        confirmed_by=people.users["secadmin"],
        confirmed_at=timezone.now(),
        reason="演示账号" if until is None else "原任职",
    )


def _build_members(people: People, today: date) -> None:
    rows = []
    for code, _, kind, _ in words.ORGANIZATIONS:
        unit = people.units[code]
        size = MEMBERS_OF[kind] + chance("members", code).randrange(0, 12)
        rows += [PartyMember(unit=unit, number=f"{unit.order:02d}-{n:03d}") for n in range(1, size + 1)]
    for code in FRONT_LINE:
        rows.append(_joined_on_the_front(people.units[code], 2020, "疫情防控"))
    for code in CURRENT_FRONT_LINE:
        rows.append(_joined_on_the_front(people.units[code], today.year, "重点项目"))
    for row in PartyMember.objects.bulk_create(rows, batch_size=1000):
        people.members.setdefault(row.unit.slug, []).append(row)


def _joined_on_the_front(unit: Unit, year: int, where: str) -> PartyMember:
    state = MemberState.FULL if year == 2020 else MemberState.PROBATIONARY
    number = f"{unit.order:02d}-{year % 100}Y"
    return PartyMember(unit=unit, number=number, state=state, joined_year=year, front_line=where)
