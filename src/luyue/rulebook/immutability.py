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
_PUBLISHED_THERE = (
    "EXISTS (SELECT 1 FROM rulebook_edition WHERE status IN ('published', 'withdrawn') AND (id = NEW.id OR "
    "(company_id = NEW.company_id AND procedure_id = NEW.procedure_id AND number = NEW.number)))"
)
_SIGNED_THERE = (
    "EXISTS (SELECT 1 FROM rulebook_editionsignature WHERE id = NEW.id OR (company_id = NEW.company_id AND "
    "edition_id = NEW.edition_id AND meaning = NEW.meaning AND digest = NEW.digest))"
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

# INSERT OR REPLACE of SQLite removes the old row without asking the trigger on DELETE.
REFUSED_ON_SQLITE = {
    ("rulebook_edition", "INSERT"): _PUBLISHED_THERE,
    ("rulebook_editionsignature", "INSERT"): _SIGNED_THERE,
}
TABLES = ("rulebook_edition", "rulebook_editionsignature")


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
        for table in TABLES:
            for operation in ("UPDATE", "DELETE", "INSERT", "TRUNCATE"):
                name = _name(table, operation)
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{f' ON {table}' if is_postgresql else ''}")
                if is_postgresql:
                    cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")


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
        for (table, operation), condition in {**REFUSED, **REFUSED_ON_SQLITE}.items()
    ]


def _create_on_postgresql() -> list[str]:
    statements = []
    for (table, operation), condition in REFUSED.items():
        row = "NEW" if operation == "UPDATE" else "OLD"
        statements += _trigger_on_postgresql(table, operation, f"IF {condition} THEN {{}} END IF; RETURN {row};", "ROW")
    for table in TABLES:
        statements += _trigger_on_postgresql(table, "TRUNCATE", "{}", "STATEMENT")
    return statements


def _trigger_on_postgresql(table: str, operation: str, body: str, each: str) -> list[str]:
    name = _name(table, operation)
    refuse = f"RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body.format(refuse)} END $$",
        f"CREATE TRIGGER {name} BEFORE {operation} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()",
    ]
