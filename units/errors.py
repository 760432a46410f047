"""What a rule refuses, in plain Chinese that the user reads."""


class Refused(Exception):
    """A rule says no. The message says why and, where possible, what to do next."""
