#!/bin/sh
# Save database and uploads into one dated folder: sh deploy/backup.sh /srv/backup
# Run it with the variables of portal.env in the environment. The audit log is sealed first: transaction numbers
# start anew in a restored cluster, and only sealed entries keep their order there.
set -eu
umask 077  # the folder holds everything the portal knows of people
cd "$(dirname "$0")/.."
TARGET=${1:?"say where to save: backup.sh FOLDER"}
: "${DATABASE_URL:?}" "${MEDIA_ROOT:?}"

folder="$TARGET/portal-$(date +%Y%m%d-%H%M%S)"
mkdir -p "$folder"
.venv/bin/python manage.py check_audit --seal > "$folder/audit.txt"
pg_dump --format=custom --no-owner --dbname="$DATABASE_URL" --file="$folder/database.dump"
mkdir -p "$MEDIA_ROOT"
tar -C "$MEDIA_ROOT" -cf "$folder/media.tar" .
(cd "$folder" && sha256sum audit.txt database.dump media.tar > SHA256SUMS)
echo "$folder"
