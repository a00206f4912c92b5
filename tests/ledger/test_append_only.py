from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper

from luyue.ledger import append_only
from luyue.ledger.models import Block, Entry, Leaf
from luyue.ledger.sealing import seal
from luyue.organization.models import Company
from tests.ledger.conftest import MORNING, Write

TABLES = ["ledger_entry", "ledger_block", "ledger_leaf"]


@pytest.fixture(autouse=True)
def _something_sealed(company: Company, write: Write) -> None:
    write()
    seal(company, now=MORNING)


def _try(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        _settle(cursor)
        cursor.execute(statement)


def _settle(cursor: CursorWrapper) -> None:
    """Let PostgreSQL check the foreign keys now; a table with open checks can be neither emptied nor altered."""
    if connection.vendor == "postgresql":
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET company_id = company_id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_remove_what_is_written(table: str, statement: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        _try(statement.format(table))


@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_to_empty_a_table_or_to_write_over_a_row(table: str) -> None:
    over = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    statement = f"TRUNCATE {table} CASCADE" if connection.vendor == "postgresql" else over

    with pytest.raises(IntegrityError, match="append-only"):
        _try(statement)


@pytest.mark.parametrize("model", [Entry, Block, Leaf])
def test_the_models_cannot_get_round_it(model: type[Entry]) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        model.objects.get().save()


def test_a_missing_trigger_is_noticed_and_made_again() -> None:
    with connection.cursor() as cursor:
        on_table = " ON ledger_leaf" if connection.vendor == "postgresql" else ""
        _settle(cursor)
        cursor.execute(f"DROP TRIGGER ledger_leaf_no_delete{on_table}")

    missing = append_only.missing_triggers(connection)
    append_only.impose(connection)

    assert missing == [("ledger_leaf", "DELETE")]
    assert append_only.missing_triggers(connection) == []


def test_the_ledger_of_an_installation_is_never_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "TEST", {**connection.settings_dict["TEST"], "NAME": None})

    with pytest.raises(CommandError, match="never emptied"):
        call_command("flush", interactive=False)

    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_test_database_can_be_emptied_and_is_protected_again_afterwards() -> None:
    call_command("flush", interactive=False, verbosity=0)

    assert Entry.objects.count() == 0
    assert append_only.missing_triggers(connection) == []
