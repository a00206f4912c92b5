#!/bin/bash
# Runs a command with DATABASE_URL naming a PostgreSQL of its own, on a unix socket, gone afterwards.
# With --safe it writes to the disk as a real one does; without, it is in a hurry.
set -euo pipefail

haste="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
if [ "${1:-}" = --safe ]; then
    haste="-c shared_buffers=512MB -c max_wal_size=4GB"
    shift
fi

bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
folder=$(mktemp -d /tmp/luyue-pg.XXXXXX)
as_owner=()
owner=$(id -un)
if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to run as root
    owner=postgres
    chown postgres: "$folder"
    as_owner=(runuser -u postgres --)
fi

stop() {
    (cd / && "${as_owner[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1) || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

(
    cd /
    "${as_owner[@]}" "$bin/initdb" -D "$folder/data" -A trust -E UTF8 --locale=C.UTF-8 -N >/dev/null
    "${as_owner[@]}" "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w start \
        -o "-k $folder -c listen_addresses='' $haste -c max_connections=60" >/dev/null
) || { cat "$folder/log" >&2 2>/dev/null; exit 1; }

export DATABASE_URL="postgresql://$owner@/postgres?host=$folder"
"$@"
