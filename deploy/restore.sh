#!/bin/sh
# Bring a saved folder back into an EMPTY database and an empty media folder: sh deploy/restore.sh /srv/backup/portal-…
# Both are those of portal.env: give it a new name of each, run deploy/prepare.sh, then this.
set -eu
. "$(dirname "$0")/common.sh"
[ -n "${1:-}" ] || stop "say what to restore: restore.sh FOLDER"
settings
as_service "$@"
SAVED=$1

[ -f "$SAVED/SHA256SUMS" ] || stop "$SAVED is no folder of backup.sh that $(id -un) may read."
(cd "$SAVED" && sha256sum --check --quiet --strict SHA256SUMS > /dev/null 2>&1) || stop "$SAVED is damaged: sha256sum --check SHA256SUMS names the file."
tables=$(manage pg psql --no-psqlrc --tuples-only --no-align \
  --command="SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
[ "$tables" = 0 ] || stop "the database is not empty: create a new one to restore into."
[ -z "$(ls -A "$MEDIA_ROOT" 2> /dev/null)" ] || stop "$MEDIA_ROOT is not empty."

# --no-comments: the comment on pg_trgm belongs to whoever made the extension.
manage pg pg_restore --no-owner --no-comments --exit-on-error --single-transaction "$SAVED/database.dump"
mkdir -p "$MEDIA_ROOT"
tar -C "$MEDIA_ROOT" -xf "$SAVED/media.tar"
manage upgrade
manage check_audit
