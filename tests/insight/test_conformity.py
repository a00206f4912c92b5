from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import luyue
from luyue.complaints.models import Complaint
from luyue.insight.conformity import figures
from luyue.ledger.models import Entry
from luyue.parties.models import Contact
from luyue.records import clock, tallies
from luyue.records.models import Obligation, Tally
from luyue.records.rules import rules_of
from luyue.rulebook.editions import document_of
from luyue.rulebook.engine.conditions import holds
from luyue.rulebook.engine.rules import actions_governed
from luyue.rulebook.loading import read_profile
from luyue.rulebook.models import Edition
from luyue.site.demo.companies import folder_of
from luyue.site.demo.year import live_through
from luyue.sweep.due import break_overdue
from tests.firms import PASSWORD, Firm
from tests.stories.telling import Tale

RULEBOOKS = Path(luyue.__file__).parent / "rulebooks"


def counted_anew(firm: Firm) -> Counter[tallies.Place]:
    """The same figures, counted from all promises and all entries by other means."""
    zone = firm.company.zone
    found: Counter[tallies.Place] = Counter()
    for row in Obligation.objects.filter(company=firm.company, record__isnull=False):
        if standing := tallies.standing_of(row):
            found[row.procedure, row.clause, row.started_at.astimezone(zone).date(), standing] += 1
    before: dict[int | None, Entry] = {}
    for entry in Entry.objects.filter(company=firm.company, record__isnull=False).order_by("record_id", "sequence"):
        day = entry.occurred_at.astimezone(zone).date()
        found["", entry.action, day, tallies.DEED] += 1
        for procedure, clause in governing_this_time(firm, entry, before.get(entry.record_id, entry)):
            found[procedure, clause, day, tallies.GOVERNED] += 1
        before[entry.record_id] = entry
    return found


def governing_this_time(firm: Firm, entry: Entry, before: Entry) -> set[tuple[str, str]]:
    """The clauses that governed a deed because of its facts, asked of each control by itself."""
    assert entry.record is not None
    by_clause: dict[tuple[str, str], list[bool]] = {}
    for bound in rules_of(entry.record.binding_id, firm.company).all:
        if entry.action in actions_governed(bound.control):
            facts = entry.facts if bound.kind == "required_fields" else before.facts
            answer = bound.control.when is None or holds(bound.control.when, facts) is True
            always = by_clause.setdefault((bound.procedure, bound.clause), [False, False])
            always[0] = always[0] or bound.control.when is None
            always[1] = always[1] or answer
    return {place for place, (always_, held) in by_clause.items() if held and not always_}


def tallied(firm: Firm) -> Counter[tallies.Place]:
    rows = Tally.objects.filter(company=firm.company).exclude(number=0)
    return Counter({(row.procedure, row.clause, row.day, row.standing): row.number for row in rows})


def with_something_to_complain_about(firm: Firm) -> None:
    customer = firm.customer(address="工业路 1 号", phone="000-1")
    Contact.objects.create(company=firm.company, party=customer, name="周工", phone="000-2")
    firm.product(specification="YG8 φ6×330", unit="支")


@pytest.mark.parametrize("profile", ["carbide", "cement"])
def test_what_was_counted_as_it_happened_is_what_counting_anew_gives(
    db: None, profile: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("luyue.site.demo.year.COMPLAINTS_A_YEAR", 7)
    monkeypatch.setattr("luyue.site.demo.year.OPEN_AT_THE_END", 4)
    monkeypatch.setattr("luyue.site.demo.year.PASSWORD", PASSWORD)
    firm = Firm(read_profile(folder_of(profile)))
    with_something_to_complain_about(firm)
    now = clock.now()
    live_through(firm.company, now)

    break_overdue(now + timedelta(days=3))

    assert Complaint.objects.filter(company=firm.company).count() >= 5
    assert tallied(firm) == counted_anew(firm)


def test_a_clause_under_which_nothing_ran_has_no_evidence(db: None) -> None:
    firm = Firm(read_profile(RULEBOOKS / "carbide"))
    document = document_of(Edition.objects.get(company=firm.company))
    now = clock.now()

    found = figures(firm.company, document, now - timedelta(days=365), now)

    assert sum(each.total for each in found.values()) == 0


def test_a_clause_for_grave_cases_has_no_evidence_where_there_was_no_grave_case(db: None) -> None:
    firm = Firm(read_profile(RULEBOOKS / "cement"))
    document = document_of(Edition.objects.get(company=firm.company))
    Tale(firm, "2026-03-02 10:00").comes_to("decide_remedy", "2026-03-02 11:00")
    period = (datetime(2026, 3, 1, tzinfo=firm.company.zone), datetime(2026, 4, 1, tzinfo=firm.company.zone))

    ordinary = figures(firm.company, document, *period)
    Tale(firm, "2026-03-02 10:00", severity="major").comes_to("decide_remedy", "2026-03-02 11:00")
    with_a_grave_one = figures(firm.company, document, *period)

    assert ordinary["3.4"].total == 0
    assert ordinary["2.2.2"].kept > 0
    assert with_a_grave_one["3.4"].kept > 0


def test_the_figures_of_a_clause_are_those_of_its_promises(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("luyue.site.demo.year.COMPLAINTS_A_YEAR", 6)
    monkeypatch.setattr("luyue.site.demo.year.OPEN_AT_THE_END", 2)
    monkeypatch.setattr("luyue.site.demo.year.PASSWORD", PASSWORD)
    firm = Firm(read_profile(RULEBOOKS / "carbide"))
    with_something_to_complain_about(firm)
    now = clock.now()
    live_through(firm.company, now)
    document = document_of(Edition.objects.get(company=firm.company))

    found = figures(firm.company, document, now - timedelta(days=400), now + timedelta(days=1))

    promises = Obligation.objects.filter(company=firm.company, clause="10.3.4")
    assert found["10.3.4"].kept == promises.filter(status="kept").count()
    assert found["10.3.4"].broken == promises.filter(status="broken", done_at=None).count()
    assert found["10.3.4"].total == promises.exclude(status__in=["cancelled", "waived"]).count()
