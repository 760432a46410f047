"""Who is asking, from where, in which post: known to `record()` without being passed about."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import uuid4


@dataclass(frozen=True)
class Context:
    """The circumstances of the acts that follow; `address` is an IP address or None."""

    post: object = ""  # text, or a lazy object that gives it
    address: str | None = None
    request_id: str = ""


NOWHERE = Context()
_context: ContextVar[Context] = ContextVar("audit_context")


def current() -> Context:
    return _context.get(NOWHERE)


@contextmanager
def acting(post: object = "", address: str | None = None, request_id: str = ""):
    """Run a block with these circumstances; the middleware and the commands use it."""
    token = _context.set(Context(post, address, request_id or uuid4().hex))
    try:
        yield
    finally:
        _context.reset(token)
