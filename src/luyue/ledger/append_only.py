"""The database itself refuses to change or remove what the ledger holds.

The triggers know no exception. Only the test database is ever emptied, by this area's own `flush` command, which lifts
them, empties the tables and imposes them again in one transaction; on any other database the command refuses.

Django alters a table on SQLite by copying it, which loses its triggers: a migration that alters one of these tables
ends with `RunPython(append_only.impose_by_migration)`. `luyue verify` says so when a trigger is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

KEYS = {
    "ledger_entry": (("company_id", "chain", "sequence"),),
    "ledger_block": (("company_id", "number"),),
    "ledger_leaf": (("company_id", "block_id", "position"), ("entry_id",)),
}

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def impose(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers that are missing."""
    missing = missing_triggers(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for table, operation in missing:
            cursor.execute(_creation(connection.vendor, table, operation))


def lift(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers; for undoing the migration and for emptying the test database."""
    with connection.cursor() as cursor:
        for table, operation in _wanted(connection.vendor):
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, operation)}{on_table}")
        if connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION IF EXISTS ledger_is_append_only()")


def missing_triggers(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """Table and operation for each trigger that is not there or has been disabled."""
    query = {
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')",
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
    return [wanted for wanted in _wanted(connection.vendor) if _name(*wanted) not in present]


def impose_by_migration(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The forward step of a migration."""
    impose(schema_editor.connection)


def lift_by_migration(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The backward step of a migration."""
    lift(schema_editor.connection)


def _wanted(vendor: str) -> list[tuple[str, str]]:
    operations = {"postgresql": ("UPDATE", "DELETE", "TRUNCATE"), "sqlite": ("UPDATE", "DELETE", "REPLACE")}[vendor]
    return [(table, operation) for table in KEYS for operation in operations]


def _name(table: str, operation: str) -> str:
    return f"{table}_no_{operation.lower()}"


def _creation(vendor: str, table: str, operation: str) -> str:
    name = _name(table, operation)
    if vendor == "postgresql":
        # A statement trigger: it refuses even a statement that would meet no row, and TRUNCATE knows no other.
        return (
            f"CREATE TRIGGER {name} BEFORE {operation} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
        )
    refusal = f"SELECT RAISE(ABORT, 'the ledger is append-only: {operation} on {table} is refused')"
    if operation == "REPLACE":
        # INSERT OR REPLACE removes the old row without asking the trigger on DELETE.
        return f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {_is_taken(table)} BEGIN {refusal}; END"
    return f"CREATE TRIGGER {name} BEFORE {operation} ON {table} BEGIN {refusal}; END"


def _is_taken(table: str) -> str:
    return " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE " + " AND ".join(f"{column} = NEW.{column}" for column in key) + ")"
        for key in (("id",), *KEYS[table])
    )
