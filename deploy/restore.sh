#!/bin/sh
# Bring a saved folder back into an EMPTY database and an empty media folder: sh deploy/restore.sh /srv/backup/portal-…
set -eu
cd "$(dirname "$0")/.."
SAVED=${1:?"say what to restore: restore.sh FOLDER"}
: "${DATABASE_URL:?}" "${MEDIA_ROOT:?}"

(cd "$SAVED" && sha256sum --check --quiet SHA256SUMS)
tables=$(psql --no-psqlrc --tuples-only --no-align --dbname="$DATABASE_URL" \
  --command="SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
[ "$tables" = 0 ] || { echo "The database is not empty; create a new one to restore into." >&2; exit 1; }
[ -z "$(ls -A "$MEDIA_ROOT" 2>/dev/null)" ] || { echo "$MEDIA_ROOT is not empty." >&2; exit 1; }

# --no-comments: the comment on pg_trgm belongs to whoever made the extension.
pg_restore --no-owner --no-comments --exit-on-error --single-transaction --dbname="$DATABASE_URL" "$SAVED/database.dump"
mkdir -p "$MEDIA_ROOT"
tar -C "$MEDIA_ROOT" -xf "$SAVED/media.tar"
.venv/bin/python manage.py migrate --no-input
.venv/bin/python manage.py check_audit
