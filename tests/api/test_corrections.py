from __future__ import annotations

import pytest

from luyue.complaints.models import Complaint
from luyue.parties.models import Party
from tests.api.conftest import Program, address_of, registered
from tests.firms import Firm


def test_a_correction_never_brings_in_what_belongs_to_another_company(
    mingxing: Firm, huarui: Firm, manager: Program, customer: Party
) -> None:
    stranger = huarui.customer("别家客户")
    address = f"{address_of(registered(mingxing, customer))}/actions/correct"

    for field, pk in (
        ("party", stranger.pk),
        ("owner", huarui["clerk"].pk),
        ("department", huarui["clerk"].department_id),
        ("product", huarui.product().pk),
        ("repeats", registered(huarui, stranger).pk),
    ):
        refused = manager.post(address, {"field": field, "value": str(pk), "reason": "录错"})

        assert refused.status_code == 422, field
    assert Complaint.objects.get(company=mingxing.company).party == customer


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("party", "abc"),
        ("party", "9" * 30),
        ("quantity", "viel"),
        ("quantity", "1E+400"),
        ("received_on", "0001-01-01T"),
        ("planned_arrival_at", "0001-01-01T00:00:00+14:00"),
        ("written", "vielleicht"),
        ("channel", "smoke"),
        ("case_volume_year", "9" * 30),
        ("what_happened", ""),
        ("topic", "x" * 201),
        ("company", "1"),
        ("number", "1"),
        ("colour", "1"),
    ],
)
def test_a_correction_to_what_cannot_be_is_422(
    mingxing: Firm, manager: Program, customer: Party, field: str, value: str
) -> None:
    address = f"{address_of(registered(mingxing, customer))}/actions/correct"

    refused = manager.post(address, {"field": field, "value": value, "reason": "录错"})

    assert refused.status_code in (409, 422)
    assert Complaint.objects.get().version == 1


def test_a_fact_is_corrected_and_the_wrong_one_stays_in_the_ledger(
    mingxing: Firm, manager: Program, customer: Party
) -> None:
    address = address_of(registered(mingxing, customer))

    done = manager.post(f"{address}/actions/correct", {"field": "contact_name", "value": "吴工", "reason": "听错"})

    assert (done.status_code, done["ETag"]) == (200, '"2"')
    assert manager.get(address).json()["fields"]["contact_name"] == "吴工"
