from __future__ import annotations

import pytest

from luyue.complaints import actions as complaint_is
from luyue.complaints.models import CauseClass, Channel, Complaint, Severity, Special, Subject
from luyue.records.refusing import Refused
from luyue.site.demo.playing import Stage
from tests.firms import PASSWORD, Firm


def who_may(firm: Firm, name: str, complaint: Complaint) -> object:
    stage = Stage(firm.company, PASSWORD, {}, None, complaint.opened_at)  # type: ignore[arg-type]
    return next(each for each in stage.who_may(getattr(complaint_is, name), complaint))


@pytest.mark.exercises("SCALE-SERVICE-3.10-2")
def test_a_second_complaint_about_the_same_scale_is_an_individual_case(scale: Firm) -> None:
    customer, product = scale.customer("渭南粮站"), scale.product("汽车衡", specification="SCS-100")
    said = {
        "party": customer,
        "product": product,
        "channel": Channel.PHONE,
        "what_happened": "空秤读数漂移",
        "contact_name": "赵工",
        "contact_phone": "000-1",
        "demand": "检修",
        "complaint_reason": "漂移",
        "quantity": 1,
        "site_address": "渭南",
        "batch": "B1",
        "order_number": "D1",
        "delivered_on": scale.today(),
    }
    receptionist = next(person for code, person in scale.people.items() if "reception" in code)
    with scale.at("2026-03-02 09:00"):
        first = complaint_is.register(Complaint(), by=receptionist, **said)
    with scale.at("2026-05-04 09:00"):
        second = complaint_is.register(Complaint(), by=receptionist, **said)
    classified = {
        "by": who_may(scale, "classify", second),
        "cause_class": CauseClass.QUALITY,
        "subject": Subject.PRODUCT_FUNCTION,
        "severity": Severity.SERIOUS,
        "charge": "free",
    }

    assert second.repeats_id == first.pk
    with scale.at("2026-05-04 10:00"), pytest.raises(Refused) as refused:
        complaint_is.classify(second, **classified)  # type: ignore[arg-type]
    assert refused.value.codes == ("individual_case",)

    with scale.at("2026-05-04 10:00"):
        complaint_is.classify(second, special=Special.INDIVIDUAL_CASE, **classified)  # type: ignore[arg-type]
    assert second.special == Special.INDIVIDUAL_CASE
