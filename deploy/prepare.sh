#!/bin/sh
# Once on a new server, as root: the portal's user and folders, portal.env with made-up secrets, and the role and
# the database it names.   sh deploy/prepare.sh portal.example.gov.cn
# What is there stays as it is, so it may run again; after a change of DATABASE_URL in portal.env it makes the
# database of the new name, as for a restore. A database on another server is made there by hand.
set -eu
. "$(dirname "$0")/common.sh"
HOST=${1:-}
need_root

if ! id "$PORTAL_USER" > /dev/null 2>&1; then
  useradd --system --user-group --home-dir "$PORTAL_STATE" --shell /usr/sbin/nologin "$PORTAL_USER"
fi
group=$(id -gn "$PORTAL_USER")
install -d -m 0750 -g "$group" "$PORTAL_ETC"
install -d -m 0750 -o "$PORTAL_USER" -g "$group" "$PORTAL_STATE"
# A disk of its own, carried to another place: a backup beside what it saves is none.
install -d -m 0700 -o "$PORTAL_USER" -g "$group" "$PORTAL_BACKUPS"

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
file="$PORTAL_ETC/portal.env"
if [ ! -e "$file" ]; then
  [ -n "$HOST" ] || stop "say by which name the portal will be reached: prepare.sh portal.example.gov.cn"
  case $HOST in *[!A-Za-z0-9.,-]*) stop "$HOST is no host name (several are separated by commas)." ;; esac
  (
    umask 077
    sed -e "s|put-a-password-here|$(random)|" -e "s|put-sixty-random-characters-here|$(random)|" \
      -e "s|portal.example.gov.cn|$HOST|" -e "s|/var/lib/portal|$PORTAL_STATE|" \
      -e "s|localhost/portal|${PORTAL_DATABASE:-localhost/portal}|" deploy/portal.env.example > "$file.new"
    chgrp "$group" "$file.new"
    chmod 0640 "$file.new"
    mv "$file.new" "$file"
  )
  echo "Written: $file"
fi
unset DATABASE_URL
settings
install -d -m 0750 -o "$PORTAL_USER" -g "$group" "$MEDIA_ROOT"

# postgres://role:password@host:port/name, of characters that mean nothing in SQL
rest=${DATABASE_URL#*://}
name=${rest##*/}
login=${rest%%@*}
place=${rest#*@}; place=${place%%/*}
role=${login%%:*}
password=${login#*:}
case $role$password$name in *[!A-Za-z0-9_]*) stop "DATABASE_URL holds more than letters and digits: make its role and database by hand." ;; esac
[ "$role" != "$login" ] && [ -n "$password" ] || stop "DATABASE_URL names no password: postgres://role:password@localhost/name"
case $place in
  localhost | 127.0.0.1 | localhost:* | 127.0.0.1:*) ;;
  *) echo "The database is on $place: make role, database and pg_trgm there, then deploy/install.sh."; exit 0 ;;
esac
case $place in *:*) port="--port=${place#*:}" ;; *) port= ;; esac
# The password goes in by standard input and into no log.
# shellcheck disable=SC2086  # a port that is not named is no word at all
said=$($PORTAL_PSQL --no-psqlrc --quiet --set=ON_ERROR_STOP=1 $port --dbname=postgres 2>&1 << SQL
SET log_statement = 'none';
SET log_min_duration_statement = -1;
SET log_min_error_statement = panic;
SELECT 'CREATE ROLE "$role" LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '$role') \gexec
ALTER ROLE "$role" PASSWORD '$password';
SELECT 'CREATE DATABASE "$name" OWNER "$role" ENCODING UTF8 LC_COLLATE "C" LC_CTYPE "C.UTF-8" TEMPLATE template0'
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '$name') \gexec
\connect "$name"
CREATE EXTENSION IF NOT EXISTS pg_trgm;
SQL
) || stop "PostgreSQL did not make role and database: $(last_line "$said")"
echo "Ready for deploy/install.sh: user $PORTAL_USER, $file, database $name."
