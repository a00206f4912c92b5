"""What an administrator may do to the sign-in of a person: a new password, and help for one who lost the second factor.

An account may be used in several companies. As long as it is, no single company's administrator may take it over.
"""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from luyue.organization.changes import write_down
from luyue.organization.models import Account, Company, Employee
from luyue.organization.refusals import StaffError, only_an_administrator


@transaction.atomic
def open_account(
    *, user_name: str, name: str, password: str, email: str, at: datetime, password_is_initial: bool
) -> Account:
    """Let a person sign in; the first password is to be changed at once unless it was chosen by the person."""
    account = Account(
        username=Account.normalize_username(user_name).lower(),
        display_name=name,
        email=email.strip().lower(),
        password_is_initial=password_is_initial,
        password_changed_at=at,
    )
    refuse_taken_email(account.email, account=None)
    refuse_weak_password(password, account=account)
    account.set_password(password)
    account.save()
    return account


@transaction.atomic
def reset_password(employee: Employee, *, by: Employee | None, at: datetime, password: str) -> None:
    """Give an employee a new first password, which is to be changed at the next sign-in."""
    only_an_administrator(employee.company, by=by, at=at)
    _not_ones_own(employee, by=by)
    _only_where_the_account_is_at_home(employee, at=at)
    account = employee.account
    refuse_weak_password(password, account=account)
    account.set_password(password)
    account.password_is_initial = True
    account.password_changed_at = at
    account.save(update_fields=["password", "password_is_initial", "password_changed_at"])
    write_down(employee.company_id, "reset_password", by=by, at=at, data={"employee": employee.pk})


@transaction.atomic
def remove_second_factor(employee: Employee, *, by: Employee | None, at: datetime) -> None:
    """Remove authenticator app, recovery codes and passkeys of one who lost them."""
    only_an_administrator(employee.company, by=by, at=at)
    _not_ones_own(employee, by=by)
    _only_where_the_account_is_at_home(employee, at=at)
    kinds = sorted(Authenticator.objects.filter(user_id=employee.account_id).values_list("type", flat=True))
    if not kinds:
        raise StaffError(_("No two-step sign-in is set up for this person."))
    Authenticator.objects.filter(user_id=employee.account_id).delete()
    write_down(
        employee.company_id, "remove_second_factor", by=by, at=at, data={"employee": employee.pk, "removed": kinds}
    )


def is_employed_elsewhere(account: Account, *, company: Company, at: datetime) -> bool:
    """Whether another company counts on this account too, now or from a coming day on."""
    return (
        account.employments.exclude(company=company)
        .filter(Q(left_on=None) | Q(left_on__gte=at.astimezone(company.zone).date()))
        .exists()
    )


def _not_ones_own(employee: Employee, *, by: Employee | None) -> None:
    """One's own sign-in is changed under My account, where one proves oneself again; an open screen is no proof."""
    if by is not None and by.account_id == employee.account_id:
        raise StaffError(_("Change your own sign-in under My account."))


def _only_where_the_account_is_at_home(employee: Employee, *, at: datetime) -> None:
    if is_employed_elsewhere(employee.account, company=employee.company, at=at):
        raise StaffError(
            _(
                "This person signs in to another company too, so one company alone cannot change the sign-in. "
                "The person can do so under My account, or the operator of the installation."
            )
        )


def refuse_weak_password(password: str, *, account: Account) -> None:
    """Refuse a password that is short, common or like the person's own name."""
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise StaffError(" ".join(error.messages), field="password") from error


def refuse_taken_email(email: str, *, account: Account | None) -> None:
    """Refuse an e-mail address with which somebody else signs in."""
    others = Account.objects.filter(email__iexact=email)
    if account is not None:
        others = others.exclude(pk=account.pk)
    if email and others.exists():
        raise StaffError(_("Somebody else signs in with this e-mail address."), field="email")
