"""The command line `luyue`: commands of the installation itself, and those that the areas bring."""

import os
from importlib import import_module

import click

from luyue.site.areas import areas_with

OWN = {
    "backup": "luyue.site.keeping:backup",
    "demo": "luyue.site.demo.command:demo",
    "check": "luyue.site.upkeep:check",
    "manage": "luyue.site.upkeep:manage",
    "migrate": "luyue.site.upkeep:migrate",
    "restore": "luyue.site.keeping:restore",
    "serve": "luyue.site.serving:serve",
    "worker": "luyue.site.serving:worker",
}
PLAIN = {"clock": "luyue.worktime.clock_command:clock"}


class Commands(click.Group):
    """Loads a command when it is asked for, so that a small one does not wait for Django."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*OWN, *PLAIN, *(command.name for command in _of_areas() if command.name)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in PLAIN:
            return _named(PLAIN[cmd_name])
        _set_up()
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


def _set_up() -> None:
    """Make Django ready; a second call costs nothing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luyue.site.settings")
    # Django is loaded by those commands only that read records.
    import django
    from django.utils import translation

    django.setup()
    translation.activate(_language())


def _language() -> str:
    """The language of whoever sits at the terminal."""
    spoken = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    if not spoken.startswith("zh"):
        return "en"
    return "zh-hant" if spoken.startswith(("zh_TW", "zh_HK", "zh_MO")) else "zh-hans"


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="luyue", prog_name="luyue")
def main() -> None:
    """Luyue (履约): written customer-service procedures, carried out, with an owner and a clock for every promise."""
