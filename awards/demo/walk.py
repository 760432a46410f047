"""What one year has of its own, and where its walk through the stages has come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from awards.campaign.models import Campaign, Category
from awards.demo.clock import Clock
from awards.demo.days import Season
from awards.demo.log import Log
from awards.demo.nominations import File
from awards.demo.people import People
from awards.nomination.models import Nomination
from units.models import User

Key = tuple[str, str]  # a file, by its organization and the letter of its category


@dataclass(frozen=True)
class Course:
    """What becomes of a file before the panels judge it, where it does not simply qualify.

    Days as in `Season`. sent: handed over, on this day if it is named; sent_to_review: with the unit's
    secretary from this day on. withdrawn: taken back. remarks: part of the form → what screening asks to be
    mended, or, with `refused`, why it is not accepted. checked: looked at only then and returned the day after.
    mended: handed in again; without, it lapses. rechecked: looked at again; `refused_again` says why in vain.
    """

    sent: int | bool = True
    sent_to_review: int | None = None
    withdrawn: int | None = None
    remarks: Mapping[str, str] = field(default_factory=dict)
    refused: bool = False
    checked: int | None = None
    mended: int | None = None
    rechecked: int | None = None
    refused_again: str = ""
    thin: bool = False


PLAIN = Course()


@dataclass(frozen=True)
class Year:
    """What one year has of its own. Everything else is the same walk.

    projects: lines of data, each a nomination. favourites: files judged so well that they take a seat.
    shortlist: places of the live stage in a category; 0 for the usual number.
    """

    season: Season
    projects: Sequence[str]
    courses: Mapping[Key, Course]
    partners: Mapping[Key, Sequence[str]]
    overclaims: Mapping[Key, str]
    favourites: frozenset[Key]
    shortlist: int = 0


@dataclass
class Walk:
    """A year on its way: the people, the clock, the campaign and its files by key."""

    year: Year
    people: People
    clock: Clock
    log: Log
    campaign: Campaign
    files: list[File] = field(default_factory=list)
    nominations: dict[Key, Nomination] = field(default_factory=dict)

    @property
    def season(self) -> Season:
        return self.year.season

    @cached_property
    def categories(self) -> dict[str, Category]:
        return {category.letter: category for category in self.campaign.categories.all()}

    @property
    def office(self) -> User:
        return self.people.users["office"]

    @property
    def supervisor(self) -> User:
        return self.people.users["supervisor"]

    def on(self, day: int, hour: int, act: Callable[..., object], *args, minute: int = 0, **kwargs) -> None:
        """Let something happen on a day of the season."""
        self.clock.plan(self.season.moment(day, hour, minute), lambda: act(*args, **kwargs))

    def course(self, file: File) -> Course:
        return self.year.courses.get(file.key, PLAIN)

    def overclaim(self, key: Key) -> Decimal:
        return Decimal(self.year.overclaims.get(key, 0))
