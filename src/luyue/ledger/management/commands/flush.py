"""Django's `flush`, which its tests use to empty the test database; the ledger of an installation is never emptied."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import flush
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from luyue.ledger import append_only
from luyue.rulebook import immutability


class Command(flush.Command):
    """Empties the test database, around the triggers that forbid it; refuses on every other database."""

    def handle(self, **options: Any) -> None:
        connection = connections[options["database"]]
        if not _is_test_database(connection):
            raise CommandError(_("The ledger is never emptied; to begin anew, make a new database."))
        with transaction.atomic(using=connection.alias):
            for protection in (append_only, immutability):
                protection.lift(connection)
            # Tables that no model stands for, such as the search index, point at records too.
            super().handle(**{**options, "allow_cascade": True})
            for protection in (append_only, immutability):
                protection.impose(connection)


def _is_test_database(connection: BaseDatabaseWrapper) -> bool:
    """Whether Django's test runner made this database: it then works under the name that its settings give to tests."""
    name = connection.settings_dict["TEST"].get("NAME")
    return bool(name) and str(connection.settings_dict["NAME"]) == str(name)
