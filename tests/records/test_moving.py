"""A later edition may take running promises with it: listed with old and new due time, confirmed, and entered."""

from __future__ import annotations

from random import Random

import pytest
from django.utils import translation

from luyue.complaints import actions as a
from luyue.desk.presenting import timeline_of
from luyue.ledger.chains import enter_procedure_change
from luyue.ledger.models import Entry
from luyue.ledger.verification import verify
from luyue.records import clock
from luyue.records.case import Case
from luyue.records.models import Obligation, Tally
from luyue.records.moving import digest_of_moves, move_running_promises, moves_to
from luyue.records.registry import vocabulary
from luyue.rulebook.editions import EditionError, draft_edition, publish_edition, sign_edition
from luyue.rulebook.models import Edition
from luyue.sweep.due import break_overdue
from tests.contract.test_replay import random_story, replayed, stored
from tests.firms import PASSWORD, Firm
from tests.house import Control, carbide_with, house_rules
from tests.stories.telling import Tale

MONDAY, TUESDAY, WEDNESDAY = "2026-03-02 10:00", "2026-03-03 10:00", "2026-03-04 10:00"
ROLES: Control = {
    "role": {
        "actions": ["complaint.tell_progress", "complaint.report_upwards"],
        "may": [{"position": "sales_officer"}],
    }
}


def limit(within: str, **more: object) -> Control:
    return {
        "time_limit": {
            "name": "report",
            "starts": ["complaint.register"],
            "stops": ["complaint.report_upwards"],
            "pauses": ["complaint.waiting"],
            "within": within,
            "owner": {"position": "sales_officer"},
            **more,
        }
    }


@pytest.fixture
def firm(db: None) -> Firm:
    return carbide_with(limit("10d"), ROLES)


def edition(firm: Firm, *controls: Control, on: str = TUESDAY, migrates: tuple[str, ...] = ("report",)) -> Edition:
    """A second edition of the house rules, signed and published in the morning of its first day."""
    paper = house_rules(*controls, ROLES, edition="2", effective=on[:10], migrates=migrates)
    with firm.at(on):
        now = clock.now()
        drafted = draft_edition(firm.company, document_text=paper.text, by=firm["sales_officer"], at=now)
        for meaning, signer in (("prepared", "sales_officer"), ("approved", "deputy_gm")):
            sign_edition(drafted, by=firm[signer], meaning=meaning, at=now, password=PASSWORD)
        return publish_edition(
            drafted, by=firm["deputy_gm"], at=now, vocabulary=vocabulary(), enter=enter_procedure_change
        )


def listed(firm: Firm, later: Edition, moment: str = TUESDAY) -> list[tuple[str, str, str]]:
    with firm.at(moment):
        moves = moves_to(later, by=firm["deputy_gm"], at=clock.now())
    return [
        (move.row.record.number, firm.local(move.row.due_at), firm.local(move.after.due_at))
        for move in moves
        if move.row.record and move.row.due_at and move.after.due_at
    ]


def confirmed(firm: Firm, later: Edition, moment: str = TUESDAY, by: str = "deputy_gm") -> int:
    with firm.at(moment):
        now = clock.now()
        digest = digest_of_moves(moves_to(later, by=firm[by], at=now))
        return move_running_promises(later, by=firm[by], at=now, listed=digest, enter=enter_procedure_change)


def test_an_edition_that_names_nothing_moves_nothing(firm: Firm) -> None:
    tale = Tale(firm, MONDAY)

    later = edition(firm, limit("5d"), migrates=())

    assert listed(firm, later) == []
    assert confirmed(firm, later) == 0
    assert tale.owed("report") == {"position:sales_officer": "2026-03-13 00:00 running"}


def test_what_runs_is_listed_with_both_due_times_and_moved_only_when_it_is_confirmed(firm: Firm) -> None:
    tale = Tale(firm, MONDAY)
    done = Tale(firm, MONDAY).then(MONDAY, "sales_officer", a.report_upwards, note="已报告")
    later = edition(firm, limit("5d"))

    before = listed(firm, later), tale.owed("report")
    moved = confirmed(firm, later)

    assert before[0] == [(tale.record.number, "2026-03-13 00:00", "2026-03-10 00:00")]
    assert before[1] == {"position:sales_officer": "2026-03-13 00:00 running"}
    assert moved == 1
    assert tale.owed("report") == {"position:sales_officer": "2026-03-10 00:00 running"}
    assert done.owed("report") == {"position:sales_officer": "2026-03-13 00:00 kept"}
    assert (firm.owed(tale.record, "report").edition, firm.owed(done.record, "report").edition.number) == (later, "1")
    assert listed(firm, later) == []


def test_each_moved_record_says_so_in_its_ledger_and_its_history(firm: Firm) -> None:
    tale = Tale(firm, MONDAY)
    confirmed(firm, edition(firm, limit("5d")))

    entry = tale.record.entries.latest("sequence")
    told = Entry.objects.filter(company=firm.company, action="procedures.move_running_promises").get()
    with firm.at(TUESDAY), translation.override("en"):
        line = timeline_of(Case(tale.record, firm["sales_officer"], clock.now()), [entry])[0]

    assert (entry.action, entry.by) == ("complaint.move_to_edition", firm["deputy_gm"])
    assert entry.data["limits"] == {"HOUSE-01/report": "2"}
    assert told.data["promises"] == told.data["records"] == 1
    assert line.title == "Moved to a later edition"
    assert line.comment == "HOUSE-01 1: due 2026-03-13 00:00 → 2026-03-10 00:00"
    assert [str(each) for each in verify(firm.company).findings] == []


def test_a_moved_clock_runs_on_from_where_it_began_with_the_pauses_it_had(firm: Firm) -> None:
    tale = Tale(firm, MONDAY).comes_to("classify", MONDAY)
    tale.brings_about("wait_for_customer", MONDAY)
    tale.brings_about("resume", WEDNESDAY)
    later = edition(firm, limit("8d"), on=WEDNESDAY)

    paused = tale.owed("report")
    confirmed(firm, later, WEDNESDAY)

    assert paused == {"position:sales_officer": "2026-03-17 00:00 running"}
    assert tale.owed("report") == {"position:sales_officer": "2026-03-13 00:00 running"}
    tale.record.refresh_from_db()
    assert replayed(firm, tale.record) == stored(tale.record)


def test_a_limit_that_holds_no_longer_in_this_case_lapses(firm: Firm) -> None:
    domestic, foreign = Tale(firm, MONDAY), Tale(firm, MONDAY, market="overseas")
    later = edition(firm, limit("20d", when={"market": ["overseas"]}))

    confirmed(firm, later)

    assert domestic.owed("report") == {"position:sales_officer": "2026-03-13 00:00 cancelled"}
    assert foreign.owed("report") == {"position:sales_officer": "2026-03-24 00:00 running"}


def test_what_would_be_overdue_is_listed_so_and_is_broken_once_it_is_confirmed(firm: Firm) -> None:
    tale = Tale(firm, MONDAY)
    later = edition(firm, limit("1d"), on=WEDNESDAY)

    before = listed(firm, later, WEDNESDAY)
    confirmed(firm, later, WEDNESDAY)

    assert before == [(tale.record.number, "2026-03-13 00:00", "2026-03-04 00:00")]
    assert tale.owed("report") == {"position:sales_officer": "2026-03-04 00:00 broken"}


def test_a_list_that_is_no_longer_true_is_not_confirmed(firm: Firm) -> None:
    Tale(firm, MONDAY)
    later = edition(firm, limit("5d"))
    with firm.at(TUESDAY):
        seen = digest_of_moves(moves_to(later, by=firm["deputy_gm"], at=clock.now()))
    another = Tale(firm, MONDAY)

    with firm.at(TUESDAY), pytest.raises(EditionError):
        move_running_promises(later, by=firm["deputy_gm"], at=clock.now(), listed=seen, enter=enter_procedure_change)

    assert another.owed("report") == {"position:sales_officer": "2026-03-13 00:00 running"}


def test_nobody_else_confirms_and_not_before_the_edition_is_in_force(firm: Firm) -> None:
    tale = Tale(firm, MONDAY)
    later = edition(firm, limit("5d"), on=TUESDAY)

    with pytest.raises(EditionError):
        confirmed(firm, later, by="inspector")
    with pytest.raises(EditionError):
        confirmed(firm, later, MONDAY)

    assert tale.owed("report") == {"position:sales_officer": "2026-03-13 00:00 running"}


def test_who_confirms_does_not_thereby_see_a_confidential_case(firm: Firm) -> None:
    tale = Tale(firm, MONDAY)
    later = edition(firm, limit("5d"))
    readers = set(tale.record.readers.values_list("key", flat=True))

    confirmed(firm, later)

    assert set(tale.record.readers.values_list("key", flat=True)) == readers


def test_the_figures_of_conformity_follow_what_was_moved_to_another_clause(firm: Firm) -> None:
    tale = Tale(firm, MONDAY)
    later = edition(firm, ROLES, limit("5d"))

    confirmed(firm, later)

    assert firm.owed(tale.record, "report").clause == "2"
    assert _counted(firm, "1") == 0
    assert _counted(firm, "2") == 1


def _counted(firm: Firm, clause: str) -> int:
    rows = Tally.objects.filter(company=firm.company, procedure="HOUSE-01", clause=clause, standing="running")
    return sum(row.number for row in rows)


def test_after_moving_random_stories_replay_to_what_is_stored(firm: Firm) -> None:
    left = [Tale(firm, MONDAY, market=market) for market in ("domestic", "overseas")]
    stories = [random_story(firm, Random(seed)) for seed in range(3)]
    later = edition(
        firm,
        limit("30d", when={"market": ["domestic"]}, restarts=["complaint.tell_progress"]),
        limit("4d", when={"market": ["overseas"]}),
        on=WEDNESDAY,
    )

    confirmed(firm, later, WEDNESDAY)
    left[0].then("2026-03-05 10:00", "sales_officer", a.tell_progress, progress="在办", channel="phone")
    late = left[1].then("2026-03-09 10:00", "sales_officer", a.report_upwards, note="报告")
    with firm.at("2026-06-01 10:00"):
        now = clock.now()
    break_overdue(now)

    assert len(left[0].history("report")) == 2
    assert firm.owed(late.record, "report").status == "broken"
    for tale in (*left, *stories):
        tale.record.refresh_from_db()
        assert replayed(firm, tale.record, as_of=now) == stored(tale.record)
    assert not Obligation.objects.filter(control="HOUSE-01/report", status="running", due_at__lt=now).exists()
