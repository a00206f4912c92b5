"""One look-up finds exactly those whom the addresses reach, deputies included."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luyue.messaging.receivers import employees_behind
from luyue.organization.authority import holders_of
from luyue.organization.models import Department, Deputyship, Employee, Position, Tenure
from luyue.rulebook.loading import SHIPPED, read_profile
from tests.firms import Firm

TODAY = date(2026, 3, 2)


def reshuffled(firm: Firm, chance: Random) -> None:
    """Some departments become parts of others, some people leave, are away, hold more, or held it once."""
    company, people = firm.company, list(firm.people.values())
    departments = list(Department.objects.filter(company=company).order_by("pk"))
    for place, department in enumerate(departments[1:], start=1):
        department.parent = chance.choice([None, *departments[:place]])
        department.save()
    for person in people:
        person.joined_on = TODAY + timedelta(days=chance.choice([-900, -900, -900, 0, 1]))
        person.left_on = chance.choice([None, None, None, TODAY, TODAY - timedelta(days=1)])
        person.save()
    for _ in range(12):
        since = TODAY + timedelta(days=chance.choice([-400, 0, 1]))
        Tenure.objects.create(
            company=company,
            employee=chance.choice(people),
            position=chance.choice(list(Position.objects.filter(company=company))),
            since=since,
            until=chance.choice([None, since, since + timedelta(days=500)]),
        )
    for _ in range(8):
        absent, deputy = chance.sample(people, 2)
        since = TODAY + timedelta(days=chance.choice([-10, 0, 1]))
        tenure = Tenure.objects.filter(employee=absent).first()
        assert tenure is not None
        Deputyship.objects.create(
            company=company,
            absent=absent,
            deputy=deputy,
            position=chance.choice([None, tenure.position]),
            since=since,
            until=since + timedelta(days=chance.choice([0, 20])),
        )


@pytest.mark.parametrize("seed", range(5))
def test_the_one_look_up_agrees_with_asking_for_each_address(carbide: Firm, seed: int) -> None:
    reshuffled(carbide, Random(seed))
    pk = carbide.company.pk
    addresses = [
        *(f"position:{code}" for code in Position.objects.filter(company=pk).values_list("code", flat=True)),
        *(f"department:{code}" for code in Department.objects.filter(company=pk).values_list("code", flat=True)),
        *(f"employee:{person.pk}" for person in carbide.people.values()),
        "position:nobody",
    ]

    found = employees_behind(pk, addresses, TODAY)

    for address in addresses:
        expected = {person.pk for person in holders_of(pk, address, TODAY)}
        assert (address, set(found.get(address, ()))) == (address, expected)


def test_people_of_another_company_are_not_reached(carbide: Firm) -> None:
    mining = Firm(read_profile(SHIPPED / "mining"))
    stranger = next(iter(mining.people.values()))

    found = employees_behind(carbide.company.pk, [f"employee:{stranger.pk}", "position:general_manager"], TODAY)

    assert set(Employee.objects.filter(pk__in=set().union(*found.values())).values_list("company", flat=True)) == {
        carbide.company.pk
    }
    assert f"employee:{stranger.pk}" not in found


def test_all_addresses_are_looked_up_at_once(carbide: Firm) -> None:
    with CaptureQueriesContext(connection) as asked:
        employees_behind(carbide.company.pk, ["position:quality_manager", "department:marketing", "employee:1"], TODAY)

    assert len(asked) == 1
