from __future__ import annotations

from luyue.rulebook.comparing import Change, compare
from luyue.rulebook.loading import read_document
from tests.rulebook.papers import HEAD, REPLY

ORDER = """\
      - order: {first: complaint.assess, then: complaint.close}
"""
DEFINITIONS = """\
  - number: "2"
    text: {zh-hans: 定义}
    text_only: {zh-hans: 只是定义}
"""
TEXT = HEAD + DEFINITIONS + REPLY


def test_the_same_text_differs_in_nothing() -> None:
    assert compare(read_document(TEXT), read_document(TEXT)).is_empty


def test_a_changed_limit_is_told_with_both_values() -> None:
    later = TEXT.replace("24h", "4bh").replace('edition: "1"', 'edition: "2"').replace("24 小时", "4 个工作小时")

    found = compare(read_document(TEXT), read_document(later))

    assert found.heading == (Change("edition", "1", "2"),)
    (clause,) = found.clauses
    assert (clause.what, clause.number) == ("changed", "3.1")
    assert [change.path for change in clause.changes] == ["text"]
    (control,) = clause.controls
    assert (control.what, control.kind, control.name) == ("changed", "time_limit", "first-reply")
    assert control.changes == (Change("within", "24h", "4bh"),)


def test_a_control_that_comes_and_one_that_goes_are_told() -> None:
    with_order = read_document(TEXT + ORDER)

    (added,) = compare(read_document(TEXT), with_order).clauses
    (removed,) = compare(with_order, read_document(TEXT)).clauses

    assert [(control.what, control.kind) for control in added.controls] == [("added", "order")]
    assert [(control.what, control.kind) for control in removed.controls] == [("removed", "order")]


def test_a_key_that_comes_has_nothing_before_it() -> None:
    later = read_document(TEXT.replace("within: 24h", 'within: 24h\n          when: {amount: ">5000"}'))

    (clause,) = compare(read_document(TEXT), later).clauses

    assert clause.controls[0].changes == (Change("when", None, [{"amount": ">5000"}]),)


def test_a_clause_that_goes_stands_where_it_stood() -> None:
    other = REPLY.replace("3.1", "3.2").replace("first-reply", "second-reply")

    found = compare(read_document(TEXT + other), read_document(HEAD + other + REPLY.replace("3.1", "3.3")))

    assert [(clause.what, clause.number) for clause in found.clauses] == [
        ("removed", "2"),
        ("removed", "3.1"),
        ("added", "3.3"),
    ]
