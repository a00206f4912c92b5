#!/bin/sh
# Renews both lock files from pyproject.toml. They name versions and digests, never a registry's address.
set -eu
cd "$(dirname "$0")/.."
compile() {
    UV_SYSTEM_CERTS=1 .venv/bin/uv pip compile pyproject.toml --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
        --universal --python-version 3.11 --custom-compile-command "make lock" "$@"
}
compile --group assets --output-file requirements.lock
compile --group assets --group dev --output-file requirements-dev.lock
