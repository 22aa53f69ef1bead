"""Charity care: income against the guideline, the scale, and what is given."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from openmso.agreements import testing as agreements
from openmso.billing.queries import accounts, helping
from openmso.billing.rules import charity, tables
from openmso.billing.services import helping as deciding
from openmso.billing.services import presuming, sweeping
from openmso.billing.services.helping import NoHelp
from openmso.billing.states import Ground, Helped, SweepKind, TableKind
from openmso.billing.tests.conftest import left_to_patient, standing
from openmso.kit import clock
from openmso.kit.errors import Conflict
from openmso.kit.money import Money
from openmso.kit.states import IllegalMove
from openmso.ledger.contracts import Accounts
from openmso.platform.access import queries as access
from openmso.platform.access.duties import SamePerson
from openmso.platform.accounts.testing import signed_in
from openmso.platform.documents import queries as documents
from openmso.remittances.tests.office import Office

STEPS = charity.scale("200:100 300:50")


def test_income_is_held_against_the_guideline_of_the_year() -> None:
    known = [tables.guideline_row(row) for row in tables.shipped(TableKind.POVERTY)]
    table = charity.guideline("OH", date(2026, 3, 1), known)
    assert table is not None
    assert (table.year, table.of(1), table.of(8)) == (2026, Money.of(15_960), Money.of(55_720))
    earlier, alaska, hawaii = (charity.guideline(*one, known) for one in (
        ("OH", date(2026, 1, 12)), ("AK", date(2026, 3, 1)), ("HI", date(2026, 3, 1))))  # fmt: skip
    assert earlier is not None
    assert earlier.of(4) == Money.of(32_150)
    assert alaska is not None
    assert alaska.of(9) == Money.of(76_750)
    assert hawaii is not None
    assert hawaii.of(8) == Money.of(64_070)
    assert charity.guideline("OH", date(2020, 1, 1), known) is None
    assert [charity.percent(Money.of(one), 1, table) for one in ("31920.00", "31920.01", "0")] == [200, 201, 0]
    assert [charity.discount(one, STEPS) for one in (0, 200, 201, 300, 301)] == [100, 100, 50, 50, 0]


@pytest.mark.parametrize("text", ["", "200", "200:0", "200:101", "300:50 200:100", "200:50 300:60", "200:50,300:20"])
def test_a_scale_that_is_none_is_said(text: str) -> None:
    assert charity.flaw(text)
    assert not charity.flaw("200:100 250:75 300:50 400:25")


@pytest.mark.django_db
def test_help_is_asked_for_granted_by_another_and_holds(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: office.at)
    _, patient = left_to_patient(office, "80.00", "20.00")
    _, rich = left_to_patient(office, "50.00")
    ana, ben = (agreements.person(f"{name}@rockland.example", name, practice=office.practice, role="practice_owner",
                                  at=office.at) for name in ("ana", "ben"))  # fmt: skip
    asked = signed_in(ana).post(reverse("billing:apply-for-help", args=[patient]),
                                {"household": "2", "income": "50000"})  # fmt: skip
    assert asked.status_code == 303
    name = asked["Location"].rstrip("/").rsplit("/", 1)[1]
    with office.scope():
        first, second = (access.actor_for(one, at=office.at, fresh=True) for one in (ana, ben))
        with pytest.raises(NoHelp):
            deciding.apply(actor=first, patient=patient, household=2, income=Money.of(1), at=office.at)
        with office.reading():
            assert accounts.account(patient).row.hold is not None
            row = helping.application(name)
            assert (row.state, row.percent, row.discount) == (Helped.ASKED, 232, 75)
        with pytest.raises(SamePerson):
            deciding.grant(actor=first, application=name, at=office.at)
        assert deciding.grant(actor=second, application=name, at=office.at) == Money.of(75)
        no = deciding.apply(actor=first, patient=rich, household=1, income=Money.of(90_000), at=office.at)
        with pytest.raises(NoHelp):
            deciding.grant(actor=second, application=no, at=office.at)
        deciding.deny(actor=second, application=no, why="Your income is above our scale.", at=office.at)
    with office.reading():
        found, row = accounts.account(patient).row, helping.application(name)
        assert (str(found.owed), found.hold) == ("25.00", None)
        assert (row.valid_until, str(row.given)) == (date(2026, 9, 30), "75.00")
        assert documents.read(row.letter, office.practice).startswith(b"%PDF")
        assert helping.application(no).decided_why == "Your income is above our scale."
    assert standing(office, [Accounts.AR_PATIENT, Accounts.CHARITY_CARE]) == ["75.00", "75.00"]
    with office.scope(), pytest.raises(sweeping.NoSweep):
        sweeping.propose(actor=first, practice=office.practice, kind=SweepKind.CHARITY,
                         at=office.at + timedelta(days=1))  # fmt: skip
    page = signed_in(ben).get(reverse("billing:application", args=[name])).content.decode()
    assert "232% of the poverty guideline of 2026" in page


@pytest.mark.django_db
def test_help_is_presumed_by_a_fact_proved_and_taken_back(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: office.at)
    _, patient = left_to_patient(office, "80.00", "20.00")
    ana, ben = (agreements.person(f"{name}@rockland.example", name, practice=office.practice, role="practice_owner",
                                  at=office.at) for name in ("ana", "ben"))  # fmt: skip
    page = signed_in(ana).post(reverse("billing:presume", args=[patient]), {"ground": "medicaid"})
    assert "No coverage by Medicaid is on record" in page.content.decode()
    asked = signed_in(ana).post(reverse("billing:presume", args=[patient]),
                                {"ground": "homeless", "evidence": "Letter of the shelter, 2 March"})  # fmt: skip
    name = asked["Location"].rstrip("/").rsplit("/", 1)[1]
    shelter = ("shelter.pdf", b"%PDF-1.4 shelter", "application/pdf")
    with office.scope():
        first, second = (access.actor_for(one, at=office.at, fresh=True) for one in (ana, ben))
        with pytest.raises(NoHelp):
            presuming.presume(actor=first, patient=patient, ground=Ground.DECEASED, evidence="Obituary", at=office.at)
        document = presuming.prove(actor=first, application=name, proof=shelter, at=office.at)
        with pytest.raises(Conflict):
            presuming.prove(actor=first, application=name, proof=shelter, at=office.at)
        with pytest.raises(SamePerson):
            deciding.grant(actor=first, application=name, at=office.at)
        assert deciding.grant(actor=second, application=name, at=office.at) == Money.of(100)
    assert standing(office, [Accounts.AR_PATIENT, Accounts.CHARITY_CARE]) == ["0.00", "100.00"]
    with office.scope():
        with pytest.raises(NoHelp):
            presuming.take_back(actor=second, application=name, why=" ", at=office.at)
        assert presuming.take_back(actor=second, application=name, why="The letter was another patient's",
                                   at=office.at) == Money.of(100)  # fmt: skip
        with pytest.raises(IllegalMove):
            presuming.take_back(actor=second, application=name, why="Again", at=office.at)
    assert standing(office, [Accounts.AR_PATIENT, Accounts.CHARITY_CARE]) == ["100.00", "0.00"]
    with office.reading():
        row = helping.application(name)
        assert (row.state, row.ground, str(row.reversed_amount)) == (Helped.REVERSED, Ground.HOMELESS, "100.00")
        assert [one.document for one in helping.proofs(name)] == [document]
        assert str(accounts.account(patient).row.owed) == "100.00"
        gave = [str(one.amount) for one in accounts.account(patient).settled]
        assert sorted(gave) == ["-20.00", "-80.00", "20.00", "80.00"]  # nothing is deleted
    assert "Letter of the shelter" in signed_in(ben).get(reverse("billing:application", args=[name])).content.decode()
