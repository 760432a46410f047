"""What the log refuses, in Chinese that the user reads."""


class LogRefused(Exception):
    """A rule of the log says no. The message says why and, where possible, what to do next."""


class StaleVersion(LogRefused):
    """The row was changed by somebody else since the form was opened."""

    def __init__(self, message: str = "他人已修改，请比较后再保存。"):
        super().__init__(message)
