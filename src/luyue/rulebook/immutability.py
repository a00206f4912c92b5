"""The database itself refuses to change or remove a published edition and its signatures.

Django alters a table on SQLite by copying it, which loses its triggers: a migration that alters one of these tables
ends with `RunPython(immutability.impose_by_migration)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_SETTLED = "OLD.status IN ('published', 'withdrawn')"
_KEPT = (
    "id",
    "company_id",
    "procedure_id",
    "number",
    "effective",
    "content",
    "digest",
    "created_at",
    "created_by_id",
    "published_at",
    "published_by_id",
)
_REFUSAL = "a published edition never changes and is never removed"

REFUSED = {
    ("rulebook_edition", "UPDATE"): (
        f"{_SETTLED} AND (NEW.status NOT IN ('published', 'withdrawn') OR "
        + " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in _KEPT)
        + ")"
    ),
    ("rulebook_edition", "DELETE"): _SETTLED,
    ("rulebook_editionsignature", "UPDATE"): "TRUE",
    ("rulebook_editionsignature", "DELETE"): (
        "(SELECT status FROM rulebook_edition WHERE id = OLD.edition_id) IN ('published', 'withdrawn')"
    ),
}


def impose(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers anew."""
    lift(connection)
    create = _create_on_postgresql if connection.vendor == "postgresql" else _create_on_sqlite
    with connection.cursor() as cursor:
        for statement in create():
            cursor.execute(statement)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers; for undoing the migration and for emptying the test database."""
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for table, operation in REFUSED:
            on_table = f" ON {table}" if is_postgresql else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, operation)}{on_table}")
            if is_postgresql:
                cursor.execute(f"DROP FUNCTION IF EXISTS {_name(table, operation)}()")


def impose_by_migration(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The forward step of a migration."""
    impose(schema_editor.connection)


def lift_by_migration(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The backward step of a migration."""
    lift(schema_editor.connection)


def _name(table: str, operation: str) -> str:
    return f"{table}_no_{operation.lower()}"


def _create_on_sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {_name(table, operation)} BEFORE {operation} ON {table} WHEN "
        f"{condition.replace('IS DISTINCT FROM', 'IS NOT')} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        for (table, operation), condition in REFUSED.items()
    ]


def _create_on_postgresql() -> list[str]:
    statements = []
    for (table, operation), condition in REFUSED.items():
        name = _name(table, operation)
        row = "NEW" if operation == "UPDATE" else "OLD"
        statements.append(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN "
            f"RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; "
            "END $$"
        )
        statements.append(f"CREATE TRIGGER {name} BEFORE {operation} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
    return statements
