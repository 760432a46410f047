#!/bin/sh
# Install the release this file lies in, or go back to it, as root after deploy/prepare.sh: sh deploy/install.sh
# Each release has a folder with packages and static files of its own, and /opt/portal is a link to the one that
# runs. So nothing of the running release is touched until the last step, and going back is the link again:
# the old release's install.sh, over a restored backup, as migrations do not run backwards.
set -eu
umask 022  # root's own may be closed, and another user serves what is made here
. "$(dirname "$0")/common.sh"
PYTHON=${PYTHON:-python3}
need_root

[ -z "${DEBUG:-}" ] || stop "DEBUG is set: production runs without it."
command -v "$PYTHON" > /dev/null || stop "there is no $PYTHON: install Python 3.11 or newer, or name it in PYTHON."
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop "$("$PYTHON" --version) is too old: 3.11 or newer is needed."
settings
served
[ ! -e "$PORTAL_HOME" ] || [ -L "$PORTAL_HOME" ] || [ "$ROOT" -ef "$PORTAL_HOME" ] \
  || stop "$PORTAL_HOME is no link: move it away, releases lie beside it as $PORTAL_HOME-0.2.0."
if [ -f SHA256SUMS ]; then
  sha256sum --check --quiet --strict SHA256SUMS > /dev/null 2>&1 || stop "a file of the release is damaged or missing: sha256sum --check --quiet SHA256SUMS names it; unpack it anew."
fi
# Style, icons and charts come along with a release; in a checkout `make setup` fetches them.
[ -f var/vendor/bootstrap/css/bootstrap.min.css ] || stop "var/vendor is missing: install a release made by 'make release'."

# A release brings its wheels; WHEELS names another folder, WHEELS= takes them from the network.
if [ -d wheels ] && [ -z "${WHEELS+named}" ]; then
  WHEELS=wheels
  meant=$(sed -n 's/^wheels for Python \([0-9.]*\) .*/\1/p' VERSION)
  found=$("$PYTHON" -c 'import sys; print("{}.{}".format(*sys.version_info[:2]))')
  [ "$meant" = "$found" ] || stop "the wheels are for Python $meant, $PYTHON is $found: name the right one in PYTHON, or let WHEELS= take others from the network."
fi
[ -z "${WHEELS:-}" ] || [ -d "$WHEELS" ] || stop "there is no folder $WHEELS with the wheels."
"$PYTHON" tools/packages.py requirements/base.txt ${WHEELS:+--wheels "$WHEELS"}
if ! $AS sh -c '.venv/bin/python -c ""' 2> /dev/null; then
  rm -r .venv
  stop "$PORTAL_USER may not run $PYTHON, it lies in a folder closed to others: name another in PYTHON."
fi
.venv/bin/python -m compileall -q config units services awards > /dev/null  # the portal's user may not

$AS .venv/bin/python manage.py check --deploy --database default
manage collectstatic --no-input --verbosity 0
$AS .venv/bin/python manage.py upgrade

if [ -d "$PORTAL_UNITS" ]; then
  for unit in deploy/*.service deploy/*.timer; do
    sed -e "s|/opt/portal|$PORTAL_HOME|g" -e "s|/etc/portal|$PORTAL_ETC|g" -e "s|/var/lib/portal|$PORTAL_STATE|g" \
      -e "s|/srv/backup|$PORTAL_BACKUPS|g" -e "s|/run/portal|$PORTAL_RUN|g" \
      -e "s|^User=.*|User=$PORTAL_USER|" -e "s|^Group=.*|Group=$(id -gn "$PORTAL_USER")|" \
      "$unit" > "$PORTAL_UNITS/$(basename "$unit")"
  done
  [ ! -d /run/systemd/system ] || systemctl daemon-reload
fi
if [ ! "$ROOT" -ef "$PORTAL_HOME" ]; then
  ln -s "$ROOT" "$PORTAL_HOME.new.$$"
  mv -T "$PORTAL_HOME.new.$$" "$PORTAL_HOME"
fi
echo "Ready: $PORTAL_HOME is $(basename "$ROOT"). Restart the service: systemctl restart portal"
echo "The first time: sh deploy/manage.sh start makes the committee and its three administrators."
