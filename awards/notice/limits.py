"""How often one may knock: counted in the cache, without captcha and without keeping addresses."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache

from units.audit.record import digest_of


@dataclass(frozen=True)
class Limit:
    """At most `most` times in `seconds`, counted from the first."""

    name: str
    most: int
    seconds: int

    def _key(self, whom: str) -> str:
        return f"limit:{self.name}:{digest_of(whom)}"

    def is_reached(self, whom: str) -> bool:
        return cache.get(self._key(whom), 0) >= self.most

    def count(self, whom: str) -> None:
        key = self._key(whom)
        if not cache.add(key, 1, self.seconds):
            try:
                cache.incr(key)
            except ValueError:  # it ran out between the two calls
                cache.add(key, 1, self.seconds)

    @property
    def minutes(self) -> int:
        return self.seconds // 60


# A department goes out under one address: wide enough for an office, too narrow for a machine.
SENT_BY_ADDRESS = Limit("objection-sent", 60, 3600)
FILED_BY_ADDRESS = Limit("objection-filed", 10, 3600)
FILED_ON_NOTICE = Limit("objection-notice", 100, 3600)
WRONG_CODE_BY_ADDRESS = Limit("code-address", 20, 900)
WRONG_CODE_ON_RECEIPT = Limit("code-receipt", 5, 900)
