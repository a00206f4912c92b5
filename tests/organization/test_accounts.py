"""An administrator helps with signing in, but never takes over an account that another company counts on."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP

from luyue.organization.accounts import remove_second_factor, reset_password
from luyue.organization.models import Employee
from luyue.organization.refusals import StaffError
from luyue.organization.staff import leave
from tests.organization.companies import MORNING, TODAY, Book, Workforce

NEW = "another-2026-word"


def test_only_an_administrator_sets_a_password(works: Workforce, others: Workforce) -> None:
    li = works.hire("li")

    for nobody in (works.hire("wang"), others.admin):
        with pytest.raises(StaffError, match="Only an administrator"):
            reset_password(li, by=nobody, at=MORNING, password=NEW)
    with pytest.raises(StaffError, match="too short"):
        reset_password(li, by=works.admin, at=MORNING, password="x1y2")
    reset_password(li, by=works.admin, at=MORNING, password=NEW)

    li.account.refresh_from_db()
    assert li.account.check_password(NEW)
    assert li.account.password_is_initial


def test_the_ledger_does_not_learn_the_password(works: Workforce, book: Book) -> None:
    li = works.hire("li")
    reset_password(li, by=works.admin, at=MORNING, password=NEW)

    assert book.last["data"] == {"employee": li.pk}
    assert NEW not in repr(book.entries)


def test_the_administrators_own_sign_in_is_not_changed_from_an_open_screen(works: Workforce) -> None:
    works.hire("second", is_administrator=True)
    TOTP.activate(works.admin.account, "JBSWY3DPEHPK3PXP")

    with pytest.raises(StaffError, match="Change your own sign-in under My account"):
        reset_password(works.admin, by=works.admin, at=MORNING, password=NEW)
    with pytest.raises(StaffError, match="Change your own sign-in under My account"):
        remove_second_factor(works.admin, by=works.admin, at=MORNING)


def in_both(works: Workforce, others: Workforce) -> Employee:
    """A person of this company who works for the other one too."""
    li = works.hire("li")
    others.hire("li", user_name=li.account.username, password="")
    return li


def test_an_account_used_in_two_companies_is_taken_over_by_neither(works: Workforce, others: Workforce) -> None:
    li = in_both(works, others)

    with pytest.raises(StaffError, match="signs in to another company too"):
        reset_password(li, by=works.admin, at=MORNING, password=NEW)
    with pytest.raises(StaffError, match="signs in to another company too"):
        remove_second_factor(li, by=works.admin, at=MORNING)
    there = li.account.employments.get(company=others.company)
    leave(there, by=others.admin, at=MORNING, on=TODAY)
    with pytest.raises(StaffError, match="signs in to another company too"):
        reset_password(li, by=works.admin, at=MORNING, password=NEW)


def test_the_second_factor_is_removed_for_one_who_lost_it(works: Workforce, book: Book) -> None:
    li = works.hire("li")
    with pytest.raises(StaffError, match="No two-step sign-in"):
        remove_second_factor(li, by=works.admin, at=MORNING)
    TOTP.activate(li.account, "JBSWY3DPEHPK3PXP")

    remove_second_factor(li, by=works.admin, at=MORNING)

    assert not Authenticator.objects.filter(user=li.account).exists()
    assert book.last["data"] == {"employee": li.pk, "removed": ["totp"]}
