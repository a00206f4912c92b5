"""Taking turns: one writer after the other extends a chain, also where there is no row yet that could be locked."""

from __future__ import annotations

import hashlib

from django.db import connection


def wait_for_turn(company_id: int, name: str) -> None:
    """Wait until nobody else extends this of the company, and keep the turn until the transaction ends.

    On SQLite the transaction itself is the turn, being IMMEDIATE. On PostgreSQL waiting takes no transaction number,
    on which the sealer relies.
    """
    if connection.vendor == "postgresql":
        key = hashlib.sha256(f"ledger {company_id} {name}".encode()).digest()[:8]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(key, signed=True)])
