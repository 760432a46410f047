#!/bin/sh
# What a container of the image does:
#   serve     (unless told otherwise) brings the database up to date, then serves on port 8000
#   tick      what the clock must do, every minute
#   backup    saves to /srv/backup every night at BACKUP_AT (02:30), and at once when the newest is a day old
#   healthy   ends with 0 when the one that serves is ready
#   …         any management command: start, reset_password NAME, check_audit
# Only `serve` changes the schema, and of several started at once one works while the others wait.
set -eu
umask 022
. "$(dirname "$0")/common.sh"
settings

nap() { sleep "$1" & wait $!; }  # so that the end of the container is not slept through
trap 'exit 0' TERM INT

saved_today() { [ -n "$(find "$PORTAL_BACKUPS" -maxdepth 1 -name 'portal-*' -mtime -1)" ]; }
until_tonight() {
  now=$(date +%s)
  then=$(date -d "today ${BACKUP_AT:-02:30}" +%s)
  [ "$then" -gt "$now" ] || then=$(date -d "tomorrow ${BACKUP_AT:-02:30}" +%s)
  echo $((then - now))
}

case ${1:-serve} in
  serve)
    [ -f var/static/staticfiles.json ] || manage collectstatic --no-input --verbosity 0
    manage upgrade
    exec .venv/bin/gunicorn config.wsgi --config deploy/gunicorn.conf.py --bind "${BIND:-0.0.0.0:8000}"
    ;;
  tick)
    while :; do manage tick || true; nap 60; done
    ;;
  backup)
    saved_today || sh deploy/backup.sh || true
    while :; do nap "$(until_tonight)"; sh deploy/backup.sh || true; done
    ;;
  healthy) exec .venv/bin/python deploy/healthy.py "${BIND:-127.0.0.1:8000}" ;;
  *) exec .venv/bin/python manage.py "$@" ;;
esac
