"""How often one may knock: counted in the cache, without captcha and without keeping addresses.

No limit counts what strangers do against somebody else: each is counted by the address that knocks, wide enough for
an office behind one address. What comes in a crowd is taken and marked, never refused.
"""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass

from django.core.cache import cache

from units.audit.record import digest_of

IPV6_PREFIX = 64  # what one household or one rented machine is given


@dataclass(frozen=True)
class Limit:
    """At most `most` times in `seconds`, counted from the first."""

    name: str
    most: int
    seconds: int

    def is_reached(self, whom: str) -> bool:
        return self._known(whom)[0] >= self.most

    def count(self, whom: str, times: int = 1) -> None:
        known, until = self._known(whom)
        cache.set(self._key(whom), (known + times, until), max(1, until - time.time()))

    def _known(self, whom: str) -> tuple[int, float]:
        """How often, and when it is forgotten."""
        return cache.get(self._key(whom)) or (0, time.time() + self.seconds)

    def _key(self, whom: str) -> str:
        return f"limit:{self.name}:{digest_of(whom)}"

    @property
    def minutes(self) -> int:
        return self.seconds // 60


def neighbourhood(address: str | None) -> str:
    """Whom an address stands for: itself, or the /64 of an IPv6 one, whose owner has all the others too."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, IPV6_PREFIX), strict=False).network_address)


SENT = Limit("objection-sent", 300, 3600)
FILES_READ = Limit("objection-files", 30, 3600)
"""Files take a reader's time; their text does not."""
CROWD_BY_ADDRESS = Limit("objection-filed", 10, 3600)
CROWD_ON_NOTICE = Limit("objection-notice", 30, 3600)
WRONG_CODES = Limit("code-address", 200, 900)
WRONG_CODES_FOR_ONE = Limit("code-receipt", 5, 900)
"""By address and receipt: whoever guesses shuts out nobody else."""
