#!/bin/sh
# A management command as the portal's user and with its settings: sh /opt/portal/deploy/manage.sh check_audit
set -eu
. "$(dirname "$0")/common.sh"
settings
as_service "$@"
exec .venv/bin/python manage.py "$@"
