"""A status is a word, an icon and a tone; every table of states has this one shape, `{% state_mark %}` draws it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices

TONES = ("", "ok", "warn", "stop", "off", "gold")
"""'' is routine, ok well, warn and stop want a hand, off is past caring, gold is the award."""


@dataclass(frozen=True)
class Mark:
    """A status as a page shows it. icon: a name of Bootstrap Icons; tone: one of TONES."""

    label: str
    icon: str
    tone: str = ""


class Status(TextChoices):
    """Choices with an icon and a tone before the label: `SENT = "sent", "hourglass-split", "", "待审核"`."""

    icon: str
    tone: str

    def __new__(cls, value: str, icon: str = "", tone: str = ""):  # the value alone looks a member up
        member = str.__new__(cls, value)
        member._value_ = value
        member.icon = icon
        member.tone = tone
        return member

    def said(self, label: str) -> Mark:
        """The same status in words of the moment: 差2份 instead of 不足."""
        return Mark(label, self.icon, self.tone)
