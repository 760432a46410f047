# shellcheck shell=sh
# Read by the scripts of this folder, run by none. Where things lie on a server; a variable of the name changes it.
: "${PORTAL_HOME:=/opt/portal}"               # link to the release that runs: /opt/portal-0.2.0
: "${PORTAL_ETC:=/etc/portal}"                # portal.env
: "${PORTAL_STATE:=/var/lib/portal}"          # uploads
: "${PORTAL_BACKUPS:=/srv/backup}"
: "${PORTAL_RUN:=/run/portal}"                # the socket that the proxy speaks to
: "${PORTAL_UNITS:=/etc/systemd/system}"
: "${PORTAL_USER:=portal}"                    # whom the service runs as
: "${PORTAL_PSQL:=runuser -u postgres -- psql}"  # PostgreSQL as its administrator

ROOT=$(cd "$(dirname "$0")/.." && pwd -P)
cd "$ROOT" || exit

stop() { echo "Stopped: $1" >&2; exit 1; }
manage() { .venv/bin/python manage.py "$@"; }

# The variables of portal.env, unless they are there already: from systemd, from a container.
settings() {
  if [ -z "${DATABASE_URL:-}" ] && [ -r "$PORTAL_ETC/portal.env" ]; then
    set -a
    # shellcheck source=/dev/null
    . "$PORTAL_ETC/portal.env"
    set +a
  fi
  for name in DATABASE_URL SECRET_KEY ALLOWED_HOSTS MEDIA_ROOT; do
    eval "[ -n \"\${$name:-}\" ]" || stop "$name is not set: deploy/prepare.sh writes it to $PORTAL_ETC/portal.env, which root and $PORTAL_USER may read."
  done
}

# Prefix of a command that shall not run as root but as the portal's user: what it writes then belongs to it.
served() {
  AS=
  [ "$(id -u)" = 0 ] && [ "$PORTAL_USER" != root ] || return 0
  id "$PORTAL_USER" > /dev/null 2>&1 || stop "there is no user $PORTAL_USER: run deploy/prepare.sh first."
  AS="env HOME=$PORTAL_STATE setpriv --reuid=$PORTAL_USER --regid=$(id -g "$PORTAL_USER") --init-groups"
}

# Begin the script anew as the portal's user when root has called it.
as_service() {
  served
  [ -z "$AS" ] || exec $AS sh "$ROOT/deploy/$(basename "$0")" "$@"
}

# What only root may do, or in a scratch place whoever is the portal's user there.
need_root() {
  [ "$(id -u)" = 0 ] || [ "$(id -un)" = "$PORTAL_USER" ] || stop "run it as root."
}

last_line() { printf '%s\n' "$1" | sed '/^[[:space:]]*$/d' | tail -n 1; }
