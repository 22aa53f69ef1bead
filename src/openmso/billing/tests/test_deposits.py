"""The desk's money goes to the bank on slips, and is found there; self-pay charges enter the books."""

from __future__ import annotations

from datetime import date

import pytest

from openmso.analytics import services as figures
from openmso.banking import services as banking
from openmso.billing import testing
from openmso.billing.contracts import AccountRow
from openmso.billing.queries import accounts, deposits
from openmso.billing.rules import deposits as rules
from openmso.billing.services import depositing, receiving
from openmso.billing.services.depositing import NoDeposit
from openmso.billing.states import Method, Slipped
from openmso.billing.tests.conftest import left_to_patient, standing
from openmso.claims import testing as claims
from openmso.claims.contracts import ClaimRow
from openmso.claims.queries import patients as parts
from openmso.claims.queries import worklist
from openmso.claims.services import building, self_paying
from openmso.claims.services.self_paying import NotThePatients
from openmso.claims.states import S
from openmso.kit.errors import Conflict
from openmso.kit.money import Money
from openmso.ledger.contracts import Accounts
from openmso.platform.outbox import services as outbox
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.remittances.tests.office import Office

BANK = [Accounts.PATIENT_RECEIPTS, Accounts.OPERATING_CASH]
OWED = [Accounts.AR_PATIENT, Accounts.PATIENT_CREDITS]
ON = date(2026, 3, 12)


def arrive(office: Office, *lines: tuple[str, str], day: str = "2026-03-13") -> None:
    rows = "".join(f"{day},{amount},{words}\n" for amount, words in lines)
    with office.scope():
        banking.import_statement(
            actor=office.actor, account=office.account.public_id, name=f"{lines[0][1]}.csv", at=office.at,
            content=f"Date,Amount,Description\n{rows}".encode(),
        )  # fmt: skip
    outbox.deliver_pending(at=office.at)


def test_a_line_that_could_be_two_slips_is_neither() -> None:
    one, two = (rules.OnItsWay(n, f"SLP-{n}", 1, ON, Money.of(50).amount) for n in (1, 2))
    line = rules.Arrived(7, 1, ON, Money.of(50).amount, "BRANCH DEPOSIT")
    assert rules.pairs([one], [line]) == [(1, 7, "amount")]
    assert rules.pairs([one, two], [line]) == []
    named = rules.Arrived(8, 1, ON, Money.of(50).amount, "DEPOSIT slp-2")
    assert rules.pairs([one, two], [line, named]) == [(2, 8, "number"), (1, 7, "amount")]
    assert rules.pairs([one], [rules.Arrived(7, 1, date(2026, 3, 11), Money.of(50).amount, "")]) == []


@pytest.mark.django_db
def test_a_days_payments_are_found_in_the_bank(office: Office) -> None:
    _, patient = left_to_patient(office, "20.00", "30.00")
    with office.scope():
        testing.payment(patient, "20.00", at=office.at)
        check = testing.payment(patient, "10.00", at=office.at, method=Method.CHECK, reference="77")
        testing.payment(patient, "20.00", at=office.at, method=Method.CARD, reference="4242 OK")
        desk, cards = depositing.prepare(actor=office.actor, practice=office.practice, at=office.at)
        with pytest.raises(NoDeposit):
            depositing.prepare(actor=office.actor, practice=office.practice, at=office.at)
        with pytest.raises(Conflict):
            receiving.reverse(actor=office.actor, payment=check, why="Bounced", at=office.at)
    assert standing(office, BANK) == ["50.00", "0.00"]

    arrive(office, ("30.00", "BRANCH DEPOSIT"), ("19.40", "CARD BATCH"))
    with office.reading():
        found, batch = deposits.slip(desk), deposits.slip(cards)
        assert (found.state, found.how, found.banked_on) == (Slipped.BANKED, "amount", date(2026, 3, 13))
        (line,) = deposits.candidates(batch)
        assert deposits.not_banked(office.practice) == Money.of(20)
    with office.scope():
        with pytest.raises(NoDeposit):
            depositing.match_by_hand(actor=office.actor, slip=cards, line=line.public_id, why=" ", at=office.at)
        depositing.match_by_hand(actor=office.actor, slip=cards, line=line.public_id, why="Its slip", at=office.at)
    assert standing(office, [*BANK, Accounts.BANK_FEES]) == ["0.00", "49.40", "0.60"]
    with office.scope():
        depositing.unmatch(actor=office.actor, slip=cards, why="Another day's batch", at=office.at)
        depositing.take_apart(actor=office.actor, slip=cards, why="Counted anew", at=office.at)
        receiving.reverse(actor=office.actor, payment=check, why="Returned by the bank", at=office.at)
        with office.reading():
            assert (deposits.at_hand().total, deposits.not_banked(office.practice)) == (1, Money.of(20))
    assert standing(office, BANK) == ["20.00", "20.00"]


@pytest.mark.django_db
def test_what_no_insurer_is_asked_for_is_the_patients_and_in_the_books(office: Office) -> None:
    billing = claims.BillingHouse(office.house, office.payer)
    with office.scope():
        claims.charges.fee_schedule(practice=office.practice, at=office.at)
    visit = claims.visit_to_bill(billing, at=office.at, covered=False)
    with office.scope():
        building.build(actor=office.actor, practice=office.practice, at=office.at, visit_ids=[visit])
        with office.reading():
            (row,) = [one for one in worklist_rows() if one.state is S.HELD]
            whose = parts.whose(row.public_id)[1]
        self_paying.bill(actor=office.actor, claim=row.public_id, why="No insurance", at=office.at)
    outbox.deliver_pending(at=office.at)
    with office.reading():
        (account,) = [one for one in listed() if one.owed]
        assert account.patient_id == whose
        charged = account.owed
        assert parts.self_pay(office.practice) == (charged, charged)
        assert worklist.conservation(practice=office.practice).holds
    assert standing(office, OWED) == [str(charged), "0.00"]
    with office.scope():
        figures.count(practice=office.practice, at=office.at)
        testing.payment(account.patient, "25.00", at=office.at)
        with pytest.raises(Conflict):
            self_paying.bill(actor=office.actor, claim=row.public_id, why="Again", at=office.at)
        self_paying.take_back(actor=office.actor, claim=row.public_id, why="A card turned up", at=office.at)
        with pytest.raises(NotThePatients):
            self_paying.take_back(actor=office.actor, claim=row.public_id, why="Again", at=office.at)
    outbox.deliver_pending(at=office.at)
    with office.reading():
        found = accounts.account(account.patient)
        assert (str(found.row.owed), str(found.row.unapplied)) == ("0.00", "25.00")
        assert worklist.conservation(practice=office.practice).holds
    assert standing(office, OWED) == ["0.00", "-25.00"]
    with office.scope():
        told = self_paying.bill_many(actor=office.actor, claims=[row.public_id], why="Not covered", at=office.at)
        assert (told.done, told.refused) == ((row.public_id,), ())
    assert standing(office, OWED) == [str(charged), "-25.00"]


def worklist_rows() -> list[ClaimRow]:
    return list(worklist.claims(filters=Filters(), page=PageAsk()).rows)


def listed() -> list[AccountRow]:
    return list(accounts.listing(filters=Filters(), page=PageAsk()).rows)
