#!/bin/sh
# Makes .venv as the lock file says. `--dev` adds the tools for tests. Does nothing when it is already so.
set -eu
cd "$(dirname "$0")/.."

lock=requirements.lock
[ "${1:-}" = "--dev" ] && lock=requirements-dev.lock

# A company proxy's certificate is in the system's store; uv, pip and Node look there only when told.
export UV_SYSTEM_CERTS=1 UV_PYTHON_DOWNLOADS=never UV_LINK_MODE="${UV_LINK_MODE:-copy}" PIP_DISABLE_PIP_VERSION_CHECK=1
store=/etc/ssl/certs/ca-certificates.crt
if [ -f "$store" ]; then
    export SSL_CERT_FILE="${SSL_CERT_FILE:-$store}" PIP_CERT="${PIP_CERT:-$store}" NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-$store}"
fi

stamp() { cat "$1" pyproject.toml | cksum; }
done_for() { [ -x .venv/bin/luyue ] && [ -f ".venv/stamp-$1" ] && [ "$(cat ".venv/stamp-$1")" = "$(stamp "$1")" ]; }

# The tools for tests contain all that runs Luyue.
done_for requirements-dev.lock && exit 0
done_for "$lock" && exit 0

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1; then sudo -n "$@"
    else return 1; fi
}

find_python() {
    for name in python3.13 python3.12 python3.11 python3; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo "$name"; return; fi
    done
    return 1
}

make_venv() {
    python=$(find_python) || { echo "Luyue needs Python 3.11 or newer; none was found." >&2; exit 1; }
    "$python" -m venv .venv >/dev/null 2>&1 && return
    rm -rf .venv
    echo "Installing python3-venv ..."
    if as_root apt-get update -qq </dev/null && as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends python3-venv </dev/null >/dev/null && "$python" -m venv .venv; then
        return
    fi
    echo "Python's venv module is missing; as root: apt-get install python3-venv" >&2
    exit 1
}

.venv/bin/python -c 'import pip' >/dev/null 2>&1 || { rm -rf .venv; make_venv; }
rm -f .venv/stamp-*
export VIRTUAL_ENV="$PWD/.venv"
.venv/bin/uv --version >/dev/null 2>&1 || .venv/bin/python -m pip install --quiet "uv>=0.9,<1"
echo "Installing Python packages ..."
.venv/bin/uv pip sync --quiet --compile-bytecode --require-hashes "$lock"
.venv/bin/uv pip install --quiet --no-deps --no-build-isolation --editable .
.venv/bin/python -m compileall -q src
stamp "$lock" > ".venv/stamp-$lock"
