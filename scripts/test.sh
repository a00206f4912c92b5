#!/bin/bash
# Every check, in order; one that fails does not hide the others. `make test` prepares what it needs.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
home=$(mktemp -d "${TMPDIR:-/tmp}/luyue-home.XXXXXX")
trap 'rm -rf "$home"' EXIT
export LUYUE_HOME="$home"
unset DATABASE_URL

failed=()
check() {
    local name=$1
    shift
    printf '\n== %s\n' "$name"
    "$@" || failed+=("$name")
}

check "format" ruff format --check --quiet .
check "lint" ruff check --quiet .
check "types" mypy
check "floors" lint-imports --no-logo
check "templates" djlint src --lint --quiet
check "migrations" luyue manage makemigrations --check --dry-run
check "tests on SQLite" pytest -q -n 2 --dist loadfile -m "not browser"
check "tests on PostgreSQL" bash scripts/withpg.sh pytest -q -n 2 --dist loadfile -m "not browser and not slow and not horizon" --database-only
# PostgreSQL's horizon is that of the whole server: another process's open test would hold sealing back.
check "sealing on PostgreSQL" bash scripts/withpg.sh pytest -q -m "horizon"
# What was acknowledged must be on the disk, so this one writes to it.
check "killed under load on PostgreSQL" bash scripts/withpg.sh --safe pytest -q tests/faults/test_survives_kill.py
check "stories in a browser" pytest -q -n 2 --dist load -m browser

[ ${#failed[@]} -eq 0 ] && exit 0
printf '\nNot in order:\n'
printf '  %s\n' "${failed[@]}"
exit 1
