"""Patients owe what payers left to them, pay, pay too much, and get it back; the books say the same throughout."""

from __future__ import annotations

import pytest

from openmso.billing import testing
from openmso.billing.contracts import AccountPage
from openmso.billing.queries import accounts, payments
from openmso.billing.services import receiving
from openmso.billing.services.receiving import NotMoney
from openmso.billing.states import Method, P
from openmso.billing.tests.conftest import decided, left_to_patient, standing
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import Money
from openmso.kit.words import by_reason
from openmso.ledger.contracts import Accounts
from openmso.ledger.contracts import Method as Basis
from openmso.platform.outbox import services as outbox
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.platform.work.models import WorkItem
from openmso.platform.work.states import Working
from openmso.remittances import testing as payer
from openmso.remittances.tests.office import Office

pytestmark = pytest.mark.django_db
OWED = [Accounts.AR_PATIENT, Accounts.PATIENT_CREDITS, Accounts.PATIENT_RECEIPTS]


def account(office: Office, patient: str) -> AccountPage:
    with office.reading():
        return accounts.account(patient)


def waiting(office: Office) -> list[str]:
    with office.reading():
        found = WorkItem.objects.filter(kind="billing.unapplied").exclude(state=Working.DONE)
        return [str(amount) for amount in found.values_list("amount", flat=True)]


def test_front_desk_cannot_apply_a_payment_to_an_issued_invoice(office: Office) -> None:
    """A pain of others (ottehr#6042): here what a patient owes is paid at the desk, line by line, at once."""
    claim, patient = left_to_patient(office, "20.00", "12.50")
    before = account(office, patient)
    assert [(one.line, str(one.owed)) for one in before.lines] == [(1, "20.00"), (2, "12.50")]
    assert (str(before.row.owed), standing(office, OWED)) == ("32.50", ["32.50", "0.00", "0.00"])
    with office.reading():
        (row,) = accounts.listing(filters=Filters(), page=PageAsk()).rows
    assert (row.patient, str(row.owed), row.oldest_on) == (patient, "32.50", claim.service_on)

    with office.scope():
        receipt = testing.payment(patient, "25.00", at=office.at, method=Method.CHECK, reference="1204")

    after = account(office, patient)
    assert [(one.line, str(one.owed)) for one in after.lines] == [(1, "0.00"), (2, "7.50")]
    assert standing(office, OWED) == ["7.50", "0.00", "25.00"]
    assert str(office.balances(Basis.CASH)[Accounts.PATIENT_REVENUE]) == "-172.50"  # 147.50 of the payer, 25.00 here
    (paid,) = after.payments
    assert (paid.public_id, paid.reference, str(paid.left), paid.state) == (receipt, "1204", "0.00", P.POSTED)
    assert waiting(office) == []


def test_what_is_paid_ahead_waits_and_is_applied_to_chosen_lines(office: Office) -> None:
    claim, patient = left_to_patient(office, "20.00", "12.50")
    with office.scope():
        receipt = testing.payment(patient, "40.00", at=office.at, waits=True)
        assert waiting(office) == ["40.00"]
        assert standing(office, OWED) == ["32.50", "-40.00", "40.00"]
        with pytest.raises(NotMoney):
            receiving.apply(actor=office.actor, payment=receipt, at=office.at,
                            chosen=[(claim.public_id, 2, Money.of("12.51"))])  # fmt: skip
        with pytest.raises(NotFound):
            receiving.apply(
                actor=office.actor, payment=receipt, at=office.at, chosen=[("CLM-23456789", 1, Money.of(1))]
            )
        receiving.apply(actor=office.actor, payment=receipt, at=office.at,
                        chosen=[(claim.public_id, 2, Money.of("12.50"))])  # fmt: skip
    found = account(office, patient)
    assert [str(one.owed) for one in found.lines] == ["20.00", "0.00"]
    assert (str(found.row.unapplied), waiting(office)) == ("27.50", ["27.50"])
    with office.scope():
        assert receiving.apply_many(actor=office.actor, payments=[receipt], at=office.at).done == 1
        told = receiving.apply_many(actor=office.actor, payments=[receipt, "RCP-23456789"], at=office.at)
    assert told.done == 0
    assert [name for name, _ in told.refused] == [receipt, "RCP-23456789"]
    assert by_reason(told.refused) == (
        f"The patient owes nothing in these books: {receipt}; There is no payment RCP-23456789: RCP-23456789"
    )
    assert standing(office, OWED) == ["0.00", "-7.50", "40.00"]


def test_money_comes_back_by_reversal_and_nothing_is_rewritten(office: Office) -> None:
    _, patient = left_to_patient(office, "20.00")
    with office.scope():
        receipt = testing.payment(patient, "20.00", at=office.at)
        with pytest.raises(Refused):
            receiving.withdraw(actor=office.actor, payment=receipt, why=" ", at=office.at)
        receiving.withdraw(actor=office.actor, payment=receipt, why="Meant for another visit", at=office.at)
    found = account(office, patient)
    assert (str(found.row.owed), str(found.row.unapplied)) == ("20.00", "20.00")
    assert [str(one.amount) for one in found.settled] == ["-20.00", "20.00"]
    assert standing(office, OWED) == ["20.00", "-20.00", "20.00"]
    with office.scope():
        receiving.apply(actor=office.actor, payment=receipt, at=office.at)
        receiving.reverse(actor=office.actor, payment=receipt, why="Returned by the bank", at=office.at)
        with pytest.raises(Refused):
            receiving.reverse(actor=office.actor, payment=receipt, why="Again", at=office.at)
    found = account(office, patient)
    assert (str(found.row.owed), str(found.row.unapplied), found.payments[0].state) == ("20.00", "0.00", P.REVERSED)
    assert standing(office, OWED) == ["20.00", "0.00", "0.00"]
    assert waiting(office) == []


def test_a_payer_that_decides_anew_gives_the_patient_credit(office: Office) -> None:
    claim, patient = left_to_patient(office, "20.00")
    with office.scope():
        receipt = testing.payment(patient, "20.00", at=office.at)
    first = decided(claim, "20.00")
    office.pay(payer.reversal(first), decided(claim, "5.00", payer_control="ICN2"), number=2)
    outbox.deliver_pending(at=office.at)

    found = account(office, patient)
    assert [(str(one.share), str(one.owed)) for one in found.lines] == [("5.00", "0.00")]
    assert (str(found.row.unapplied), waiting(office)) == ("15.00", ["15.00"])
    assert standing(office, OWED) == ["0.00", "-15.00", "20.00"]
    with office.reading():
        assert str(payments.payment(receipt).left) == "15.00"


def test_what_cannot_be_money_is_refused_in_words(office: Office) -> None:
    _, patient = left_to_patient(office, "20.00")
    with office.scope():
        for amount, method, reference, field in (
            ("0.00", Method.CASH, "", "amount"),
            ("5.00", Method.CHECK, "", "reference"),
            ("5.00", Method.CARD, "4111 1111 1111 1111", "reference"),
        ):
            with pytest.raises(NotMoney) as no:
                testing.payment(patient, amount, at=office.at, method=method, reference=reference)
            assert no.value.field == field
    assert standing(office, OWED) == ["20.00", "0.00", "0.00"]
