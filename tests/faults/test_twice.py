"""Two clicks, two people, eight clerks at once: one deed each, in order, and who comes second is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connections

from luyue.complaints.models import Complaint, State
from luyue.ledger.models import Entry
from luyue.records.models import Counter
from tests.faults.conftest import Desk, complaint_of, ledger_faults, text_of
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
