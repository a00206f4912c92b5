"""The command `demo`: example companies to try Luyue with, in one command and without preparation."""

import json
import shutil
import threading
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from luyue.ledger.sealing import seal_all
from luyue.records import clock
from luyue.site.database import disconnect
from luyue.site.demo.companies import PASSWORD, PROFILES, SignIn, found, sign_ins
from luyue.site.demo.year import STATEMENTS_FROM, live_through, state_duties
from luyue.site.serving import PORTS, refuse_a_taken_port, run_server
from luyue.site.upkeep import bring_up_to_date
from luyue.sweep.clearing import lay_aside

BUILDING, BUILT = "building", "built"
PATIENCE_SECONDS = 60


@click.command()
@click.option("--list", "only_list", is_flag=True, help="Show who can sign in, and start nothing.")
@click.option("--json", "as_json", is_flag=True, help="With --list: print for a machine.")
@click.option("--reset", is_flag=True, help="Throw away what was entered and begin again.")
@click.option("--port", type=PORTS, default=8000, show_default=True, envvar="PORT", help="Port to listen on.")
@click.option("--bind", default="127.0.0.1", show_default=True, envvar="LUYUE_BIND", help="Address to listen on.")
def demo(only_list: bool, as_json: bool, reset: bool, port: int, bind: str) -> None:
    """Start Luyue with example companies; what is entered stays until --reset."""
    if only_list:
        _print_sign_ins(_everybody(), as_json=as_json)
        return
    refuse_a_taken_port(bind, port)
    prepare(reset=reset)
    address = f"http://{'localhost' if bind in {'127.0.0.1', '0.0.0.0'} else bind}:{port}/"
    run_server(port=port, bind=bind, announce=lambda: _announce_when_up(address, port))


def prepare(*, reset: bool) -> None:
    """Build the example companies unless they are there; never beside companies of somebody's own."""
    state = _state()
    if state is None and _holds_companies():
        raise click.ClickException(
            _("this database holds companies that are not the examples; give LUYUE_HOME or DATABASE_URL another place")
        )
    if reset or state == BUILDING:
        _throw_away()
        state = None
    bring_up_to_date()
    if state == BUILT:
        return
    click.echo(_("Building the example companies; this takes a minute, once …"))
    _remember(BUILDING)
    # Many people get a password at once; each is hashed fully when its owner first signs in.
    settings.PASSWORD_HASHERS = ["luyue.site.hashers.QuickArgon2PasswordHasher", *settings.PASSWORD_HASHERS]
    _build()
    _remember(BUILT, _everybody())


def _build() -> None:
    spoken = translation.get_language()
    with translation.override("zh-hans"):
        for profile in PROFILES:
            now = clock.now()
            company = found(profile, now - STATEMENTS_FROM)
            complaints = live_through(company, now)
            state_duties(company, now)
            with translation.override(spoken):
                click.echo(
                    "  "
                    + _("%(company)s: %(count)d complaints in a year") % {"company": company.name, "count": complaints}
                )
        lay_aside(clock.now())
        seal_all(now=clock.now())


def _state_file() -> Path:
    return Path(settings.LUYUE_HOME) / "demo.json"


def _state() -> str | None:
    """How far the examples are in this database; None when this database never had any."""
    try:
        kept = json.loads(_state_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    if kept["database"] != _database_name() or "organization_company" not in connection.introspection.table_names():
        return None
    return str(kept["state"])


def _remember(state: str, people: Sequence[SignIn] = ()) -> None:
    """Keep who can sign in beside it, so that a later start need not read all profiles to say so."""
    kept = {"state": state, "database": _database_name(), "sign_ins": [asdict(person) for person in people]}
    _state_file().write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")


def _database_name() -> str:
    """Which database this is; a file in LUYUE_HOME stays the same when the folder is moved."""
    database = settings.DATABASES["default"]
    return f"{database.get('HOST', '')}/{database['NAME'].removeprefix(str(settings.LUYUE_HOME))}"


def _holds_companies() -> bool:
    if "organization_company" not in connection.introspection.table_names():
        return False
    return apps.get_model("organization", "Company")._base_manager.exists()


def _throw_away() -> None:
    """Remove every table, for append-only tables cannot be emptied, and every attachment."""
    if connection.vendor == "sqlite":
        disconnect()
        database = Path(settings.DATABASES["default"]["NAME"])
        for file in (database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))):
            file.unlink(missing_ok=True)
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            schema = connection.ops.quote_name(cursor.fetchone()[0])
            cursor.execute(f"DROP SCHEMA {schema} CASCADE")
            cursor.execute(f"CREATE SCHEMA {schema}")
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    _state_file().unlink(missing_ok=True)


def _everybody() -> list[SignIn]:
    return [person for profile in PROFILES for person in sign_ins(profile)]


def _print_sign_ins(people: list[SignIn], *, as_json: bool) -> None:
    if as_json:
        click.echo(
            json.dumps(
                {"sign_ins": [{**asdict(person), "password": PASSWORD} for person in people]},
                ensure_ascii=False,
                indent=1,
            )
        )
        return
    for company in dict.fromkeys(person.company_name for person in people):
        click.echo(f"\n{company}")
        for person in people:
            if person.company_name == company:
                mark = f"  ({_('administrator')})" if person.is_administrator else ""
                click.echo(f"  {person.login:<20} {person.name}  {'、'.join(person.positions)}{mark}")
    click.echo("\n" + _("The password of all: %(password)s") % {"password": PASSWORD})


def _announce_when_up(address: str, port: int) -> None:
    threading.Thread(target=_announce, args=(address, port, translation.get_language()), daemon=True).start()


def _announce(address: str, port: int, language: str | None) -> None:
    """A thread of its own begins in the installation's language and is told which one the terminal speaks."""
    if _answers(port):
        with translation.override(language):
            _say_who_can_sign_in(address)


def _say_who_can_sign_in(address: str) -> None:
    click.echo("\n" + _("Luyue (履约) is ready: %(address)s") % {"address": address})
    click.echo("\n" + _("Sign in as one of these; the password of all is %(password)s") % {"password": PASSWORD} + "\n")
    people = json.loads(_state_file().read_text(encoding="utf-8"))["sign_ins"]
    for company in dict.fromkeys(person["company_name"] for person in people):
        chosen = [person for person in people if person["company_name"] == company][:4]
        named = ", ".join(f"{person['login']} ({person['positions'][0]})" for person in chosen)
        click.echo(f"  {company}: {named}")
    click.echo("\n" + _("`luyue demo --list` shows everybody. Ctrl+C ends it; what is entered stays."))


def _answers(port: int) -> bool:
    pause = threading.Event()
    for _attempt in range(PATIENCE_SECONDS * 5):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            pause.wait(0.2)
    return False
