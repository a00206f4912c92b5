"""The engine works where there is no database: over a foreign log, in a what-if, in a test."""

import subprocess
import sys
from pathlib import Path

ENGINE = Path(__file__).parents[3] / "src" / "luyue" / "rulebook" / "engine"


def test_the_engine_loads_no_part_of_django():
    modules = [f"luyue.rulebook.engine.{path.stem}" for path in ENGINE.glob("*.py") if path.stem != "__init__"]
    asks = f"import sys, {', '.join(modules)}; print([name for name in sys.modules if name.startswith('django')])"

    told = subprocess.run(
        [sys.executable, "-c", asks], cwd=ENGINE.parents[2], capture_output=True, text=True, check=True
    )

    assert told.stdout.strip() == "[]"
