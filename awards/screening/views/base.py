"""Who reads what screening and panels show of a year."""

from units.roles import Role

READERS = (Role.OFFICE, Role.SUPERVISOR)
