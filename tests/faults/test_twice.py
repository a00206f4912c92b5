"""Two clicks, two people, eight clerks at once: one deed each, in order, and who comes second is told."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from luyue.complaints.models import Complaint, State
from luyue.ledger.models import Entry
from luyue.parties.models import Party
from luyue.products.models import Product
from luyue.records import registry
from luyue.records.models import Attachment, Counter
from tests.faults.conftest import NEW_COMPLAINT, Desk, address_of, complaint_of, ledger_faults, text_of
from tests.firms import Firm

pytestmark = pytest.mark.django_db(transaction=True)

CLASSIFIED = {
    "cause_class": "quality",
    "subject": "product_function",
    "severity": "serious",
    "special": "none",
    "on_site_needed": "no",
    "experts_needed": "no",
    "principle_matter": "no",
}


def at_once(deeds: Sequence[Callable[[], Any]]) -> list[Any]:
    """Begin all deeds in the same instant, each with a connection of its own."""
    together = threading.Barrier(len(deeds))
    answers: list[Any] = [None] * len(deeds)

    def begin(place: int, deed: Callable[[], Any]) -> None:
        try:
            together.wait(timeout=30)
            answers[place] = deed()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=begin, args=(place, deed)) for place, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


def test_a_form_sent_twice_opens_one_record_and_shows_it_both_times(carbide_for_many: Firm) -> None:
    desk, customer = Desk(carbide_for_many["sales_officer"]), carbide_for_many.customer()

    first = desk.register(customer.number, submission="b7")
    second = desk.register(customer.number, submission="b7")

    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert Complaint.objects.count() == 1
    assert Counter.objects.get().last == 1


def test_two_clicks_at_the_same_instant_open_one_record(carbide_for_many: Firm) -> None:
    customer = carbide_for_many.customer()
    desks = [Desk(carbide_for_many["sales_officer"]) for _each in range(4)]

    answers = at_once([lambda desk=desk: desk.register(customer.number, submission="c9") for desk in desks])

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (302, f"/r/complaints/{Complaint.objects.get().pk}/")
    }
    assert Counter.objects.get().last == 1
    assert ledger_faults(carbide_for_many) == []


def test_a_step_clicked_twice_is_taken_once_and_the_second_click_is_told(carbide_for_many: Firm) -> None:
    complaint = complaint_of(carbide_for_many)
    desk = Desk(carbide_for_many["sales_officer"])
    said = {**CLASSIFIED, "version": str(complaint.version)}

    first, second = desk.do(complaint, "classify", **said), desk.do(complaint, "classify", **said)

    assert (first.status_code, second.status_code) == (302, 422)
    assert "Somebody changed" in text_of(second)
    assert Entry.objects.filter(record_id=complaint.pk, action="complaint.classify").count() == 1


def test_a_step_sent_twice_with_its_mark_is_taken_once_and_shows_the_first_result(carbide_for_many: Firm) -> None:
    complaint = complaint_of(carbide_for_many)
    desk = Desk(carbide_for_many["sales_officer"])
    said = {**CLASSIFIED, "version": str(complaint.version), "submission": "d1"}

    first, second = desk.do(complaint, "classify", **said), desk.do(complaint, "classify", **said)
    page = text_of(desk.open(address_of(complaint)))

    assert [(each.status_code, each["Location"]) for each in (first, second)] == [(302, address_of(complaint))] * 2
    assert "“Classify” is done" in page
    assert Entry.objects.filter(record_id=complaint.pk, action="complaint.classify").count() == 1


DIALOGS: dict[str, dict[str, Any]] = {
    "comment": {"text": "先电话安抚客户"},
    "attach": {"note": "断口", "file_kind": "other"},
    "classify": CLASSIFIED,
    "correct": {"field": "batch", "value": "B-7", "reason": "更正"},
    "give_first_answer": {"first_answer": "已收到", "channel": "phone"},
}


@pytest.mark.parametrize("action", DIALOGS)
def test_four_clicks_at_the_same_instant_enter_once(carbide_for_many: Firm, action: str) -> None:
    complaint = complaint_of(carbide_for_many)
    before = Entry.objects.filter(record_id=complaint.pk).count()
    desks = [Desk(carbide_for_many["sales_officer"]) for _each in range(4)]

    def click(desk: Desk) -> Any:
        files = {"files": [SimpleUploadedFile("图.png", b"\x89PNG\r\n\x1a\n")]} if action == "attach" else {}
        return desk.do(complaint, action, **DIALOGS[action], **files, version="1", submission="e5")

    answers = at_once([lambda desk=desk: click(desk) for desk in desks])

    assert [(each.status_code, each["Location"]) for each in answers] == [(302, address_of(complaint))] * 4
    assert Entry.objects.filter(record_id=complaint.pk).count() == before + 1
    assert Attachment.objects.count() == (1 if action == "attach" else 0)
    assert ledger_faults(carbide_for_many) == []


def test_every_dialog_bears_a_mark_of_its_own(carbide_for_many: Firm) -> None:
    complaint = complaint_of(carbide_for_many)
    desk = Desk(carbide_for_many["sales_officer"])
    names = [name for name in registry.record_type("complaint").all_actions if name != "register"]

    pages = [text_of(desk.open(address_of(complaint, name))) for name in names]
    pages += [text_of(desk.open(address_of(complaint))), text_of(desk.open(NEW_COMPLAINT))]
    pages += [text_of(desk.open(f"/customers/{place}")) for place in ("new/", f"{complaint.party_id}/change/")]
    pages += [text_of(desk.open(f"/customers/{complaint.party_id}/contacts/new/"))]

    marks = [set(re.findall(r'name="submission" value="([0-9a-f]{32})"', page)) for page in pages]
    shown = [mark for mark, page in zip(marks, pages, strict=True) if "<textarea" in page or mark]
    assert all(len(mark) == 1 for mark in shown)
    assert len(set().union(*shown)) == len(shown) > 12


def test_ticked_rows_assigned_by_a_double_click_are_assigned_once(carbide_for_many: Firm) -> None:
    complaints = [complaint_of(carbide_for_many, party=carbide_for_many.customer()) for _each in range(2)]
    desks = [Desk(carbide_for_many["marketing_manager"]) for _each in range(3)]
    said = {
        "record": [str(each.pk) for each in complaints],
        "action": "assign",
        "to": str(carbide_for_many["after_sales_clerk"].pk),
        "submission": "k1",
    }

    answers = at_once([lambda desk=desk: desk.send("/r/complaints/bulk/", **said) for desk in desks])

    assert [each.status_code for each in answers] == [302] * 3
    assert Entry.objects.filter(action="complaint.assign").count() == 2
    assert {each.owner for each in Complaint.objects.all()} == {carbide_for_many["after_sales_clerk"]}


def test_the_same_comment_written_again_on_purpose_is_entered_again(carbide_for_many: Firm) -> None:
    complaint = complaint_of(carbide_for_many)
    desk = Desk(carbide_for_many["sales_officer"])

    for mark, text in (("f1", "已致电"), ("f2", "已致电"), ("f2", "已致电,无人接听"), ("f2", "已致电")):
        assert desk.do(complaint, "comment", text=text, submission=mark).status_code == 302

    entered = Entry.objects.filter(record_id=complaint.pk, action="complaint.comment").order_by("sequence")
    assert [entry.data["text"] for entry in entered] == ["已致电", "已致电", "已致电,无人接听"]


def test_a_form_that_was_refused_may_be_sent_again_with_its_mark(carbide_for_many: Firm) -> None:
    complaint = complaint_of(carbide_for_many)
    desk = Desk(carbide_for_many["sales_officer"])

    refused = desk.do(complaint, "comment", text=" ", submission="g1")
    done = desk.do(complaint, "comment", text="已致电", submission="g1")

    assert (refused.status_code, done.status_code) == (422, 302)
    assert 'name="submission" value="g1"' in text_of(refused)


def test_a_new_record_whose_form_was_changed_after_it_was_sent_says_where_it_went(carbide_for_many: Firm) -> None:
    desk, customer = Desk(carbide_for_many["sales_officer"]), carbide_for_many.customer()
    desk.register(customer.number, submission="h1")

    changed = desk.register(customer.number, submission="h1", what_happened="另有三支断裂")

    assert changed.status_code == 422
    assert f"became {Complaint.objects.get().number}" in text_of(changed)
    assert "另有三支断裂" in text_of(changed)


def test_a_customer_entered_by_a_double_click_is_entered_once(carbide_for_many: Firm) -> None:
    desks = [Desk(carbide_for_many["sales_officer"]) for _each in range(4)]
    said = {"name": "华南刀具", "role": "customer", "market": "domestic", "submission": "i1"}

    answers = at_once([lambda desk=desk: desk.send("/customers/new/", **said) for desk in desks])
    party = Party.objects.get(name="华南刀具")
    contact = {"name": "陈工", "submission": "i2"}
    added = at_once([lambda desk=desk: desk.send(f"/customers/{party.pk}/contacts/new/", **contact) for desk in desks])

    assert {(each.status_code, each["Location"]) for each in answers + added} == {(302, f"/customers/{party.pk}/")}
    assert (party.contacts.count(), Counter.objects.get(series="party").last) == (1, 1)


def test_a_product_entered_by_a_double_click_shows_its_page_and_no_complaint_of_its_number(
    carbide_for_many: Firm,
) -> None:
    desks = [Desk(carbide_for_many["sales_officer"]) for _each in range(3)]
    said = {"number": "YG8-06", "name": "硬质合金棒材", "submission": "j1"}

    answers = at_once([lambda desk=desk: desk.send("/products/new/", **said) for desk in desks])
    other = desks[0].send("/products/new/", **said | {"submission": "j2"})

    assert len({(each.status_code, each["Location"]) for each in answers}) == 1
    assert answers[0].status_code == 302
    assert (other.status_code, Product.objects.count()) == (422, 1)


def test_of_two_people_at_once_one_is_told_and_keeps_what_was_typed(carbide_for_many: Firm) -> None:
    complaint = complaint_of(carbide_for_many)
    desk = Desk(carbide_for_many["sales_officer"])
    answered_first = {"first_answer": "甲:已收到投诉,两日内答复", "channel": "phone", "version": "1"}
    answered_second = {"first_answer": "乙:样品请寄回本厂", "channel": "phone", "version": "1"}

    answers = at_once(
        [
            lambda: desk.do(complaint, "give_first_answer", **answered_first),
            lambda: Desk(carbide_for_many["after_sales_clerk"]).do(complaint, "give_first_answer", **answered_second),
        ]
    )

    assert sorted(answer.status_code for answer in answers) == [302, 422]
    told = text_of(next(answer for answer in answers if answer.status_code == 422))
    complaint.refresh_from_db()
    kept = {answered_first["first_answer"], answered_second["first_answer"]} - {complaint.first_answer}
    assert "Somebody changed" in told
    assert kept.pop() in told
    assert Entry.objects.filter(record_id=complaint.pk).count() == 2


def test_after_being_told_the_same_words_go_through(carbide_for_many: Firm) -> None:
    complaint = complaint_of(carbide_for_many)
    officer, clerk = Desk(carbide_for_many["sales_officer"]), Desk(carbide_for_many["after_sales_clerk"])
    officer.do(complaint, "classify", **CLASSIFIED, version="1")
    told = clerk.do(complaint, "give_first_answer", first_answer="已收到", channel="phone", version="1")

    offered = told.context["version"]
    done = clerk.do(complaint, "give_first_answer", first_answer="已收到", channel="phone", version=str(offered))

    assert (told.status_code, offered, done.status_code) == (422, 2, 302)


def test_who_only_comments_disturbs_nobody_and_is_not_disturbed(carbide_for_many: Firm) -> None:
    complaint = complaint_of(carbide_for_many)
    officer, clerk = Desk(carbide_for_many["sales_officer"]), Desk(carbide_for_many["after_sales_clerk"])

    answers = at_once(
        [
            lambda: officer.do(complaint, "classify", **CLASSIFIED, version="1"),
            lambda: clerk.do(complaint, "comment", text="先电话安抚客户", version="1"),
        ]
    )

    complaint.refresh_from_db()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert complaint.state == State.INVESTIGATING
    assert ledger_faults(carbide_for_many) == []


def test_eight_clerks_at_once_get_eight_numbers_without_a_gap(carbide_for_many: Firm) -> None:
    customer = carbide_for_many.customer()
    desks = [Desk(carbide_for_many["sales_officer"]) for _each in range(8)]

    answers = at_once([lambda desk=desk: desk.register(customer.number) for desk in desks])

    numbers = sorted(Complaint.objects.values_list("number", flat=True))
    assert [answer.status_code for answer in answers] == [302] * 8
    assert [number[-3:] for number in numbers] == [f"{place:03d}" for place in range(1, 9)]
    assert ledger_faults(carbide_for_many) == []
