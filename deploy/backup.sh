#!/bin/sh
# Save database and uploads into one dated folder: sh deploy/backup.sh [FOLDER]
# The newest KEEP of its own folders stay (30); older ones go once a new one is whole. How it ended is told to the
# portal, whose health page and desks tell the age of the last good one.
# The audit log is sealed first: transaction numbers start anew in a restored cluster, and only sealed entries
# keep their order there.
set -eu
umask 077  # the folder holds everything the portal knows of people
. "$(dirname "$0")/common.sh"
settings
as_service "$@"
TARGET=${1:-$PORTAL_BACKUPS}
KEEP=${KEEP:-30}
unfinished="$TARGET/.unfinished"

fail() {
  trap - EXIT
  rm -rf "$unfinished" 2> /dev/null || true
  manage record_backup "$TARGET" --failure "$1" > /dev/null 2>&1 || true
  stop "no backup: $1"
}
# step WHAT COMMAND…: what goes wrong is told by its last words
step() {
  what=$1; shift
  said=$("$@" 2>&1) || fail "$what: $(last_line "$said")"
}
seal() { manage check_audit --seal > "$unfinished/audit.txt"; }
# 1: a file came or went meanwhile; what the database knows of was there before its dump.
uploads() { tar -C "$MEDIA_ROOT" -cf "$unfinished/media.tar" . || [ $? = 1 ]; }
sums() { cd "$unfinished" && sha256sum audit.txt database.dump media.tar > SHA256SUMS; }

case $KEEP in *[!0-9]* | '' | 0*) fail "KEEP=$KEEP is no number of folders to keep." ;; esac
[ -d "$TARGET" ] && [ -w "$TARGET" ] || fail "there is no folder $TARGET that $(id -un) may write to."
exec 9> "$TARGET/.lock"
flock --nonblock 9 || stop "another backup is under way."
trap 'fail "interrupted."' EXIT
trap 'exit 143' HUP INT TERM
step "clearing away" rm -rf "$unfinished"
step "making a folder" mkdir "$unfinished"
step "sealing the audit log" seal
step "saving the database" manage pg pg_dump --format=custom --no-owner --file="$unfinished/database.dump"
step "looking for uploads" mkdir -p "$MEDIA_ROOT"
step "saving the uploads" uploads
step "counting checksums" sums
folder="$TARGET/portal-$(date +%Y%m%d-%H%M%S)"
step "naming the folder" mv -T "$unfinished" "$folder"
step "telling the portal" manage record_backup "$folder"
trap - EXIT

# Its own folders are named by date, so the oldest come first.
d='[0-9][0-9]'
# shellcheck disable=SC2086  # unquoted, for it is a pattern
set -- "$TARGET"/portal-$d$d$d$d-$d$d$d
while [ $# -gt "$KEEP" ]; do
  rm -rf "$1" || echo "Could not remove $1." >&2
  shift
done
echo "$folder"
