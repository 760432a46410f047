"""The accounts of the demo season: who they are, how the log-in page offers them, how they are known again.

Accounts are called after posts; nobody's name is invented. Every one carries an address under `MARK`, a
domain that can never exist, so that a demo account is found whatever became of its name or password.
"""

from __future__ import annotations

from dataclasses import dataclass

from units.roles import Role

PASSWORD = "Demo-2026!"
MARK = "@demo.invalid"
SECRETARIES = 77


@dataclass(frozen=True)
class DemoAccount:
    """name: the post, as it stands wherever a person's name would."""

    username: str
    role: Role
    name: str
    duty: str

    @property
    def email(self) -> str:
        return self.username + MARK


MEMBERS = ("工委书记", "工委常务副书记", "工委副书记", "纪检监察工委书记", "组织委员", "宣传委员", "统战委员")
REVIEWER_FIELDS = (
    "机关党建", "营商环境", "公共管理", "法治建设", "工程管理", "民生服务", "数字政务", "财政绩效", "基层治理",
)  # fmt: skip

COMMITTEE_ACCOUNTS = (
    DemoAccount("office", Role.OFFICE, "评选办（一）", "评选办公室主任"),
    DemoAccount("office2", Role.OFFICE, "评选办（二）", "评选办公室副主任"),
    DemoAccount("supervisor", Role.SUPERVISOR, "监督员", "纪检监察工委监督员"),
    *(
        DemoAccount(f"member{number}", Role.MEMBER, duty, f"区直机关工委{duty.removeprefix('工委')}")
        for number, duty in enumerate(MEMBERS, 1)
    ),
    *(
        DemoAccount(f"reviewer{number}", Role.REVIEWER, f"评委{number}", f"特邀评委（{field}）")
        for number, field in enumerate(REVIEWER_FIELDS, 1)
    ),
    DemoAccount("sysadmin", Role.SYSADMIN, "系统管理员", "系统管理员"),
    DemoAccount("secadmin", Role.SECADMIN, "安全管理员", "安全管理员"),
    DemoAccount("auditor", Role.AUDITOR, "审计管理员", "审计管理员"),
)

# What the log-in page says of each role, in the groups in which it shows them.
GROUPS = (
    (
        "单位",
        (
            (Role.SECRETARY, "secretary01", "审核并提交申报，查看本单位记录"),
            (Role.CLERK, "clerk01", "登记服务记录，起草申报"),
        ),
    ),
    (
        "评选",
        (
            (Role.OFFICE, "office", "资格审查、组织评审、发布公示"),
            (Role.REVIEWER, "reviewer1", "书面评审、现场打分、申报回避"),
            (Role.MEMBER, "member1", "查看议程，会议票决"),
            (Role.SUPERVISOR, "supervisor", "见证抽签，双人确认，受理匿名线索"),
        ),
    ),
    (
        "管理",
        (
            (Role.SYSADMIN, "sysadmin", "账号与参数"),
            (Role.SECADMIN, "secadmin", "确认岗位授予"),
            (Role.AUDITOR, "auditor", "审计日志"),
        ),
    ),
)


def usernames(role: Role) -> list[str]:
    """Every demo account of a role, the first one first."""
    if role == Role.SECRETARY:
        return [f"secretary{number:02d}" for number in range(1, SECRETARIES + 1)]
    if role == Role.CLERK:
        return ["clerk01"]
    return [account.username for account in COMMITTEE_ACCOUNTS if account.role == role]


def login_groups() -> list[dict]:
    """What the log-in page offers: one row a role, `others` behind it; asks no database."""
    return [{"label": label, "accounts": [_row(*entry) for entry in entries]} for label, entries in GROUPS]


def _row(role: Role, first: str, does: str) -> dict:
    return {
        "username": first,
        "role": role.value,
        "title": role.label,
        "does": does,
        "password": PASSWORD,
        "others": [name for name in usernames(role) if name != first],
    }
