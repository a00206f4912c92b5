"""What a draft changes is told in sentences, not in keys."""

from __future__ import annotations

from luyue.desk.differences import Piece, differences_in_words, pieces
from luyue.records.objections import Names
from luyue.rulebook.comparing import compare
from luyue.rulebook.editions import document_of
from luyue.rulebook.loading import read_document
from luyue.rulebook.models import Edition
from tests.firms import Firm


def test_a_changed_number_stands_alone_between_words_that_stayed() -> None:
    assert pieces("须在 24 小时内答复", "须在 4 工时内答复") == [
        Piece("stayed", "须在 "),
        Piece("went", "24"),
        Piece("came", "4"),
        Piece("stayed", " "),
        Piece("went", "小"),
        Piece("came", "工"),
        Piece("stayed", "时内答复"),
    ]


def test_two_sentences_with_little_in_common_are_shown_whole() -> None:
    assert pieces("业务员答复客户", "Quality signs") == [
        Piece("went", "业务员答复客户"),
        Piece("came", "Quality signs"),
    ]


def test_a_changed_limit_and_a_changed_cover_read_as_the_document_reads(carbide: Firm) -> None:
    edition = Edition.objects.get(company=carbide.company)
    later = edition.content.replace('edition: "1"', 'edition: "2"', 1).replace("within: 10d", "within: 7d")

    cover, *clauses = differences_in_words(
        compare(document_of(edition), read_document(later)), Names.of(carbide.company)
    )

    assert [(change.label, [piece.words for piece in change.pieces]) for change in cover.changes] == [
        ("版次", ["1", "2"])
    ]
    assert clauses
    for clause in clauses:
        assert clause.what == "修改"
        assert [change.label for change in clause.changes] == ["时限"]
        assert {piece.words for piece in clause.changes[0].pieces if piece.what != "stayed"} == {"10", "7"}
