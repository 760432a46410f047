"""The password rules of graded protection (等级保护): what a password is made of, and no old one again."""

import re

from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError

KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9\s]")


class ThreeKindsValidator:
    """At least three of: small letters, capital letters, digits, marks."""

    def validate(self, password, user=None):
        if sum(bool(re.search(kind, password)) for kind in KINDS) < 3:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self):
        return "密码须包含大写字母、小写字母、数字、符号中的至少三类。"


class LengthValidator(MinimumLengthValidator):
    """Django's own, in words that its Chinese translation lacks."""

    def get_error_message(self):
        return f"密码至少{self.min_length}位。"

    get_help_text = get_error_message


class NotReusedValidator:
    """None of the last passwords the person chose, the present one among them."""

    def __init__(self, last: int = 5):
        self.last = last

    def validate(self, password, user=None):
        if user is None or user.pk is None:
            return
        kept = user.old_passwords.values_list("password", flat=True)[: self.last]
        if any(check_password(password, old) for old in {user.password, *kept}):
            raise ValidationError(f"不能使用最近{self.last}次用过的密码。", code="password_reused")

    def get_help_text(self):
        return f"不能使用最近{self.last}次用过的密码。"


class FirstPasswordHasher(PBKDF2PasswordHasher):
    """For first passwords, which are random, live until the first log-in and come by the thousand."""

    algorithm = "first_pbkdf2_sha256"
    iterations = 10_000
