from __future__ import annotations

import json

from click.testing import CliRunner
from django.test import Client
from django.utils import translation

from luyue.api.commands import token
from luyue.organization.models import Company
from tests.firms import Firm


def _run(*arguments: str) -> tuple[int, str]:
    with translation.override("en"):
        done = CliRunner().invoke(token, arguments)
    return done.exit_code, done.output


def test_a_token_is_made_for_an_employee_and_taken_back(mingxing: Firm) -> None:
    Company.objects.create(code="huarui", name="华瑞齿轮", short_name="华瑞")
    stranger = _run("create", "mingxing", "nobody", "--name", "ERP")
    code, made = _run("create", "mingxing", "mingxing.clerk", "--name", "ERP", "--days", "30", "--json")
    said = json.loads(made)
    program = Client(headers={"Authorization": f"Bearer {said['token']}"})

    assert stranger[0] == 1
    assert "Nobody signs in to mingxing as nobody." in stranger[1]
    assert (code, said["user_name"], said["name"]) == (0, "mingxing.clerk", "ERP")
    assert program.get("/api/v1/complaints").status_code == 200
    assert [each["id"] for each in json.loads(_run("list", "--company", "mingxing", "--json")[1])] == [said["id"]]
    assert _run("list", "--company", "huarui", "--json") == (0, "[]\n")
    assert said["token"] not in _run("list")[1]

    assert _run("revoke", str(said["id"])) == (0, "Revoked: ERP\n")

    assert program.get("/api/v1/complaints").status_code == 401
    assert _run("revoke", str(said["id"]))[0] == 1
    assert _run("revoke", "999999")[0] == 1


def test_the_secret_stands_alone_on_its_line(mingxing: Firm) -> None:
    done = CliRunner().invoke(token, ["create", "mingxing", "mingxing.clerk", "--name", "ERP"])

    assert done.stdout.startswith("luyue_")
    assert len(done.stdout.splitlines()) == 1
    assert "it is not shown again" in done.stderr


def test_a_token_without_a_purpose_is_refused(mingxing: Firm) -> None:
    code, said = _run("create", "mingxing", "mingxing.clerk", "--name", "  ")

    assert (code, "Say what the token is for." in said) == (1, True)


def test_a_list_of_a_company_that_is_not_there_is_refused(mingxing: Firm) -> None:
    code, said = _run("list", "--company", "nowhere")

    assert (code, "There is no company with the code nowhere." in said) == (1, True)


def test_a_list_without_tokens_says_so(mingxing: Firm) -> None:
    code, said = _run("list")

    assert (code, "There is no token." in said) == (0, True)
