#!/usr/bin/env python3
"""Run a management command of the portal."""

import os
import sys

# Commands that only read a file: they must run on a machine that has no database and no secret.
OFFLINE = {"recount"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] and sys.argv[1] in OFFLINE:
        os.environ["DEBUG"] = "on"
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        settings.INSTALLED_APPS  # noqa: B018  read now, so that a missing setting stops the start here
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as missing:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"Cannot start: {missing}")


if __name__ == "__main__":
    main()
