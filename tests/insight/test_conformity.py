from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

import luyue
from luyue.complaints.models import Complaint
from luyue.insight.conformity import figures
from luyue.ledger.models import Entry
from luyue.parties.models import Contact
from luyue.records import clock, tallies
from luyue.records.models import Obligation, Tally
from luyue.rulebook.editions import document_of
from luyue.rulebook.loading import read_profile
from luyue.rulebook.models import Edition
from luyue.site.demo.companies import folder_of
from luyue.site.demo.year import live_through
from luyue.sweep.due import break_overdue
from tests.firms import PASSWORD, Firm

RULEBOOKS = Path(luyue.__file__).parent / "rulebooks"


def counted_anew(firm: Firm) -> Counter[tallies.Place]:
    """The same figures, counted from all promises and all entries by other means."""
    zone = firm.company.zone
    found: Counter[tallies.Place] = Counter()
    for row in Obligation.objects.filter(company=firm.company, record__isnull=False):
        if standing := tallies.standing_of(row):
            found[row.procedure, row.clause, row.started_at.astimezone(zone).date(), standing] += 1
    for entry in Entry.objects.filter(company=firm.company, record__isnull=False):
        found["", entry.action, entry.occurred_at.astimezone(zone).date(), tallies.DEED] += 1
    return found


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
