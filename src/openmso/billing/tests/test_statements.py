"""Statements: who gets one and why not, what stands on it, how it reaches the patient, and what holds it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from openmso.billing import paper, registry, testing
from openmso.billing.models import Notice
from openmso.billing.queries import accounts, policies, statements
from openmso.billing.rules.policy import Policy
from openmso.billing.rules.statements import Facts, judge
from openmso.billing.services import policies as deciding
from openmso.billing.services import stating, telling
from openmso.billing.states import Hold, Making, NoStatement, Told, Way
from openmso.billing.tests.conftest import left_to_patient
from openmso.kit.errors import Refused
from openmso.kit.money import ZERO, Money
from openmso.patients import queries as registered
from openmso.patients import services as patients
from openmso.platform.documents import queries as documents
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.remittances.tests.office import Office

TODAY = date(2026, 3, 12)
OWES = Facts(Money.of(40), ZERO, None, None, None, is_reachable=True)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (OWES, None),
        (replace(OWES, owed=ZERO), NoStatement.NOTHING),
        (replace(OWES, owed=Money.of("4.99")), NoStatement.SMALL),
        (replace(OWES, owed=Money.of(5)), None),
        (replace(OWES, hold=Hold.BANKRUPTCY), NoStatement.HELD),
        (replace(OWES, hold=Hold.APPEAL, hold_until=TODAY), NoStatement.HELD),
        (replace(OWES, hold=Hold.APPEAL, hold_until=TODAY - timedelta(days=1)), None),
        (replace(OWES, unapplied=Money.of(40)), NoStatement.COVERED),
        (replace(OWES, last_on=TODAY - timedelta(days=27)), NoStatement.EARLY),
        (replace(OWES, last_on=TODAY - timedelta(days=28)), None),
        (replace(OWES, is_reachable=False), NoStatement.ADDRESS),
    ],
)
def test_who_gets_a_statement_and_who_not(facts: Facts, reason: NoStatement | None) -> None:
    verdict = judge(facts, Policy(), TODAY)
    assert (verdict.reason, bool(verdict.words)) == (reason, reason is not None)


class Post:
    """A provider that remembers what it was given, and can be out of order."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.broken = False

    def send(self, *, way: Way, to: str, subject: str, text: str) -> str:
        if self.broken:
            raise registry.Undelivered("Out of order")
        self.sent.append((to, subject, text))
        return f"M{len(self.sent)}"


@pytest.fixture
def post() -> Iterator[Post]:
    yield Post()
    registry.disconnect()


@pytest.mark.django_db
def test_statements_go_on_paper_and_by_notice(office: Office, post: Post) -> None:
    _, on_paper = left_to_patient(office, "20.00", "12.50")
    _, by_mail = left_to_patient(office, "30.00")
    _, little = left_to_patient(office, "3.00")
    with office.scope():
        with office.reading():
            who = registered.get(by_mail)
        patients.change(actor=office.actor, patient=by_mail, person=who.person, phone="", email="d@home.example",
                        at=office.at)  # fmt: skip
        run = stating.run(actor=office.actor, practice=office.practice, at=office.at)
    with office.reading():
        told = statements.run(run)
        rows = {row.patient: row for row in statements.of_run(run, filters=Filters(), page=PageAsk()).rows}
        pages, sheet = documents.read(told.paper, office.practice), documents.read(told.mail_list, office.practice)
        content = statements.statement(rows[on_paper].public_id)[1]
    assert (told.sent, told.passed, str(told.amount)) == (2, 1, "62.50")
    assert (rows[little].reason, rows[little].words) == (NoStatement.SMALL, "Less than 5.00 is owed.")
    assert (rows[on_paper].way, rows[by_mail].way, rows[by_mail].notice) == (Way.PAPER, Way.EMAIL, Told.WAITING)
    assert pages.startswith(b"%PDF")
    assert sheet.decode().splitlines()[1].startswith(f"{rows[on_paper].public_id},")
    assert len(sheet.decode().splitlines()) == 2
    assert [line["owed"] for line in content["lines"]] == ["20.00", "12.50"]
    for line in content["lines"]:
        charged, rest = Decimal(line["charged"]), ("insurer", "adjusted", "share")
        assert charged == sum(Decimal(line[name]) for name in rest), "the patient sees where the whole charge went"
    assert paper.pdf([content]).startswith(b"%PDF")

    with office.scope():
        assert telling.tell(actor=office.actor, practice=office.practice, at=office.at) == (0, 0)
        registry.connect(post, Way.EMAIL)
        post.broken = True
        telling.tell(actor=office.actor, practice=office.practice, at=office.at)
        post.broken = False
        assert telling.tell(actor=office.actor, practice=office.practice, at=office.at) == (1, 0)
        assert telling.tell(actor=office.actor, practice=office.practice, at=office.at) == (0, 0)
    ((to, subject, text),) = post.sent
    assert to == "d@home.example"
    assert who.person.last_name not in subject + text
    assert "30.00" not in text
    with office.reading():
        (notice,) = Notice.objects.all()
    assert (notice.state, notice.tries, notice.reference) == (Told.SENT, 1, "M1")

    with office.scope():
        again = stating.run(actor=office.actor, practice=office.practice, at=office.at)
    with office.reading():
        assert statements.run(again).sent == 0


@pytest.mark.django_db
def test_a_hold_keeps_statements_back_until_it_is_lifted(office: Office) -> None:
    _, patient = left_to_patient(office, "20.00")
    with office.scope():
        with pytest.raises(Refused):
            stating.hold(actor=office.actor, patient=patient, reason=Hold.DISPUTE, why=" ", at=office.at)
        stating.hold(
            actor=office.actor, patient=patient, reason=Hold.DISPUTE, why="Billed above estimate", at=office.at
        )
        run = stating.run(actor=office.actor, practice=office.practice, at=office.at)
        with office.reading():
            (row,) = statements.of_run(run, filters=Filters(), page=PageAsk()).rows
            assert accounts.account(patient).row.hold is Hold.DISPUTE
        assert row.words == "On hold: the bill is disputed (45 cfr 149.620)."
        stating.release(actor=office.actor, patient=patient, why="Agreed", at=office.at)
        with pytest.raises(Refused):
            stating.release(actor=office.actor, patient=patient, why="Again", at=office.at)
        run = stating.run(actor=office.actor, practice=office.practice, at=office.at)
    with office.reading():
        assert statements.run(run).sent == 1
        found = accounts.account(patient)
    assert (found.row.statements, found.row.last_statement_on) == (1, TODAY)
    with office.scope():
        testing.payment(patient, "20.00", at=office.at)
    with office.reading():
        assert accounts.account(patient).row.owed == ZERO


@pytest.mark.django_db
def test_a_policy_is_decided_in_versions(office: Office) -> None:
    with office.scope():
        wanted = replace(Policy(), statement_min=Money.of(25))
        with pytest.raises(Refused) as no:
            deciding.decide(actor=office.actor, practice=office.practice, at=office.at, why="So",
                            policy=replace(wanted, small_balance=Money.of(30)))  # fmt: skip
        assert no.value.field == "small_balance"
        assert (
            deciding.decide(actor=office.actor, practice=office.practice, policy=wanted, why="Postage", at=office.at)
            == 1
        )
        left_to_patient(office, "20.00")
        run = stating.run(actor=office.actor, practice=office.practice, at=office.at)
    with office.reading():
        assert policies.current(office.practice) == wanted
        assert [one.why for one in policies.history(office.practice)] == ["Postage"]
        assert statements.run(run).passed == 1


@pytest.mark.django_db
def test_a_run_that_was_interrupted_goes_on_and_nobody_gets_two(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stating, "STEP", 1)
    owing = [left_to_patient(office, amount)[1] for amount in ("20.00", "30.00", "40.00")]
    with office.scope():
        begun = stating.begin(actor=office.actor, practice=office.practice, at=office.at)
        for _ in range(2):  # counted, and one account judged; then the machine stops
            assert stating.go_on(actor=office.actor, run=begun, at=office.at)
        with office.reading():
            row = statements.run(begun)
            assert (row.state, row.whole, row.looked, row.sent, row.paper) == (Making.GOING, 3, 1, 1, "")
        assert stating.run(actor=office.actor, practice=office.practice, at=office.at) == begun
        assert not stating.go_on(actor=office.actor, run=begun, at=office.at)
    with office.reading():
        row = statements.run(begun)
        assert (row.state, row.looked, row.sent, str(row.amount), bool(row.paper)) == (Making.DONE, 3, 3, "90.00", True)
        told = statements.of_run(begun, filters=Filters(), page=PageAsk()).rows
        assert sorted(one.patient for one in told) == sorted(owing)
