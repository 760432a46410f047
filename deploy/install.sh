#!/bin/sh
# Prepare a release in /opt/portal for production, or bring it up to date: packages, front end, static files,
# migrations. Run it as a user that may write there, with the variables of portal.env in the environment.
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}

# The wheels may come from a folder on this machine: WHEELS=/srv/wheels sh deploy/install.sh
[ -d .venv ] || "$PYTHON" -m venv .venv
.venv/bin/pip install --quiet --require-hashes --only-binary=:all: \
  ${WHEELS:+--no-index --find-links "$WHEELS"} -r requirements/base.txt

# var/vendor (Bootstrap, icons, ECharts) is made by `make setup` where npm is at hand and comes along with the release.
[ -f var/vendor/bootstrap/css/bootstrap.min.css ] || {
  echo "var/vendor is missing: run 'make setup' on a machine with npm and copy var/vendor here." >&2
  exit 1
}

.venv/bin/python manage.py check --deploy --database default
.venv/bin/python manage.py migrate --no-input
.venv/bin/python manage.py createcachetable
.venv/bin/python manage.py collectstatic --no-input --verbosity 0
echo "Ready. Restart the service: systemctl restart portal"
