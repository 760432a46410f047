"""The one error that a rule of the selection raises; its Chinese text is read by the user."""


class StageError(Exception):
    """A rule says no. The message is plain Chinese, says why and, where possible, what to do next."""


class StaleVersion(StageError):
    """The row was changed by somebody else since the form was opened."""

    def __init__(self, message: str = "他人已修改，请比较后再保存。"):
        super().__init__(message)
