import json
from collections.abc import Callable

import pytest

from tests.site.conftest import Installation, Running

PREPARE = "from luyue.site.demo.command import prepare; prepare(reset={})"
RENAME = (
    "from luyue.organization.models import Company; Company.objects.filter(code='carbide').update(short_name='改名')"
)
NAMES = (
    "from luyue.organization.models import Company; print(sorted(Company.objects.values_list('short_name', flat=True)))"
)
FOREIGN = (
    "from luyue.organization.models import Company; Company.objects.create(code='ours', name='本厂', short_name='本厂')"
)
FIVE = "['岩河矿用', '明辉刷业', '渭衡衡器', '赣江合金', '远山水泥']"


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
    assert _shell(migrated, NAMES) == "['本厂']"


def test_the_examples_stay_as_they_are_until_they_are_thrown_away(
    elsewhere: tuple[Installation, dict[str, str]],
) -> None:
    installation, database = elsewhere
    first = _shell(installation, PREPARE.format(False), **database)
    _shell(installation, RENAME, **database)

    second = _shell(installation, PREPARE.format(False), **database)
    kept = _shell(installation, NAMES, **database)
    _shell(installation, PREPARE.format(True), **database)

    assert first.startswith("Building the example companies")
    assert second == ""
    assert "改名" in kept
    assert _shell(installation, NAMES, **database) == FIVE


@pytest.mark.slow
def test_the_examples_are_served_with_their_sign_ins(migrated: Installation, start: Callable[..., Running]) -> None:
    running = start(migrated, "demo")
    running.wait_until_ready()
    status, page = running.get("/")

    assert (status, "csrfmiddlewaretoken" in page) == (200, True)
    code, printed = running.stop()
    assert code == 0
    assert f"http://localhost:{running.port}/" in printed
    assert all(name in printed for name in ("岩河", "明辉", "赣江", "渭衡", "远山"))
