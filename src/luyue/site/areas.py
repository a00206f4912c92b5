"""The areas of Luyue from the lowest floor to the highest, and where each shows its pages."""

from importlib.util import find_spec

FLOORS = (
    "organization",
    "parties",
    "rulebook",
    "ledger",
    "records",
    "search",
    "desk",
    "api",
    "exchange",
    "messaging",
    "sweep",
    "products",
    "improvement",
    "customers",
    "complaints",
    "insight",
)

ADDRESSES = {"api": "api/", "insight": "conformity/"}


def areas_with(module: str) -> list[str]:
    """The areas, lowest first, that have a module of this name."""
    return [area for area in FLOORS if find_spec(f"luyue.{area}") and find_spec(f"luyue.{area}.{module}")]
