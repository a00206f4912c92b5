#!/bin/sh
# Installs what the tests need from the system: a browser, PostgreSQL, a library of the browser's driver.
set -eu

missing=""
need() { missing="$missing $1"; }
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || need chromium
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need postgresql
ls /usr/lib/*/libatomic.so.1 >/dev/null 2>&1 || need libatomic1
[ -z "$missing" ] && exit 0

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1; then sudo -n "$@"
    else return 1; fi
}

echo "Installing$missing ..."

if as_root apt-get update -qq </dev/null &&
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $missing </dev/null >/dev/null; then
    exit 0
fi
echo "The tests need$missing; as root: apt-get install$missing" >&2
exit 1
