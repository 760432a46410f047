"""What must not be true of an installation that others reach."""

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import DatabaseError

from units.demo import MARK
from units.models import User
from units.roles import Role


@register(Tags.security, deploy=True)
def no_demo_accounts(app_configs, databases=None, **kwargs):
    """`check --deploy` fails while an account of the demo exists: its password is public.

    Plain `check` names no database, and this is a question to one; a server that does not answer, or has
    no tables yet, holds no account either, and other checks say so.
    """
    try:
        found = list(
            User.objects.filter(email__endswith=MARK).order_by("pk").values_list("username", flat=True)[:3]
        )
    except DatabaseError:
        return []
    if not found:
        return []
    return [
        Error(
            f"Demo accounts exist ({', '.join(found)}, …); their password is public.",
            "Start with an empty database; the demo season is for trying the portal out.",
            id="units.E001",
        )
    ]


@register(Tags.security)
def roles_are_known(app_configs, **kwargs):
    """A misspelt post would ask nobody for a second factor."""
    unknown = sorted(set(settings.SECOND_FACTOR_ROLES) - set(Role.values))
    if not unknown:
        return []
    known = ", ".join(Role.values)
    return [Error(f"SECOND_FACTOR_ROLES names {', '.join(unknown)}.", f"Known: {known}.", id="units.E002")]
