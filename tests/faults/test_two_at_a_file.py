"""Two people at one customer or product: the second is told what the first changed, and all of it is kept."""

from __future__ import annotations

from typing import Any

import pytest

from luyue.ledger.models import Entry
from luyue.parties.models import Party
from luyue.products.models import Product
from tests.faults.conftest import Desk, ledger_faults, text_of
from tests.faults.test_twice import at_once
from tests.firms import Firm

pytestmark = pytest.mark.django_db(transaction=True)


def said_of(party: Party, **more: Any) -> dict[str, Any]:
    return {"name": party.name, "number": party.number, "role": party.role, "market": party.market, **more}


def test_of_two_who_change_a_customer_at_once_one_is_told_and_keeps_what_was_typed(carbide_for_many: Firm) -> None:
    party = carbide_for_many.customer()
    address = f"/customers/{party.pk}/change/"
    desks = [Desk(carbide_for_many[position]) for position in ("sales_officer", "quality_manager")]
    phones = ["0512-1111", "0512-2222"]

    answers = at_once(
        [
            lambda desk=desk, phone=phone: desk.send(address, **said_of(party, phone=phone, version="1"))
            for desk, phone in zip(desks, phones, strict=True)
        ]
    )

    party.refresh_from_db()
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    told = text_of(next(answer for answer in answers if answer.status_code == 422))
    assert f"Phone: — → {party.phone}" in told
    assert ({*phones} - {party.phone}).pop() in told
    assert (party.version, 'name="version" value="2"' in told) == (2, True)
    assert Entry.objects.filter(action="customers.change").count() == 1
    assert ledger_faults(carbide_for_many) == []


def test_after_being_told_the_same_words_go_through(carbide_for_many: Firm) -> None:
    product = carbide_for_many.product()
    officer, manager = Desk(carbide_for_many["sales_officer"]), Desk(carbide_for_many["quality_manager"])
    address = f"/products/{product.pk}/change/"
    said = {"number": product.number, "name": product.name}
    officer.send(address, **said, unit="支", version="1")

    told = manager.send(address, **said, category="棒材", version="1")
    done = manager.send(address, **said, category="棒材", version="2")

    assert (told.status_code, done.status_code) == (422, 302)
    assert "Unit: — → 支" in text_of(told)
    assert (Product.objects.get().version, Product.objects.get().category) == (3, "棒材")


def test_what_changes_nothing_is_no_change(carbide_for_many: Firm) -> None:
    party = carbide_for_many.customer()
    desk = Desk(carbide_for_many["sales_officer"])

    assert desk.send(f"/customers/{party.pk}/change/", **said_of(party), version="1").status_code == 302
    party.refresh_from_db()
    assert (party.version, Entry.objects.filter(action="customers.change").exists()) == (1, False)


def test_the_page_of_a_customer_shows_who_changed_what(carbide_for_many: Firm) -> None:
    desk = Desk(carbide_for_many["sales_officer"])
    entered = desk.send("/customers/new/", name="华南刀具", role="customer", market="domestic")
    party = Party.objects.get(name="华南刀具")
    responsible = carbide_for_many["sales_officer"]
    desk.send(
        f"/customers/{party.pk}/change/",
        **said_of(party, market="overseas", responsible=responsible.pk, distance_km="12.5"),
    )
    desk.send(f"/customers/{party.pk}/contacts/new/", name="<b>陈工</b>")

    page = desk.open(entered["Location"])

    lines = [(line.title, [(c.label, c.before, c.after) for c in line.changes]) for line in page.context["entries"]]
    assert lines[0] == ("Contact added", [])
    assert lines[1] == (
        "Changed",
        [
            ("Market", "Domestic", "Overseas"),
            ("Distance from the plant (km)", "", "12.5"),
            ("Responsible", "", responsible.name),
        ],
    )
    assert (lines[2][0], ("Name", "", "华南刀具") in lines[2][1]) == ("Entered", True)
    assert "<b>陈工" not in text_of(page)
    assert ledger_faults(carbide_for_many) == []


def test_the_page_of_a_product_shows_its_history_and_nobody_elses_company_sees_it(carbide_for_many: Firm) -> None:
    desk = Desk(carbide_for_many["sales_officer"])
    entered = desk.send("/products/new/", number="YG8-06", name="硬质合金棒材", unit="支")

    page = desk.open(entered["Location"])

    assert [line.title for line in page.context["entries"]] == ["Entered"]
    assert desk.open("/products/999999/").status_code == 404
