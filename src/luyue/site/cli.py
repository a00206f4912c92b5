"""The command line `luyue`: commands of the installation itself, and those that the areas bring."""

import os
import sys
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

from luyue.site.areas import areas_with

OWN = {
    "backup": "luyue.site.keeping:backup",
    "company": "luyue.site.companies:company",
    "demo": "luyue.site.demo.command:demo",
    "check": "luyue.site.upkeep:check",
    "manage": "luyue.site.upkeep:manage",
    "migrate": "luyue.site.upkeep:migrate",
    "restore": "luyue.site.keeping:restore",
    "serve": "luyue.site.serving:serve",
    "worker": "luyue.site.serving:worker",
}
POOLED = {"worker"}
PLAIN = {"clock": "luyue.worktime.clock_command:clock"}


class Commands(click.Group):
    """Loads a command when it is asked for, so that a small one does not wait for Django."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command; what its surroundings forbid becomes one sentence and an exit code."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):  # a terminal that has no Chinese shows escapes instead of stopping
                stream.reconfigure(errors="backslashreplace")
        try:
            return super().main(*args, **kwargs)
        except SystemExit:
            raise
        except _surroundings() as fault:
            refusal = _explained(fault)
            if refusal is None:
                raise
            refusal.show()
            sys.exit(refusal.exit_code)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*OWN, *PLAIN, *(command.name for command in _of_areas() if command.name)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in PLAIN:
            return _named(PLAIN[cmd_name])
        _set_up(pooled=cmd_name in POOLED)
        if cmd_name in OWN:
            return _named(OWN[cmd_name])
        return next((command for command in _of_areas() if command.name == cmd_name), None)


def _named(address: str) -> click.Command:
    module, _, name = address.partition(":")
    command = getattr(import_module(module), name)
    assert isinstance(command, click.Command)
    return command


def _of_areas() -> list[click.Command]:
    _set_up()
    return [command for area in areas_with("commands") for command in import_module(f"luyue.{area}.commands").commands]


def _set_up(*, pooled: bool = False) -> None:
    """Make Django ready; a second call costs nothing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luyue.site.settings")
    # Django is loaded by those commands only that read records.
    import django
    from django.utils import translation

    from luyue.site.database import leave_the_pool
    from luyue.site.environment import spoken_language

    django.setup()
    if not pooled:
        leave_the_pool()
    translation.activate(spoken_language(os.environ))


def _surroundings() -> tuple[type[Exception], ...]:
    """What is caught, looked up only when something was thrown, so that `luyue clock` does not load Django for it."""
    from luyue.site.environment import SettingError
    from luyue.site.faults import SURROUNDINGS

    return (SettingError, *SURROUNDINGS)


def _explained(fault: Exception) -> click.ClickException | None:
    from luyue.site.environment import SettingError, spoken_language
    from luyue.site.faults import explained

    if isinstance(fault, SettingError):
        return click.UsageError(fault.in_language(spoken_language(os.environ)))
    return explained(fault)


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="luyue", prog_name="luyue")
def main() -> None:
    """Luyue (履约): written customer-service procedures, carried out, with an owner and a clock for every promise."""
