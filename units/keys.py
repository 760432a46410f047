"""Every act on accounts that takes two people."""

from __future__ import annotations

from units.kit.keys import SecondKey, Tie
from units.roles import Role

SYSADMIN, SECADMIN = (Role.SYSADMIN,), (Role.SECADMIN,)

POST_GRANTED = SecondKey("post-granted", "授予岗位", (Role.SYSADMIN, Role.OFFICE), SECADMIN, Tie.NONE)
PASSWORD_RESET = SecondKey("password-reset", "重置在岗人员的密码", SYSADMIN, SECADMIN, Tie.NONE)
ACCOUNT_DISABLED = SecondKey("account-disabled", "停用在岗人员的账号", SYSADMIN, SECADMIN, Tie.NONE)
POST_ENDED = SecondKey("post-ended", "提前结束岗位", (Role.SYSADMIN, Role.OFFICE), SECADMIN, Tie.NONE)
