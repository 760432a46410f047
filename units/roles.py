"""The roles of the portal and which of them one person may not hold together."""

from django.db.models import TextChoices


class Role(TextChoices):
    """What a post lets its holder do; see design: people and their rights."""

    SECRETARY = "secretary", "党组织书记"
    CLERK = "clerk", "党务干部"
    REVIEWER = "reviewer", "评委"
    OFFICE = "office", "评选办"
    MEMBER = "member", "工委委员"
    SUPERVISOR = "supervisor", "监督员"
    SYSADMIN = "sysadmin", "系统管理员"
    SECADMIN = "secadmin", "安全管理员"
    AUDITOR = "auditor", "审计管理员"


ADMINISTRATORS = frozenset({Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR})
# These act for the committee itself: their post is held at the organiser.
COMMITTEE_ROLES = frozenset({Role.OFFICE, Role.MEMBER, Role.SUPERVISOR, Role.REVIEWER})
UNIT_ROLES = frozenset({Role.SECRETARY, Role.CLERK})


def misplaced(role: Role, *, at_committee: bool) -> str:
    """Why the role cannot be held there, in words for the user; '' when it can."""
    if role in COMMITTEE_ROLES and not at_committee:
        return f"“{role.label}”须设在工委，请选择工委。"
    if role in UNIT_ROLES and at_committee:
        return f"“{role.label}”须设在所属党组织，不能设在工委。"
    return ""


def excluded_by(role: Role, held: Role, *, same_unit: bool) -> bool:
    """Whether nobody may hold `role` while holding `held`.

    The three administrators exclude each other and every business role, everywhere; a reviewer is
    never office, member or supervisor of the same committee (`same_unit`).
    """
    if role == held:
        return False
    if role in ADMINISTRATORS or held in ADMINISTRATORS:
        return True
    judges = {Role.REVIEWER}
    deciders = {Role.OFFICE, Role.MEMBER, Role.SUPERVISOR}
    crossing = (role in judges and held in deciders) or (role in deciders and held in judges)
    return crossing and same_unit
