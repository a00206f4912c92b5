from __future__ import annotations

import pytest
from django.db import transaction

from luyue.records.models import Binding
from luyue.records.rules import binding_for, edition_ids, rules_of
from tests.firms import Firm


class TakenBackError(Exception):
    """The transaction of this story does not come about."""


def test_nothing_is_kept_of_a_binding_that_was_rolled_back(carbide: Firm, cement: Firm) -> None:
    with pytest.raises(TakenBackError), transaction.atomic():
        of_carbide = binding_for(carbide.company, carbide.today()).pk
        rules_of(of_carbide, carbide.company)
        raise TakenBackError

    of_cement = Binding.objects.create(pk=of_carbide, company=cement.company, key="cement")
    of_cement.editions.set(cement.company.editions.all())

    assert set(edition_ids(of_carbide)) == {edition.procedure.code for edition in cement.company.editions.all()}
    assert {bound.procedure for bound in rules_of(of_carbide, cement.company).all} == set(edition_ids(of_carbide))
