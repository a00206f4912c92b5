from __future__ import annotations

from typing import Any

from luyue.ledger.history import entries_of
from luyue.records.models import Record


def test_a_record_is_told_from_its_newest_entry_backwards(complaint: Record, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        told = [(entry.action, str(entry.by)) for entry in entries_of(complaint.pk)]

    assert told == [("complaint.assess", "李敏"), ("complaint.register", "李敏")]
    assert [entry.sequence for entry in entries_of(complaint.pk, limit=1)] == [2]
    assert [entry.sequence for entry in entries_of(complaint.pk, before=2)] == [1]
