"""What a command says, in one sentence and without a traceback, when its surroundings do not let it go on."""

from __future__ import annotations

import errno
import logging

import click
from django.db import DatabaseError, DataError, IntegrityError, ProgrammingError, connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luyue.site.health import strange_migrations, unapplied_migrations

log = logging.getLogger(__name__)

UNREACHABLE = 3
"""The exit code when the database or the disk does not let a command go on; a later try may succeed."""

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
OUR_OWN = ("no such", "near ")
"""How SQLite begins its word on a table, a column or a statement that is Luyue's mistake."""

SURROUNDINGS = (DatabaseError, OSError)


class SurroundingsError(click.ClickException):
    """The database or the disk is at fault, not the command."""

    exit_code = UNREACHABLE


def explained(fault: BaseException) -> click.ClickException | None:
    """The sentence for whoever sits at the terminal; None for a fault of Luyue's own, which needs its traceback."""
    log.debug("the command stopped", exc_info=fault)
    if isinstance(fault, OSError):
        return _of_the_disk(fault)
    return _of_the_database(fault)


def _of_the_disk(fault: OSError) -> click.ClickException | None:
    place = fault.filename or ""
    if fault.errno in FULL:
        return SurroundingsError(_("there is no room left on the disk: %(reason)s %(place)s") % _about(fault, place))
    if fault.errno in FORBIDDEN:
        return SurroundingsError(_("the system does not allow it: %(reason)s %(place)s") % _about(fault, place))
    return None


def _about(fault: OSError, place: object) -> dict[str, object]:
    return {"reason": fault.strerror, "place": place}


def _of_the_database(fault: BaseException) -> click.ClickException | None:
    reason = str(fault).strip().partition("\n")[0]
    if isinstance(fault, ProgrammingError) or reason.startswith(OUR_OWN):
        return _of_the_tables()
    if isinstance(fault, IntegrityError | DataError):
        return None
    return SurroundingsError(_("the database does not let it happen: %(reason)s") % {"reason": reason})


def _of_the_tables() -> click.ClickException | None:
    """A table or column that is not there is the fault of whoever did not migrate, if it is not Luyue's."""
    connection.close()
    try:
        refuse_other_tables()
    except click.ClickException as refusal:
        return refusal
    return None


def refuse_other_tables() -> None:
    """Nothing is served or done on tables that are older or newer than this release."""
    refuse_newer_tables()
    waiting = unapplied_migrations()
    if waiting:
        raise click.ClickException(
            ngettext(
                "%(count)d migration waits; run `luyue migrate` first",
                "%(count)d migrations wait; run `luyue migrate` first",
                len(waiting),
            )
            % {"count": len(waiting)}
        )


def refuse_newer_tables() -> None:
    """A release that is older than the tables would write what the newer one does not expect."""
    strange = strange_migrations()
    if strange:
        raise click.ClickException(
            _("the database was brought to a newer release than this one (it has %(names)s); install that release")
            % {"names": ", ".join(strange[:3])}
        )
