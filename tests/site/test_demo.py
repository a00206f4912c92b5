import json

from tests.site.conftest import Installation

FOREIGN = (
    "from luyue.organization.models import Company; Company.objects.create(code='ours', name='本厂', short_name='本厂')"
)
NAMES = "from luyue.organization.models import Company; print(*Company.objects.values_list('short_name', flat=True))"
THROW_AWAY = """
from luyue.site.demo import command
command._remember(command.BUILT)
command._throw_away()
command.bring_up_to_date()
"""


def _shell(installation: Installation, code: str, **environment: str) -> str:
    return installation.say("manage", "shell", "--verbosity=0", "-c", code, **environment).strip()


def test_everybody_who_can_sign_in_is_listed_without_starting_anything(installation: Installation) -> None:
    listed = json.loads(installation.say("demo", "--list", "--json"))["sign_ins"]

    assert {person["company"] for person in listed} == {"mining", "brush", "carbide", "scale", "cement"}
    assert len({person["login"] for person in listed}) == len(listed)
    assert all(person["positions"] and person["password"] for person in listed)
    assert not (installation.home / "luyue.sqlite3").exists()


def test_the_examples_are_never_put_beside_companies_of_somebodys_own(migrated: Installation, free_port: int) -> None:
    _shell(migrated, FOREIGN)

    for arguments in (["demo"], ["demo", "--reset"]):
        done = migrated.run(*arguments, PORT=str(free_port))

        assert (done.returncode, "companies that are not the examples" in done.stderr) == (1, True)
    assert _shell(migrated, NAMES) == "本厂"


def test_thrown_away_examples_leave_an_empty_installation(elsewhere: tuple[Installation, dict[str, str]]) -> None:
    installation, database = elsewhere
    installation.say("migrate", **database)
    _shell(installation, FOREIGN, **database)
    (installation.home / "attachments").mkdir()

    _shell(installation, THROW_AWAY, **database)

    assert _shell(installation, NAMES, **database) == ""
    assert not (installation.home / "attachments").exists()
