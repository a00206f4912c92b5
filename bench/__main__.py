"""`python -m bench`: every measured path against its raw-SQL floor, on both databases, at several sizes."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def main() -> None:
    said = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    said.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    said.add_argument("--sizes", default="1000,100000,1000000", help="records, separated by commas")
    said.add_argument("--runs", type=int, default=60, help="counted requests of each path")
    said.add_argument("--sweep", type=int, default=1_000_000, help="running promises when the sweep is measured, or 0")
    said.add_argument("--json", type=Path, help="write the figures there as well")
    said.add_argument("--home", type=Path, help="fill and keep this folder, or use what was filled there before")
    asked = said.parse_args()
    figures: list[dict[str, Any]] = []
    if asked.database in ("sqlite", "both"):
        figures += _measure(asked, {"DATABASE_URL": ""})
    if asked.database in ("postgresql", "both"):
        if not os.environ.get("DATABASE_URL"):
            sys.exit("DATABASE_URL names no PostgreSQL; `make bench` starts one, or --database sqlite leaves it out")
        figures += _measure(asked, {})
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1))
    print(table(figures))


def _measure(asked: argparse.Namespace, changes: dict[str, str]) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="luyue-bench-") as thrown_away:
        env = {
            **os.environ,
            "LUYUE_HOME": str(asked.home or thrown_away),
            "DJANGO_SETTINGS_MODULE": "luyue.site.settings",
            "PYTHONPATH": str(ROOT),
            **changes,
        }
        if not env["DATABASE_URL"]:
            del env["DATABASE_URL"]
        figures = []
        wanted = [asked.sizes, str(asked.runs), str(asked.sweep)]
        with subprocess.Popen(
            [sys.executable, "-m", "bench.measuring", *wanted], env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as measuring:
            for line in measuring.stdout or ():
                if line.startswith("{"):
                    figures.append(json.loads(line))
                    print(line, end="", file=sys.stderr)
        if measuring.returncode:
            sys.exit(measuring.returncode)
        return figures


def table(figures: list[dict[str, Any]]) -> str:
    """The figures as a table for docs/performance.md."""
    lines = [
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} cores, Python {platform.python_version()}.",
        "",
        "| database | records | path | median ms | p95 ms | floor ms | ratio | CPU ms | floor CPU ms | CPU ratio |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {each['database']} | {each['size']:,} | {each['path']} | {each['median']:.1f} | {each['p95']:.1f}"
        f" | {each['floor_median']:.1f} | {each['ratio']:.1f} | {_processor(each)} |"
        for each in figures
    ]
    return "\n".join(lines)


def _processor(each: dict[str, Any]) -> str:
    if not each.get("cpu"):
        return "– | – | –"
    return f"{each['cpu']:.1f} | {each['floor_cpu']:.2f} | {each['cpu_ratio']:.1f}"


if __name__ == "__main__":
    main()
