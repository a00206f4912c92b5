"""A company with words of its own takes procedures of the library over, one beside the other, and works by them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import yaml

from luyue.complaints import actions as a
from luyue.ledger.chains import enter_procedure_change
from luyue.organization.models import Company, Employee, Position
from luyue.records import rules
from luyue.records.registry import vocabulary
from luyue.rulebook.adoption import add_words, adopt_company, missing_words
from luyue.rulebook.documents import CompanyFile
from luyue.rulebook.editions import document_of, draft_edition, missing_signatures, publish_edition, sign_edition
from luyue.rulebook.loading import SHIPPED, library_folders, profile_folders, read_company, read_document
from luyue.rulebook.problems import RulebookError
from tests.firms import PASSWORD, Firm
from tests.stories.telling import Tale

MONDAY = "2026-03-02 10:00"
OWN_WORDS = """
company: tower
name: {zh-hans: 塔山服务有限公司, en: Tower Services}
short_name: {zh-hans: 塔山, en: Tower}
time_zone: Asia/Shanghai
departments:
  - {code: office, name: {zh-hans: 厂部, en: Works office}}
  - {code: service, name: {zh-hans: 服务站, en: Service station}}
positions:
  - {code: director, name: {zh-hans: 厂长, en: Works director}, department: office}
  - {code: station_head, name: {zh-hans: 站长, en: Head of the station}, department: service}
  - {code: telephonist, name: {zh-hans: 话务员, en: Telephonist}, department: service}
"""


class Tower(Firm):
    """A company that was founded with three positions of its own and nothing in force."""

    def __init__(self) -> None:
        rules.forget()
        self.start = datetime.fromisoformat("2026-02-02T09:00:00+08:00")
        self.company: Company = adopt_company(CompanyFile.model_validate(yaml.safe_load(OWN_WORDS)))
        self.people: dict[str, Employee] = {}
        self.staff_up()
        Employee.objects.filter(pk=self.people["director"].pk).update(is_administrator=True)
        self.people["director"].refresh_from_db()

    def staff_up(self) -> None:
        """One person for each position that nobody holds yet."""
        for position in Position.objects.filter(company=self.company).select_related("department"):
            if position.code not in self.people:
                assert position.department is not None
                self.people[position.code] = self._hire(position, position.department, self.start)

    def takes_over(self, name: str, **own: str) -> None:
        """The procedure as it stands, but for the positions that the company calls otherwise; signed and published."""
        folder = SHIPPED / "library" / name
        text = (folder / f"{name}.yaml").read_text(encoding="utf-8")
        for theirs, ours in own.items():
            text = text.replace(f"position: {theirs}", f"position: {ours}")
        document = read_document(text)
        by = self.people["director"]
        add_words(
            self.company,
            missing_words(self.company, read_company(folder / "company.yaml"), document),
            by=by,
            at=self.start,
        )
        self.staff_up()
        edition = draft_edition(self.company, document_text=text, by=by, at=self.start)
        for meaning in missing_signatures(edition):
            signer = getattr(document_of(edition), meaning)
            sign_edition(edition, by=self.people[signer.position], meaning=meaning, at=self.start, password=PASSWORD)
        publish_edition(edition, by=by, at=self.start, vocabulary=vocabulary(), enter=enter_procedure_change)
        rules.forget()


@pytest.fixture
def tower(db: None) -> Tower:
    return Tower()


@pytest.mark.parametrize("folder", library_folders(), ids=lambda folder: folder.name)
def test_every_procedure_of_the_library_is_taken_over_by_a_company_of_other_words(tower: Tower, folder: Path) -> None:
    tower.takes_over(folder.name, general_manager="director")

    words = {position.code for position in Position.objects.filter(company=tower.company)}
    assert "general_manager" not in words
    assert {"director", "station_head", "telephonist"} <= words


@pytest.mark.parametrize("folder", [*library_folders(), *profile_folders()], ids=lambda folder: folder.name)
def test_the_names_of_a_shipped_company_fit_where_companies_are_kept(folder: Path) -> None:
    """SQLite takes longer ones, PostgreSQL does not."""
    file = read_company(folder / "company.yaml")
    lengths = {name: Company._meta.get_field(name).max_length for name in ("name", "short_name")}

    for name, most in lengths.items():
        text = getattr(file, name)
        assert all(len(said) <= most for said in (text.zh_hans, text.zh_hant, text.en)), text


def test_a_procedure_whose_words_the_company_lacks_is_not_published(tower: Tower) -> None:
    text = (SHIPPED / "library" / "follow-up-calls" / "follow-up-calls.yaml").read_text(encoding="utf-8")
    text = text.replace("position: general_manager", "position: director")
    text = text.replace("prepared: {position: follow_up_salesperson}", "prepared: {position: telephonist}")
    text = text.replace("reviewed: {position: business_head}", "reviewed: {position: station_head}")
    edition = draft_edition(tower.company, document_text=text, by=tower["director"], at=tower.start)
    for meaning, who in (("prepared", "telephonist"), ("reviewed", "station_head"), ("approved", "director")):
        sign_edition(edition, by=tower[who], meaning=meaning, at=tower.start, password=PASSWORD)

    with pytest.raises(RulebookError) as refused:
        publish_edition(
            edition, by=tower["director"], at=tower.start, vocabulary=vocabulary(), enter=enter_procedure_change
        )

    assert "follow_up_salesperson" in str(refused.value)


def test_three_procedures_taken_over_run_beside_each_other_in_the_companys_own_words(tower: Tower) -> None:
    tower.takes_over(
        "follow-up-calls",
        general_manager="director",
        business_head="station_head",
        follow_up_salesperson="telephonist",
    )
    tower.takes_over("garment-after-sales", general_manager="director", service_agent="telephonist")
    tower.takes_over("service-and-satisfaction", general_manager="director")

    tale = Tale(tower, MONDAY, "telephonist", remedy="exchange")
    by_the_office = tale.refused(MONDAY, "director", a.give_first_answer)
    tale.then("2026-03-02 20:00", "telephonist", a.give_first_answer)
    tale.then("2026-03-03 09:00", "telephonist", a.report_upwards)
    tale.comes_to("propose_remedy", "2026-03-03 10:00")
    undecided = tale.refused("2026-03-04 09:00", "station_head", a.decide_remedy)
    tale.comes_to("decide_remedy", "2026-03-04 10:00")
    tale.then("2026-03-05 09:00", "telephonist", a.tell_result)
    tale.comes_to("ask_satisfaction", "2026-03-05 10:00").comes_to("close", "2026-03-06 10:00")

    assert by_the_office == ["role 2.2"]
    assert undecided == ["prerequisite_action 2.3"]
    assert set(tale.owed("answer-soon").values()) == {"2026-03-03 00:00 kept"}
    assert set(tale.owed("contact-consumer").values()) == {"2026-03-03 10:00 kept"}
    assert set(tale.owed("answer").values()) == {"2026-03-05 00:00 kept"}
    assert set(tale.owed("unsolved").values()) == {"2026-03-05 00:00 kept"}
    assert tale.history("tell-result")[0] == "2026-03-05 00:00 broken"
    assert tale.state() == "closed"
