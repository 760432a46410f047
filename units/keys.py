"""Every act on accounts that takes two people."""

from __future__ import annotations

from units.kit.keys import SecondKey, Tie
from units.roles import ADMINISTRATORS, Role

THREE = tuple(role for role in Role if role in ADMINISTRATORS)
SYSADMIN, SECADMIN = (Role.SYSADMIN,), (Role.SECADMIN,)

POST_GRANTED = SecondKey("post-granted", "授予岗位", (Role.SYSADMIN, Role.OFFICE), SECADMIN, Tie.NONE)
PASSWORD_RESET = SecondKey(
    "password-reset", "重置在岗人员的密码", SYSADMIN, SECADMIN, Tie.NONE, waits=True, halves=True
)
SECOND_ACCOUNT = SecondKey(
    "second-account", "为在岗人员另建账号", SYSADMIN, SECADMIN, Tie.NONE, waits=True, halves=True
)
ACCOUNT_DISABLED = SecondKey(
    "account-disabled", "停用评选人员的账号", SYSADMIN, SECADMIN, Tie.NONE, waits=True
)
POST_ENDED = SecondKey(
    "post-ended", "提前结束评选岗位", (Role.SYSADMIN, Role.OFFICE), SECADMIN, Tie.NONE, waits=True
)
ADMINISTRATOR_RESET = SecondKey(
    "administrator-reset", "重置管理员的密码", THREE, THREE, Tie.NONE, waits=True, three=True,
    halves=True,
)  # fmt: skip
ADMINISTRATOR_DISABLED = SecondKey(
    "administrator-disabled",
    "停用管理员的账号",
    THREE,
    THREE,
    Tie.NONE,
    waits=True,
    three=True,
)
ADMINISTRATOR_ENDED = SecondKey(
    "administrator-ended",
    "结束管理员的岗位",
    THREE,
    THREE,
    Tie.NONE,
    waits=True,
    three=True,
)
