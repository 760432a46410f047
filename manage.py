#!/usr/bin/env python3
"""Run a management command of the portal."""

import os
import sys

from awards.panel.rules.redrawing import main as redraw
from awards.scoring.recount import main as recount

BARE = {"recount": recount, "redraw": redraw}


def main() -> None:
    if program := BARE.get("".join(sys.argv[1:2])):
        # A public file is checked without settings, database or secret, as a stranger would.
        sys.exit(program(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.conf import settings
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
        from django.db import OperationalError, connection
    except ModuleNotFoundError as missing:
        sys.exit(
            f"Cannot start: {missing.name} is not installed here. Run `make setup`, then .venv/bin/python manage.py …"
        )

    try:
        settings.INSTALLED_APPS  # noqa: B018  read now, so that a missing setting stops the start here
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as missing:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"Cannot start: {missing}")
    except OperationalError as refusal:
        # Without a connection it never came to a question: that is the server's matter, not a fault of ours.
        if "--traceback" in sys.argv or connection.connection is not None:
            raise
        sys.exit(f"The database does not answer: {str(refusal).splitlines()[0]}")


if __name__ == "__main__":
    main()
