#!/bin/sh
# Prepare a release in /opt/portal for production, or bring it up to date: packages, front end, static files,
# migrations. Run it as a user that may write there, with the variables of portal.env in the environment:
#   set -a; . /etc/portal/portal.env; set +a; sh deploy/install.sh
# To upgrade: backup.sh, copy the new release over the old one (keep .venv), install.sh, restart. To go back:
# the old release, install.sh, and restore.sh into a new database, as migrations do not run backwards.
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}
stop() { echo "Stopped: $1" >&2; exit 1; }

for name in DATABASE_URL SECRET_KEY ALLOWED_HOSTS MEDIA_ROOT; do
  eval "[ -n \"\${$name:-}\" ]" || stop "$name is not set: load /etc/portal/portal.env first, see the head of this file."
done
[ -z "${DEBUG:-}" ] || stop "DEBUG is set: production runs without it."
command -v "$PYTHON" > /dev/null || stop "there is no $PYTHON: install Python 3.11 or newer, or name it in PYTHON."
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop "$("$PYTHON" --version) is too old: 3.11 or newer is needed."

# The wheels may come from a folder on this machine: WHEELS=/srv/wheels sh deploy/install.sh
[ -z "${WHEELS:-}" ] || [ -d "$WHEELS" ] || stop "there is no folder $WHEELS with the wheels."
[ -x .venv/bin/python ] || "$PYTHON" -m venv .venv || stop "$PYTHON has no venv module: install python3-venv."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary=:all: \
  ${WHEELS:+--no-index --find-links "$WHEELS"} -r requirements/base.txt \
  || stop "a package of requirements/base.txt is missing or has another hash: see the lines above${WHEELS:+; the wheels are looked for in $WHEELS alone}."

# var/vendor (Bootstrap, icons, ECharts) is made by `make setup` where npm is at hand and comes along with the release.
[ -f var/vendor/bootstrap/css/bootstrap.min.css ] \
  || stop "var/vendor is missing: run 'make setup' on a machine with npm and copy var/vendor here."

manage() { .venv/bin/python manage.py "$@"; }
manage check --deploy --database default
manage migrate --no-input
manage createcachetable
manage collectstatic --no-input --verbosity 0
echo "Ready. Restart the service: systemctl restart portal"
echo "The first time: .venv/bin/python manage.py start makes the committee and its three administrators."
