"""The season's clock: within it everything the product does happens at the moment the season has come to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from heapq import heappop, heappush
from itertools import count

from django.utils import timezone


class Clock:
    """Tells the season's moment, and keeps what is to happen later.

    It never runs backwards: entries of the log follow one another in time, as they do in a real year.
    """

    def __init__(self, moment: datetime):
        self.moment = moment
        self._planned: list[tuple[datetime, int, Callable[[], object]]] = []
        self._number = count()  # two acts of one moment happen in the order in which they were planned

    def plan(self, moment: datetime, act: Callable[[], object]) -> None:
        """Let `act` happen once the season comes to `moment`."""
        heappush(self._planned, (moment, next(self._number), act))

    def go_to(self, moment: datetime) -> None:
        """Turn to `moment`; what is planned until then, that moment itself left out, happens on the way."""
        while self._planned and self._planned[0][0] < moment:
            planned, _, act = heappop(self._planned)
            self._turn(planned)
            act()
        self._turn(moment)

    def _turn(self, moment: datetime) -> None:
        if moment < self.moment:
            raise ValueError(f"the season's clock stands at {self.moment}, it is not turned back to {moment}")
        self.moment = moment


class _Instants(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)


@contextmanager
def season_clock(start: datetime) -> Iterator[Clock]:
    """Within the block Django's clock is the season's; it is the process's only one, for commands and tests.

    `timezone.now` itself stays, for fields hold on to it as their default: what it asks is replaced.
    """
    clock, real = Clock(start), timezone.datetime

    class Told(datetime, metaclass=_Instants):
        @classmethod
        def now(cls, tz=None):
            return clock.moment.astimezone(tz)

    timezone.datetime = Told
    try:
        yield clock
    finally:
        timezone.datetime = real
