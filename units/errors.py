"""What a rule refuses, in plain Chinese that the user reads. The whole house knows one refusal."""

from collections.abc import Mapping


class Refused(Exception):
    """A rule says no. The message says why and, where possible, what to do next.

    fields: field → why, where it is about single fields of a form; the message then tells them all.
    """

    fields: Mapping[str, str] = {}


class StaleVersion(Refused):
    """The row was changed by somebody else since the form was opened."""

    def __init__(self, message: str = "他人已修改，请比较后再保存。"):
        super().__init__(message)
