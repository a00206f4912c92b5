"""Which release a database's tables are of, told by the migrations that were applied to them."""

from __future__ import annotations

from collections.abc import Collection

from django.apps import apps as present_apps
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

Name = tuple[str, str]


def applied_migrations() -> frozenset[Name]:
    """What was applied to this database, by app and name."""
    return frozenset(MigrationRecorder(connection).applied_migrations())


def known_migrations() -> frozenset[Name]:
    """What this release brings."""
    return frozenset(MigrationExecutor(connection).loader.disk_migrations)


def in_words(migrations: Collection[Name]) -> str:
    """A few of them for a sentence."""
    return ", ".join(".".join(name) for name in sorted(migrations)[:3])


def models_after(migrations: Collection[Name]) -> Apps:
    """The models as they were when exactly these migrations had been applied."""
    if migrations == known_migrations():
        return present_apps
    loader = MigrationExecutor(connection).loader
    return loader.project_state(_last_of(migrations)).apps


def bring_tables_to(migrations: Collection[Name]) -> None:
    """In an empty database, make the tables of an earlier release."""
    MigrationExecutor(connection).migrate(_last_of(migrations))


def _last_of(migrations: Collection[Name]) -> list[Name]:
    """Those on which none of the others rests; the rest follows from them."""
    graph = MigrationExecutor(connection).loader.graph
    return sorted(
        name for name in migrations if not any(child.key in migrations for child in graph.node_map[name].children)
    )
