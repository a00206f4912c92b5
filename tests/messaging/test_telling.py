"""Who is told when something happens to a record."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from luyue.complaints import actions as complaint_is
from luyue.complaints.models import Channel, Complaint
from luyue.messaging.models import Notice
from luyue.messaging.telling import Tidings, tell
from luyue.messaging.wording import sentence
from luyue.organization.models import Employee
from luyue.records.general import ADD_SIGNER, COMMENT, HAND_OVER
from luyue.records.objections import Names
from luyue.rulebook.loading import SHIPPED, read_profile
from tests.firms import Firm

MORNING = "2026-03-02 10:00"


def registered(firm: Firm, occurred_at: datetime | None = None) -> Complaint:
    complaint: Complaint = complaint_is.register.given(occurred_at=occurred_at)(
        Complaint(),
        by=firm["sales_officer"],
        party=firm.customer(),
        channel=Channel.PHONE,
        what_happened="端面崩刃",
        contact_name="周工",
        product=firm.product(specification="YG8 φ6×330"),
        quantity=Decimal(200),
        delivered_on=date(2026, 2, 20),
        demand="换货",
        complaint_reason="来料检验发现裂纹",
    )
    return complaint


def confirmed(firm: Firm) -> Complaint:
    """A complaint whose facts are confirmed, so that it goes to quality and production."""
    complaint = registered(firm)
    complaint_is.classify(
        complaint, by=firm["sales_officer"], cause_class="quality", subject="product_function", severity="serious"
    )
    complaint_is.confirm_facts(complaint, by=firm["sales_officer"], reasonable=True, note="属实")
    return complaint


def proposed(firm: Firm) -> Complaint:
    """A complaint with a proposal that waits for signatures."""
    complaint = confirmed(firm)
    complaint_is.record_finding(complaint, by=firm["quality_manager"], finding="炉温偏高", opinion="同意")
    complaint_is.record_finding(complaint, by=firm["production_manager"], finding="炉温偏高", opinion="同意")
    complaint_is.record_inspection(complaint, by=firm["quality_manager"], inspection_result="nonconforming")
    complaint_is.determine_responsibility(
        complaint,
        by=firm["quality_manager"],
        cause="炉温偏高",
        responsibility="ours",
        responsible_department=firm["production_manager"].department,
    )
    complaint_is.propose_remedy(
        complaint, by=firm["sales_officer"], remedy="exchange", remedy_detail="换货", settlement=Decimal(8000)
    )
    return complaint


def told(complaint: Complaint, kind: str) -> set[str]:
    return set(Notice.objects.filter(record=complaint, kind=kind).values_list("employee__name", flat=True))


def people_of(firm: Firm, *departments: str) -> set[str]:
    return set(
        Employee.objects.filter(company=firm.company, department__code__in=departments).values_list("name", flat=True)
    )


def test_the_departments_to_which_a_record_goes_are_told(carbide: Firm) -> None:
    with carbide.at(MORNING):
        complaint = confirmed(carbide)

    assert told(complaint, "receive") >= people_of(carbide, "quality_management", "production_management")


def test_signers_are_told_and_never_the_one_who_did_it(carbide: Firm) -> None:
    with carbide.at(MORNING):
        complaint = proposed(carbide)

    owners = {row.owner for row in complaint.obligations.filter(kind="sign_off")}
    signers = {carbide[owner.partition(":")[2]].name for owner in owners if owner.startswith("position:")}
    assert signers
    assert told(complaint, "sign") == signers - {carbide["sales_officer"].name}
    assert not Notice.objects.filter(employee=carbide["sales_officer"], kind="assigned").exists()


def test_who_is_named_in_a_comment_is_told_and_nobody_else(carbide: Firm) -> None:
    manager, boss = carbide["finance_manager"], carbide["general_manager"]
    with carbide.at(MORNING):
        complaint = registered(carbide)
        COMMENT(complaint, by=carbide["sales_officer"], text="请大家看一下")
        nobody = told(complaint, "mention")
        COMMENT(
            complaint, by=carbide["sales_officer"], text=f"请@{manager.name}看一下,@{carbide['sales_officer'].name}"
        )

    assert nobody == set()
    assert told(complaint, "mention") == {manager.name}
    assert boss.name not in told(complaint, "mention")


def test_of_two_names_that_begin_alike_the_longer_one_is_meant(carbide: Firm) -> None:
    short, long = carbide["finance_manager"], carbide["archivist"]
    Employee.objects.filter(pk=short.pk).update(name="李伟")
    Employee.objects.filter(pk=long.pk).update(name="李伟明")
    with carbide.at(MORNING):
        complaint = registered(carbide)
        COMMENT(complaint, by=carbide["sales_officer"], text="@李伟明请看")

    assert told(complaint, "mention") == {"李伟明"}


def test_people_of_another_company_cannot_be_named(carbide: Firm) -> None:
    mining = Firm(read_profile(SHIPPED / "mining"))
    stranger = next(iter(mining.people.values()))
    Employee.objects.filter(pk=stranger.pk).update(name="外人")
    with carbide.at(MORNING):
        complaint = registered(carbide)
        COMMENT(complaint, by=carbide["sales_officer"], text="@外人")

    assert not Notice.objects.filter(employee=stranger).exists()


def test_the_new_owner_is_told(carbide: Firm) -> None:
    with carbide.at(MORNING):
        complaint = registered(carbide)
        complaint_is.forward(
            complaint,
            by=carbide["sales_officer"],
            to_department=carbide["after_sales_clerk"].department,
            to_person=carbide["after_sales_clerk"],
        )

    assert told(complaint, "assigned") == {carbide["after_sales_clerk"].name}


def test_whoever_is_to_sign_instead_or_as_well_is_told(carbide: Firm) -> None:
    with carbide.at(MORNING):
        complaint = proposed(carbide)
        ADD_SIGNER(complaint, by=carbide["quality_manager"], to=carbide["finance_manager"], reason="涉及金额")
        HAND_OVER(complaint, by=carbide["quality_manager"], to=carbide["inspector"], reason="出差")

    assert {carbide["finance_manager"].name, carbide["inspector"].name} <= told(complaint, "sign")


def test_what_happened_long_ago_is_news_to_nobody(carbide: Firm) -> None:
    with carbide.at("2026-03-20 10:00"):
        long_ago = carbide.company.created_at.replace(year=2026, month=3, day=2)
        complaint = registered(carbide, occurred_at=long_ago)

    assert not Notice.objects.filter(record=complaint).exists()


def test_what_is_told_again_stays_one_notice(carbide: Firm) -> None:
    with carbide.at(MORNING):
        complaint = confirmed(carbide)
    before = Notice.objects.count()

    again = [
        Tidings(row.owner, Notice.Kind.RECEIVE, f"receive/o{row.pk}", complaint.pk, row.pk)
        for row in complaint.obligations.filter(kind="routing")
    ]
    tell(
        carbide.company.pk, again, on=date(2026, 3, 2), at=complaint.entered_at, except_for=carbide["sales_officer"].pk
    )

    assert again
    assert Notice.objects.count() == before


def test_telling_adds_two_statements_and_none_when_nobody_is_to_be_told(carbide: Firm) -> None:
    with carbide.at(MORNING):
        with CaptureQueriesContext(connection) as quiet:
            complaint = registered(carbide)
            complaint_is.give_first_answer(
                complaint, by=carbide["sales_officer"], first_answer="已收到", channel="phone"
            )
        complaint_is.classify(
            complaint,
            by=carbide["sales_officer"],
            cause_class="quality",
            subject="product_function",
            severity="serious",
        )
        with CaptureQueriesContext(connection) as loud:
            complaint_is.confirm_facts(complaint, by=carbide["sales_officer"], reasonable=True, note="属实")

    def about_telling(asked: CaptureQueriesContext) -> list[str]:
        return [each["sql"] for each in asked if "messaging_notice" in each["sql"] or "RECURSIVE" in each["sql"]]

    assert about_telling(quiet) == []
    assert len(about_telling(loud)) == 2


def test_a_notice_speaks_the_readers_language(carbide: Firm) -> None:
    with carbide.at(MORNING):
        complaint = confirmed(carbide)
    notice = Notice.objects.filter(record=complaint, kind="receive").first()
    assert notice is not None

    with translation.override("en"):
        english = sentence(notice, Names.of(carbide.company))

    assert (
        english == f"To be acknowledged: it has come to you with “Confirm the facts” by {carbide['sales_officer'].name}"
    )
