"""Who needs a second factor, and how its secret lies in the database: encrypted, never in clear."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from hashlib import sha256

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

from units.permissions import holds

MARK = "fernet:"
SECRETS = ("secret", "seed")
"""Where allauth keeps what must stay secret: the key of the one-time codes, the seed of the recovery codes."""


def needs_factor(user) -> bool:
    """Whether one of the person's posts asks for a second factor."""
    return holds(user, *settings.SECOND_FACTOR_ROLES)


def _cipher() -> MultiFernet:
    """The first key encrypts, each decrypts."""
    digests = (sha256(f"second factor {key}".encode()).digest() for key in settings.SECOND_FACTOR_KEYS)
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])


class Adapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return MARK + _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        if not encrypted_text.startswith(MARK):  # from before they were encrypted
            return encrypted_text
        return _cipher().decrypt(encrypted_text.removeprefix(MARK).encode()).decode()


def encrypt_anew(factors: Iterable) -> int:
    """Encrypt the secrets of these rows with the first key, whatever they lie in now; gives the number of rows."""
    adapter, count = Adapter(), 0
    for factor in factors:
        kept = {name: factor.data[name] for name in SECRETS if name in factor.data}
        factor.data |= {name: adapter.encrypt(adapter.decrypt(text)) for name, text in kept.items()}
        factor.save(update_fields=["data"])
        count += 1
    return count
