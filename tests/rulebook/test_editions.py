from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from luyue.organization.models import Company, Employee
from luyue.rulebook.adoption import add_words, adopt_company, adopt_procedures, adopt_profile, missing_words
from luyue.rulebook.editions import (
    EditionError,
    calls_of,
    digest_of,
    discard_edition,
    document_of,
    documents_in_force,
    draft_edition,
    editions_in_force,
    missing_signatures,
    powers_of,
    publish_edition,
    redraft_edition,
    sign_edition,
    withdraw_edition,
)
from luyue.rulebook.loading import Paper, Profile, read_company, read_document
from luyue.rulebook.models import Edition, EditionSignature, Procedure, PublishedEditionError
from luyue.rulebook.problems import RulebookError
from tests.rulebook.conftest import PASSWORD, Entered, employed, moment
from tests.rulebook.papers import COMPANY, HEAD, REPLY, VOCABULARY

pytestmark = pytest.mark.django_db

TEXT = HEAD + REPLY
IN_ORDER = (("prepared", "sales_manager"), ("reviewed", "quality_manager"), ("approved", "general_manager"))


def text_of(number: str, effective: str, within: str = "24h") -> str:
    return (
        TEXT.replace('edition: "1"', f'edition: "{number}"')
        .replace("2026-01-01", effective)
        .replace("within: 24h", f"within: {within}")
    )


def drafted(company: Company, people: dict[str, Employee], text: str = TEXT, day: str = "2025-12-01") -> Edition:
    return draft_edition(company, document_text=text, by=people["sales_manager"], at=moment(day))


def signed(edition: Edition, people: dict[str, Employee], day: str = "2025-12-02") -> Edition:
    for meaning, position in IN_ORDER:
        sign_edition(edition, by=people[position], meaning=meaning, at=moment(day), password=PASSWORD)
    return edition


def published(
    company: Company, people: dict[str, Employee], enter: Entered, text: str = TEXT, day: str = "2025-12-03"
) -> Edition:
    edition = signed(drafted(company, people, text, day), people, day)
    return publish_edition(edition, by=people["general_manager"], at=moment(day), vocabulary=VOCABULARY, enter=enter)


def test_a_draft_keeps_its_text_to_the_letter(company: Company, people: dict[str, Employee]) -> None:
    edition = drafted(company, people)

    assert (edition.content, edition.digest, edition.status) == (TEXT, digest_of(TEXT), "draft")
    assert (edition.procedure.code, edition.procedure.title, edition.effective) == (
        "QM-10",
        "客户投诉处理程序",
        date(2026, 1, 1),
    )


def test_a_text_that_is_no_procedure_becomes_no_draft(company: Company, people: dict[str, Employee]) -> None:
    with pytest.raises(RulebookError):
        drafted(company, people, TEXT.replace("within", "wthin"))

    assert not Edition.objects.exists()


def test_a_number_once_given_is_not_given_again(company: Company, people: dict[str, Employee]) -> None:
    drafted(company, people)

    with pytest.raises(EditionError, match="Edition 1 of QM-10 is already there; a change needs a new number"):
        drafted(company, people)


def test_a_stranger_drafts_nothing(company: Company, people: dict[str, Employee]) -> None:
    other = adopt_company(read_company(COMPANY.replace("company: mingxing", "company: other")))

    with pytest.raises(EditionError, match="its own people"):
        draft_edition(company, document_text=TEXT, by=employed(other, "外人"), at=moment("2025-12-01"))


@pytest.mark.parametrize(
    ("meaning", "signer", "password", "sentence"),
    [
        ("prepared", "general_manager", PASSWORD, "The document names Sales manager to sign here."),
        ("prepared", "", PASSWORD, "The document names Sales manager to sign here."),
        ("prepared", "sales_manager", "guessed", "The password is wrong; nothing was signed."),
        ("approved", "general_manager", PASSWORD, "First it must be signed as “prepared”."),
        ("received", "general_manager", PASSWORD, "This signature is not needed, or it is already there."),
    ],
)
def test_only_whom_the_document_names_signs_it_in_its_order(
    company: Company, people: dict[str, Employee], meaning: str, signer: str, password: str, sentence: str
) -> None:
    edition = drafted(company, people)

    with pytest.raises(EditionError, match=f"^{sentence}$"):
        sign_edition(edition, by=people[signer], meaning=meaning, at=moment("2025-12-02"), password=password)

    assert not EditionSignature.objects.exists()


def test_a_signature_stands_over_exactly_the_text_shown(company: Company, people: dict[str, Employee]) -> None:
    edition = drafted(company, people)

    signature = sign_edition(
        edition, by=people["sales_manager"], meaning="prepared", at=moment("2025-12-02"), password=PASSWORD
    )

    assert (signature.digest, signature.position, signature.employee) == (
        digest_of(TEXT),
        "position:sales_manager",
        people["sales_manager"],
    )
    assert missing_signatures(edition) == ["reviewed", "approved"]


def test_another_text_must_be_signed_anew(company: Company, people: dict[str, Employee]) -> None:
    edition = signed(drafted(company, people), people)

    edition = redraft_edition(edition, document_text=text_of("1", "2026-01-01", "48h"), by=people["sales_manager"])

    assert edition.status == "draft"
    assert missing_signatures(edition) == ["prepared", "reviewed", "approved"]


def test_a_draft_stays_the_edition_that_it_was(company: Company, people: dict[str, Employee]) -> None:
    edition = drafted(company, people)

    with pytest.raises(EditionError, match="This text is edition 2 of QM-10; the draft is another one"):
        redraft_edition(edition, document_text=text_of("2", "2026-01-01"), by=people["sales_manager"])


def test_a_draft_can_be_thrown_away_and_its_number_given_anew(
    company: Company, people: dict[str, Employee], enter: Entered
) -> None:
    in_force = published(company, people, enter)
    with pytest.raises(EditionError, match="never deleted"):
        discard_edition(in_force, by=people["sales_manager"])
    later = signed(drafted(company, people, text_of("2", "2026-06-01")), people)

    discard_edition(later, by=people["sales_manager"])

    assert list(Edition.objects.filter(company=company)) == [in_force]
    assert drafted(company, people, text_of("2", "2026-07-01")).number == "2"


def test_a_procedure_that_never_had_another_edition_goes_with_its_draft(
    company: Company, people: dict[str, Employee]
) -> None:
    discard_edition(drafted(company, people), by=people["sales_manager"])

    assert not Procedure.objects.filter(company=company).exists()


def test_a_company_lacks_of_a_procedure_only_what_it_speaks_of(company: Company, people: dict[str, Employee]) -> None:
    library = read_company(COMPANY.replace("sales_manager", "service_manager"))
    speaking = read_document(TEXT.replace("position: sales_manager", "position: service_manager"))

    lacking = missing_words(company, library, speaking)
    Employee.objects.filter(pk=people["sales_manager"].pk).update(is_administrator=True)
    by = Employee.objects.get(pk=people["sales_manager"].pk)
    add_words(company, lacking, by=by, at=moment("2026-01-02"))

    assert [each.code for each in lacking.positions] == ["service_manager"]
    assert not missing_words(company, library, speaking)


def test_an_unsigned_edition_is_not_published(company: Company, people: dict[str, Employee], enter: Entered) -> None:
    edition = drafted(company, people)
    sign_edition(edition, by=people["sales_manager"], meaning="prepared", at=moment("2025-12-02"), password=PASSWORD)

    with pytest.raises(EditionError, match=r"It is not yet signed as: reviewed, approved\."):
        publish_edition(
            edition, by=people["sales_manager"], at=moment("2025-12-03"), vocabulary=VOCABULARY, enter=enter
        )

    assert enter.entries == []


def test_an_edition_with_unknown_names_is_not_published(
    company: Company, people: dict[str, Employee], enter: Entered
) -> None:
    edition = signed(drafted(company, people, TEXT.replace("complaint.acknowledge", "complaint.ack")), people)

    with pytest.raises(RulebookError, match=r"no action `complaint\.ack`"):
        publish_edition(
            edition, by=people["general_manager"], at=moment("2025-12-03"), vocabulary=VOCABULARY, enter=enter
        )


def test_one_who_did_not_sign_does_not_publish(company: Company, people: dict[str, Employee], enter: Entered) -> None:
    edition = signed(drafted(company, people), people)

    with pytest.raises(EditionError, match="published or withdrawn by one who signed it, or by an administrator"):
        publish_edition(edition, by=people[""], at=moment("2025-12-03"), vocabulary=VOCABULARY, enter=enter)


def test_publication_is_entered_with_its_signatures(
    company: Company, people: dict[str, Employee], enter: Entered
) -> None:
    edition = published(company, people, enter)

    assert (edition.status, edition.published_at) == ("published", moment("2025-12-03"))
    ((chain, action, data),) = enter.entries
    assert (chain, action) == ("procedures", "procedures.publish")
    assert (data["procedure"], data["edition"], data["digest"]) == ("QM-10", "1", digest_of(TEXT))
    assert [signature["meaning"] for signature in data["signatures"]] == ["prepared", "reviewed", "approved"]


def test_what_is_published_is_neither_signed_nor_published_nor_redrafted_again(
    company: Company, people: dict[str, Employee], enter: Entered
) -> None:
    edition = published(company, people, enter)

    with pytest.raises(EditionError, match="already published"):
        sign_edition(edition, by=people[""], meaning="approved", at=moment("2026-01-02"), password=PASSWORD)
    with pytest.raises(EditionError, match="already published"):
        publish_edition(edition, by=people[""], at=moment("2026-01-02"), vocabulary=VOCABULARY, enter=enter)
    with pytest.raises(EditionError, match="never changes"):
        redraft_edition(edition, document_text=TEXT, by=people["sales_manager"])


def test_a_later_edition_does_not_reach_back(company: Company, people: dict[str, Employee], enter: Entered) -> None:
    published(company, people, enter)

    with pytest.raises(EditionError, match="It cannot take effect before it is published"):
        published(company, people, enter, text_of("2", "2026-02-01"), "2026-03-01")
    with pytest.raises(EditionError, match="takes effect on the same day or later"):
        published(company, people, enter, text_of("3", "2026-01-01"), "2025-12-20")


def test_a_published_edition_refuses_to_be_saved_otherwise(
    company: Company, people: dict[str, Employee], enter: Entered
) -> None:
    edition = published(company, people, enter)

    edition.content = TEXT.replace("24h", "48h")
    with pytest.raises(PublishedEditionError, match="never changes"):
        edition.save()
    edition.refresh_from_db()
    edition.status = Edition.Status.DRAFT
    with pytest.raises(PublishedEditionError, match="never changes"):
        edition.save()
    with pytest.raises(PublishedEditionError, match="never deleted"):
        edition.delete()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rulebook_edition SET content = content || ' '",
        "UPDATE rulebook_edition SET digest = 'x'",
        "UPDATE rulebook_edition SET effective = '2030-01-01'",
        "UPDATE rulebook_edition SET status = 'draft'",
        "UPDATE rulebook_edition SET published_at = NULL",
        "DELETE FROM rulebook_edition",
        "UPDATE rulebook_editionsignature SET digest = 'x'",
        "DELETE FROM rulebook_editionsignature",
    ],
)
def test_the_database_itself_keeps_a_published_edition(
    company: Company, people: dict[str, Employee], enter: Entered, statement: str
) -> None:
    edition = published(company, people, enter)

    with pytest.raises(IntegrityError, match="a published edition never changes"), transaction.atomic():
        connection.cursor().execute(statement)

    assert Edition.objects.get(pk=edition.pk).content == TEXT
    assert edition.signatures.count() == 3


REPLACED = "INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}"


@pytest.mark.parametrize("table", ["rulebook_edition", "rulebook_editionsignature"])
def test_no_other_way_leads_around_the_keeping_either(
    company: Company, people: dict[str, Employee], enter: Entered, table: str
) -> None:
    published(company, people, enter)
    with connection.cursor() as cursor:
        columns = ", ".join(column.name for column in connection.introspection.get_table_description(cursor, table))
        statement = (
            REPLACED if connection.vendor == "sqlite" else "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE"
        )

        with pytest.raises(IntegrityError, match="a published edition never changes"), transaction.atomic():
            cursor.execute(statement.format(table=table, columns=columns))


def test_the_database_lets_a_draft_change_and_go(company: Company, people: dict[str, Employee]) -> None:
    edition = drafted(company, people)
    sign_edition(edition, by=people["sales_manager"], meaning="prepared", at=moment("2025-12-02"), password=PASSWORD)

    edition.signatures.all().delete()
    edition.delete()

    assert not Edition.objects.exists()


@pytest.mark.parametrize(
    ("day", "number"),
    [("2025-12-31", None), ("2026-01-01", "1"), ("2026-06-30", "1"), ("2026-07-01", "2"), ("2030-01-01", "2")],
)
def test_on_each_day_one_edition_is_in_force(
    company: Company, people: dict[str, Employee], enter: Entered, day: str, number: str | None
) -> None:
    published(company, people, enter)
    published(company, people, enter, text_of("2", "2026-07-01", "12h"), "2026-05-01")
    drafted(company, people, text_of("3", "2026-08-01"))

    found = editions_in_force(company, date.fromisoformat(day))

    assert [edition.number for edition in found] == ([number] if number else [])


def test_a_withdrawn_edition_is_in_force_until_its_day_and_revives_none_before_it(
    company: Company, people: dict[str, Employee], enter: Entered
) -> None:
    published(company, people, enter)
    second = published(company, people, enter, text_of("2", "2026-07-01"), "2026-05-01")

    with pytest.raises(EditionError, match="not withdrawn for a day that is past"):
        withdraw_edition(
            second, by=people["general_manager"], on=date(2026, 7, 9), at=moment("2026-07-10"), enter=enter
        )
    withdraw_edition(second, by=people["general_manager"], on=date(2026, 9, 1), at=moment("2026-07-10"), enter=enter)

    assert [edition.number for edition in editions_in_force(company, date(2026, 8, 31))] == ["2"]
    assert editions_in_force(company, date(2026, 9, 1)) == []
    assert enter.entries[-1] == (
        "procedures",
        "procedures.withdraw",
        {"procedure": "QM-10", "edition": "2", "on": "2026-09-01"},
    )


def test_no_edition_of_another_company_is_in_force(
    company: Company, people: dict[str, Employee], enter: Entered
) -> None:
    published(company, people, enter)
    other = adopt_company(read_company(COMPANY.replace("company: mingxing", "company: other")))

    assert editions_in_force(other, date(2026, 6, 1)) == []


def test_the_documents_in_force_are_decoded_once(company: Company, people: dict[str, Employee], enter: Entered) -> None:
    published(company, people, enter)

    (first,) = documents_in_force(company, date(2026, 6, 1))
    (again,) = documents_in_force(company, date(2026, 6, 1))

    assert first is again
    assert first == read_document(TEXT)


def test_the_editions_in_force_cost_one_question_to_the_database(
    company: Company,
    people: dict[str, Employee],
    enter: Entered,
    django_assert_num_queries: object,
) -> None:
    published(company, people, enter)
    published(company, people, enter, TEXT.replace("QM-10", "QM-11").replace("first-reply", "reply-again"))
    documents_in_force(company, date(2026, 6, 1))

    with django_assert_num_queries(1):  # type: ignore[operator]
        found = editions_in_force(company, date(2026, 6, 1))
        assert [document_of(edition).procedure for edition in found] == ["QM-10", "QM-11"]


def test_a_profile_is_adopted_with_the_signatures_of_those_in_office(
    company: Company, people: dict[str, Employee], enter: Entered
) -> None:
    file = read_company(COMPANY + "powers: {void: {position: general_manager}}\n")
    profile = Profile("mingxing", file, (Paper("qm-10.yaml", TEXT, read_document(TEXT)),))

    adopt_profile(profile, at=moment("2026-11-21"), enter=enter)
    adopt_profile(profile, at=moment("2026-11-22"), enter=enter)

    (edition,) = editions_in_force(company, date(2026, 1, 1))
    assert [(signature.meaning, signature.employee.name) for signature in edition.signatures.order_by("pk")] == [
        ("prepared", "李敏"),
        ("reviewed", "王强"),
        ("approved", "陈立"),
    ]
    company.refresh_from_db()
    assert [address.key for address in powers_of(company).void] == ["position:general_manager"]
    assert calls_of(company)["complaint"].en == "Complaint register"
    assert company.positions.get(code="sales_manager").department == company.departments.get(code="sales")
    assert len(enter.entries) == 1


def test_a_profile_whose_positions_nobody_holds_is_not_adopted(company: Company, enter: Entered) -> None:
    with pytest.raises(EditionError, match="Nobody holds position:sales_manager, who signs QM-10"):
        adopt_procedures(
            company, [Paper("qm-10.yaml", TEXT, read_document(TEXT))], at=moment("2026-11-21"), enter=enter
        )


def test_an_adopted_edition_does_not_change_under_its_number(
    company: Company, people: dict[str, Employee], enter: Entered
) -> None:
    published(company, people, enter)
    changed = TEXT.replace("24h", "48h")

    with pytest.raises(EditionError, match="Edition 1 of QM-10 is already there with another text"):
        adopt_procedures(
            company, [Paper("qm-10.yaml", changed, read_document(changed))], at=moment("2026-11-21"), enter=enter
        )
