"""The life of an edition: drafted, signed by those whom it names, published, in force, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from luyue.organization.authority import authority_of
from luyue.organization.models import Company, Employee
from luyue.organization.prepared import Place, Prepared
from luyue.rulebook.checking import CompanyWords, check_documents
from luyue.rulebook.documents import Document, GeneralPowers
from luyue.rulebook.loading import Paper, read_document
from luyue.rulebook.models import Edition, EditionSignature, Procedure
from luyue.rulebook.values import Address, Text
from luyue.rulebook.vocabulary import Vocabulary

Meaning = EditionSignature.Meaning
CHAIN = "procedures"


class EditionError(ValueError):
    """Something that may not be done with an edition; the sentence is for the user."""


class Enter(Protocol):
    """How a change of the procedures is entered in the ledger, which lies above this area."""

    def __call__(
        self, *, company: Company, chain: str, action: str, by: Employee, at: datetime, data: Mapping[str, Any]
    ) -> object: ...


@transaction.atomic
def draft_edition(company: Company, *, document_text: str, by: Employee, at: datetime) -> Edition:
    """Keep a text as a new draft of its procedure; a number that was given once is not given again.

    Raises RulebookError when the text is no procedure, EditionError when it may not be drafted.
    """
    document = read_document(document_text)
    _refuse_foreigner(company, by)
    procedure = _procedure(company, document, at)
    if procedure.editions.filter(number=document.edition).exists():
        raise EditionError(
            _("Edition %(number)s of %(procedure)s is already there; a change needs a new number.")
            % {"number": document.edition, "procedure": procedure.code}
        )
    return _new_edition(procedure, document, document_text, by=by, at=at)


@transaction.atomic
def redraft_edition(edition: Edition, *, document_text: str, by: Employee) -> Edition:
    """Put another text in the place of a draft; what was signed before counts no longer, since it was another text."""
    document = read_document(document_text)
    edition = _locked(edition)
    _refuse_foreigner(edition.company, by)
    if edition.is_settled:
        raise EditionError(_("A published edition never changes; a change of the rules is a new edition."))
    if (document.procedure, document.edition) != (edition.procedure.code, edition.number):
        raise EditionError(
            _("This text is edition %(number)s of %(procedure)s; the draft is another one.")
            % {"number": document.edition, "procedure": document.procedure}
        )
    edition.content = document_text
    edition.digest = digest_of(document_text)
    edition.effective = document.effective
    edition.status = Edition.Status.DRAFT
    edition.save()
    return edition


@transaction.atomic
def discard_edition(edition: Edition, *, by: Employee) -> None:
    """Throw a draft away together with what was signed of it; a procedure that never had another edition goes too."""
    edition = _locked(edition)
    _refuse_foreigner(edition.company, by)
    if edition.is_settled:
        raise EditionError(_("A published edition is kept; it can be withdrawn, never deleted."))
    procedure = edition.procedure
    edition.signatures.all().delete()
    edition.delete()
    if not procedure.editions.exists():
        procedure.delete()


@transaction.atomic
def sign_edition(edition: Edition, *, by: Employee, meaning: str, at: datetime, password: str) -> EditionSignature:
    """Sign a draft as its preparer, reviewer or approver, over exactly its present text.

    Raises EditionError when the employee does not hold the position that the document names, when an earlier
    signature is missing, or when the password is wrong.
    """
    edition = _locked(edition)
    _refuse_foreigner(edition.company, by)
    if edition.is_settled:
        raise EditionError(_("This edition is already published."))
    due = missing_signatures(edition)
    if meaning not in due:
        raise EditionError(_("This signature is not needed, or it is already there."))
    if meaning != due[0]:
        raise EditionError(_("First it must be signed as “%(meaning)s”.") % {"meaning": Meaning(due[0]).label})
    wanted = _signers(document_of(edition))[meaning]
    if wanted.key not in authority_of(by, _day(edition.company, at)).keys:
        raise EditionError(
            _("The document names %(position)s to sign here.") % {"position": _name(edition.company, wanted)}
        )
    if not by.account.check_password(password):
        raise EditionError(_("The password is wrong; nothing was signed."))
    signature = _signed(edition, meaning, wanted, by=by, at=at)
    edition.status = Edition.Status.IN_REVIEW
    edition.save()
    return signature


@transaction.atomic
def publish_edition(edition: Edition, *, by: Employee, at: datetime, vocabulary: Vocabulary, enter: Enter) -> Edition:
    """Put a completely signed edition into the company's rules; from then on it never changes.

    Raises RulebookError when its names or conditions do not hold, EditionError when it may not be published.
    """
    edition = _locked(edition)
    _refuse_foreigner(edition.company, by)
    document = document_of(edition)
    if edition.is_settled:
        raise EditionError(_("This edition is already published."))
    missing = missing_signatures(edition)
    if missing:
        raise EditionError(
            _("It is not yet signed as: %(missing)s.")
            % {"missing": _(", ").join(str(Meaning(meaning).label) for meaning in missing)}
        )
    refuse_publisher(edition, by)
    _refuse_past(edition, _day(edition.company, at))
    others = [other for other in documents_in_force(edition.company, edition.effective) if _differ(other, document)]
    check_documents(
        {edition.procedure.code: document}, vocabulary, words_of(edition.company), beside=others
    ).refuse_problems()
    return _published(edition, document, by=by, at=at, enter=enter)


@transaction.atomic
def withdraw_edition(edition: Edition, *, by: Employee, on: date, at: datetime, enter: Enter) -> Edition:
    """From that day on no record is opened under the edition; those opened under it keep it."""
    edition = _locked(edition)
    _refuse_foreigner(edition.company, by)
    if edition.status != Edition.Status.PUBLISHED:
        raise EditionError(_("Only a published edition can be withdrawn."))
    if on < _day(edition.company, at):
        raise EditionError(_("An edition is not withdrawn for a day that is past."))
    refuse_publisher(edition, by)
    edition.status = Edition.Status.WITHDRAWN
    edition.withdrawn_on = on
    edition.save()
    enter(
        company=edition.company,
        chain=CHAIN,
        action="procedures.withdraw",
        by=by,
        at=at,
        data={"procedure": edition.procedure.code, "edition": edition.number, "on": on.isoformat()},
    )
    return edition


def missing_signatures(edition: Edition) -> list[str]:
    """The meanings in which the present text must still be signed, in their order."""
    there = set(edition.signatures.filter(digest=edition.digest).values_list("meaning", flat=True))
    return [meaning for meaning in _signers(document_of(edition)) if meaning not in there]


def editions_in_force(company: Company, on: date) -> list[Edition]:
    """For each procedure the edition by which a record opened on that day goes, in the order of their codes."""
    latest = {edition.procedure_id: edition for edition in _settled(company.pk, on)}
    return [edition for edition in latest.values() if edition.withdrawn_on is None or on < edition.withdrawn_on]


def ids_in_force(company_id: int, on: date) -> list[int]:
    """The ids of the same editions, in the same order."""
    latest = {procedure: (pk, withdrawn_on) for procedure, pk, withdrawn_on in _ids_settled(company_id, on)}
    return [pk for pk, withdrawn_on in latest.values() if withdrawn_on is None or on < withdrawn_on]


def _oldest_first(company_id: Place, on: Place) -> QuerySet[Edition]:
    return Edition.objects.filter(company_id=company_id, status__in=Edition.SETTLED, effective__lte=on).order_by(
        "procedure__code", "effective", "published_at", "pk"
    )


@Prepared
def _settled(company_id: Place, on: Place) -> QuerySet[Edition]:
    return _oldest_first(company_id, on).select_related("procedure").defer("content")


@Prepared
def _ids_settled(company_id: Place, on: Place) -> QuerySet[Edition, tuple[int, int, date | None]]:
    return _oldest_first(company_id, on).values_list("procedure_id", "pk", "withdrawn_on")


def documents_in_force(company: Company, on: date) -> tuple[Document, ...]:
    """What the editions in force on that day say."""
    return tuple(document_of(edition) for edition in editions_in_force(company, on))


def document_of(edition: Edition) -> Document:
    """What an edition says; decoded once for each text."""
    if edition.is_settled:
        return _decoded(edition.pk, edition.digest)
    return read_document(edition.content, source_name=edition.procedure.code)


def digest_of(text: str) -> str:
    """The SHA-256 of a text, over which it is signed and by which it is known."""
    return sha256(text.encode()).hexdigest()


def words_of(company: Company) -> CompanyWords:
    """The departments and positions that a procedure of this company may name."""
    return CompanyWords(
        departments=frozenset(company.departments.values_list("code", flat=True)),
        positions=frozenset(company.positions.values_list("code", flat=True)),
    )


def powers_of(company: Company) -> GeneralPowers:
    """Who in this company may comment, attach, correct and void until a procedure narrows it."""
    return GeneralPowers.model_validate(company.settings.get("powers", {}))


def calls_of(company: Company) -> dict[str, Text]:
    """What this company calls its papers, by record type."""
    return {name: Text.model_validate(text) for name, text in company.settings.get("calls", {}).items()}


@transaction.atomic
def adopt_edition(
    company: Company, *, paper: Paper, signers: Mapping[str, Employee], at: datetime, enter: Enter
) -> Edition:
    """Take over an edition that was signed on paper: `signers` says who signed it in which meaning.

    An edition that is already there with the same text is left as it is.
    Raises EditionError when it is there with another text, or when a signer is missing.
    """
    document = paper.document
    procedure = _procedure(company, document, at)
    there = procedure.editions.select_related("procedure").filter(number=document.edition).first()
    if there is not None and (there.digest != digest_of(paper.text) or not there.is_settled):
        raise EditionError(
            _("Edition %(number)s of %(procedure)s is already there with another text.")
            % {"number": document.edition, "procedure": procedure.code}
        )
    if there is not None:
        return there
    wanted = _signers(document)
    missing = [meaning for meaning in wanted if meaning not in signers]
    if missing:
        raise EditionError(
            _("Nobody signs %(procedure)s as: %(missing)s.")
            % {"procedure": procedure.code, "missing": _(", ").join(str(Meaning(meaning).label) for meaning in missing)}
        )
    edition = _new_edition(procedure, document, paper.text, by=signers[Meaning.PREPARED], at=at)
    for meaning, address in wanted.items():
        _signed(edition, meaning, address, by=signers[meaning], at=at)
    return _published(edition, document, by=signers[Meaning.APPROVED], at=at, enter=enter)


def signers_named(document: Document) -> dict[str, Address]:
    """Whom a document names to prepare, review and approve it, in the order in which they sign."""
    return _signers(document)


def _signers(document: Document) -> dict[str, Address]:
    named = {
        Meaning.PREPARED.value: document.prepared,
        Meaning.REVIEWED.value: document.reviewed,
        Meaning.APPROVED.value: document.approved,
    }
    return {meaning: address for meaning, address in named.items() if address is not None}


@lru_cache(maxsize=1024)
def _decoded(edition_id: int, digest: str) -> Document:
    text, code = Edition.objects.values_list("content", "procedure__code").get(pk=edition_id)
    if digest_of(text) != digest:
        raise EditionError(_("The text of %(procedure)s is not the one that was signed.") % {"procedure": code})
    return read_document(text, source_name=code)


def _procedure(company: Company, document: Document, at: datetime) -> Procedure:
    return Procedure.objects.get_or_create(
        company=company, code=document.procedure, defaults={**_titles(document), "created_at": at}
    )[0]


def _titles(document: Document) -> dict[str, str]:
    return {"title": document.title.zh_hans, "title_hant": document.title.zh_hant, "title_en": document.title.en}


def _new_edition(procedure: Procedure, document: Document, text: str, *, by: Employee, at: datetime) -> Edition:
    return Edition.objects.create(
        company_id=procedure.company_id,
        procedure=procedure,
        number=document.edition,
        effective=document.effective,
        content=text,
        digest=digest_of(text),
        created_at=at,
        created_by=by,
    )


def _signed(edition: Edition, meaning: str, address: Address, *, by: Employee, at: datetime) -> EditionSignature:
    return EditionSignature.objects.create(
        company_id=edition.company_id,
        edition=edition,
        employee=by,
        position=address.key,
        meaning=meaning,
        signed_at=at,
        digest=edition.digest,
    )


def _published(edition: Edition, document: Document, *, by: Employee, at: datetime, enter: Enter) -> Edition:
    edition.status = Edition.Status.PUBLISHED
    edition.published_at = at
    edition.published_by = by
    edition.save()
    Procedure.objects.filter(pk=edition.procedure_id).update(**_titles(document))
    signatures = edition.signatures.filter(digest=edition.digest).order_by("signed_at", "pk")
    enter(
        company=edition.company,
        chain=CHAIN,
        action="procedures.publish",
        by=by,
        at=at,
        data={
            "procedure": edition.procedure.code,
            "edition": edition.number,
            "effective": edition.effective.isoformat(),
            "digest": edition.digest,
            "signatures": [
                {
                    "meaning": signature.meaning,
                    "employee": signature.employee_id,
                    "as": signature.position,
                    "at": signature.signed_at.isoformat(),
                }
                for signature in signatures
            ],
        },
    )
    return edition


def _locked(edition: Edition) -> Edition:
    return Edition.objects.select_for_update(of=("self",)).select_related("procedure", "company").get(pk=edition.pk)


def _refuse_foreigner(company: Company, by: Employee) -> None:
    if by.company_id != company.pk:
        raise EditionError(_("The procedures of a company are its own people's."))


def refuse_publisher(edition: Edition, by: Employee) -> None:
    """Raises EditionError unless this employee signed the edition's text, or is an administrator."""
    if not by.is_administrator and not edition.signatures.filter(digest=edition.digest, employee=by).exists():
        raise EditionError(_("An edition is published or withdrawn by one who signed it, or by an administrator."))


def _refuse_past(edition: Edition, today: date) -> None:
    """The first edition may have been in force on paper for years; a later one must not reach back."""
    earlier = edition.procedure.editions.filter(status__in=Edition.SETTLED)
    if not earlier.exists():
        return
    if edition.effective < today:
        raise EditionError(_("It cannot take effect before it is published."))
    if earlier.filter(Q(effective__gte=edition.effective)).exists():
        raise EditionError(_("An edition already published takes effect on the same day or later."))


def _differ(one: Document, other: Document) -> bool:
    return one.procedure != other.procedure


def _day(company: Company, at: datetime) -> date:
    return at.astimezone(company.zone).date()


def _name(company: Company, address: Address) -> str:
    named = company.positions if address.position else company.departments
    found = named.filter(code=address.position or address.department).first()
    return str(found) if found else address.key
