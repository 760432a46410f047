"""Who is asking, from where, in which post: known to `record()` without being passed about."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from uuid import uuid4

from django.db.models import Model


@dataclass(frozen=True)
class Context:
    """The circumstances of the acts that follow; `address` is an IP address or None."""

    post: object = ""  # text, or a lazy object that gives it
    address: str | None = None
    request_id: str = ""
    second: Model | None = None  # who confirmed the act, where it takes two people


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


@contextmanager
def confirmed_by(second: Model, *, first_post: str):
    """Run an act of two people: its entries name the first with the post it was proposed in, and the second beside."""
    token = _context.set(replace(current(), post=first_post, second=second))
    try:
        yield
    finally:
        _context.reset(token)
