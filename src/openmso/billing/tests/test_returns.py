"""Money goes back: to patients with a second person's consent, to payers before the law's day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from openmso.agreements import testing as agreements
from openmso.billing import testing
from openmso.billing.contracts import OverpaymentRow
from openmso.billing.queries import accounts, credits, payments, refunds
from openmso.billing.rules.acknowledged import Sent, tie
from openmso.billing.services import crediting, refunding
from openmso.billing.states import Cause, R, V
from openmso.billing.tests.conftest import decided, left_to_patient, standing
from openmso.kit.errors import Refused
from openmso.kit.money import Money
from openmso.kit.states import IllegalMove
from openmso.ledger.contracts import Accounts
from openmso.parties import testing as parties
from openmso.parties.contracts import PayerKind
from openmso.platform.access import queries as access
from openmso.platform.access.contracts import Actor
from openmso.platform.access.duties import SamePerson
from openmso.platform.outbox import services as outbox
from openmso.platform.ui.contracts import Filters, PageAsk, Term
from openmso.platform.work.models import WorkItem
from openmso.platform.work.states import Working
from openmso.remittances import testing as payer
from openmso.remittances.contracts import Answer
from openmso.remittances.queries import recoupments
from openmso.remittances.tests.office import AT, Office, open_office

pytestmark = pytest.mark.django_db
BOOKS = [Accounts.PATIENT_CREDITS, Accounts.OPERATING_CASH]


def person(office: Office, name: str) -> Actor:
    user = agreements.person(f"{name}@rockland.example", name, practice=office.practice, role="practice_owner",
                             at=office.at)  # fmt: skip
    return access.actor_for(user, at=office.at, fresh=True)


def waiting(office: Office, kind: str) -> list[WorkItem]:
    with office.reading():
        return list(WorkItem.objects.filter(kind=kind).exclude(state=Working.DONE))


def test_a_refund_is_approved_by_somebody_else(office: Office) -> None:
    _, patient = left_to_patient(office, "20.00")
    ana, ben = person(office, "ana"), person(office, "ben")
    with office.scope():
        receipt = testing.payment(patient, "50.00", at=office.at)
        with pytest.raises(Refused):
            refunding.ask(actor=ana, payment=receipt, amount=Money.of("30.01"), why="Too much", at=office.at)
        first = refunding.ask(actor=ana, payment=receipt, amount=Money.of(10), why="Paid twice", at=office.at)
        second = refunding.ask(actor=ana, payment=receipt, amount=Money.of(20), why="Moves away", at=office.at)
        assert sorted(str(one.amount) for one in waiting(office, "billing.refund")) == ["10.00", "20.00"]
        assert waiting(office, "billing.unapplied") == []
        with pytest.raises(SamePerson):
            refunding.pay(actor=ana, refund=first, reference="77", at=office.at)
        refunding.pay(actor=ben, refund=first, reference="77", at=office.at)
        refunding.refuse(actor=ben, refund=second, why="Stays", at=office.at)
        with pytest.raises(IllegalMove):
            refunding.pay(actor=ben, refund=second, reference="78", at=office.at)
    with office.reading():
        assert {row.state for row in refunds.listing(filters=Filters(), page=PageAsk()).rows} == {R.REFUSED, R.PAID}
        assert str(payments.payment(receipt).left) == "20.00"
        assert str(accounts.account(patient).row.unapplied) == "20.00"
    assert standing(office, BOOKS) == ["-20.00", "-10.00"]
    assert waiting(office, "billing.refund") == []


@pytest.fixture
def medicare(db: None) -> Office:
    mso = parties.mso(at=AT)
    return open_office(payer=parties.payer(mso, at=AT, kind=PayerKind.MEDICARE))


def overpaid(office: Office) -> OverpaymentRow:
    claim, _ = left_to_patient(office, "20.00")
    office.pay(decided(claim, "20.00", payer_control="ICN9"), number=2)
    outbox.deliver_pending(at=office.at)
    with office.reading():
        (row,) = credits.listing(filters=Filters(), page=PageAsk(), on=office.at.date()).rows
    return row


def test_what_medicare_paid_twice_is_returned_within_sixty_days(medicare: Office) -> None:
    office = medicare
    row = overpaid(office)
    assert (str(row.amount), row.has_clock, row.due_on) == ("70.00", True, date(2026, 5, 11))
    (item,) = waiting(office, "billing.overpayment")
    assert (item.due_at.date(), item.priority) == (date(2026, 5, 11), 80)
    with office.scope():
        crediting.investigate(actor=office.actor, overpayment=row.public_id, at=office.at)
        with office.reading():
            item = WorkItem.objects.get(subject_id=row.public_id)
        assert (item.due_at.date(), item.priority) == (office.at.date() + timedelta(days=180), 50)
        later = office.at + timedelta(days=12)
        crediting.conclude(actor=office.actor, overpayment=row.public_id, cause=Cause.TWICE, why="Sent again", at=later)
        with office.reading():
            item = WorkItem.objects.get(subject_id=row.public_id)
            assert (item.due_at.date(), item.priority) == (date(2026, 5, 23), 80)
            assert credits.overpayment(row.public_id, on=later.date()).due_on == date(2026, 5, 23)
        for amount, reference in (("70.00", ""), ("70.01", "9001")):
            with pytest.raises(Refused):
                crediting.give_back(actor=office.actor, overpayment=row.public_id, amount=Money.of(amount),
                                    reference=reference, why="Twice", at=office.at)  # fmt: skip
        crediting.give_back(actor=office.actor, overpayment=row.public_id, amount=Money.of(70), reference="9001",
                            why="Twice", at=office.at)  # fmt: skip
    with office.reading():
        found = credits.overpayment(row.public_id, on=office.at.date())
    assert (found.state, found.reference, str(found.returned)) == (V.RETURNED, "9001", "70.00")
    assert waiting(office, "billing.overpayment") == []
    assert standing(office, [Accounts.PAYER_RECOUPMENTS, Accounts.OPERATING_CASH]) == ["70.00", "-70.00"]


def test_the_payers_reversal_acknowledges_what_was_returned(office: Office) -> None:
    row = overpaid(office)
    assert (row.has_clock, row.due_on) == (False, None)
    with office.scope():
        crediting.give_back(actor=office.actor, overpayment=row.public_id, amount=Money.of(70), reference="9001",
                            why="Twice", at=office.at)  # fmt: skip
    claim = office.claim(row.claim)
    office.pay(payer.reversal(decided(claim, "20.00", payer_control="ICN9")), number=3,
               provider=[("72", "9001", "-70.00")])  # fmt: skip
    outbox.deliver_pending(at=office.at)
    with office.reading():
        assert credits.overpayment(row.public_id, on=office.at.date()).state is V.TAKEN
        (one,) = recoupments.references(
            filters=Filters((Term("is", "=", "closed", "closed"),)), page=PageAsk(), on=office.at.date()
        ).rows
        (said,) = recoupments.recoupment(one.public_id, on=office.at.date()).explanations
        assert recoupments.unexplained(practice=office.practice, on=office.at.date()) == []
    assert (said.answer, said.answers) == (Answer.REFUND, row.public_id)
    assert said.why.endswith("found by its number and its amount.")
    assert standing(office, [Accounts.PAYER_RECOUPMENTS, Accounts.OPERATING_CASH]) == ["0.00", "-70.00"]
    assert waiting(office, "billing.overpayment") == []


def test_an_acknowledgement_that_fits_nothing_or_too_much_is_left_to_a_person() -> None:
    sent = [
        Sent("OVP-1", "Medicare", Decimal("70.00"), {"009001", "CLM-7K2P9M4X"}),
        Sent("OVP-2", "Medicare", Decimal("70.00"), {"9002"}),
        Sent("OVP-3", "Atlantic", Decimal("12.00"), {"9003"}),
    ]

    def tied(payer_name: str, reference: str, amount: str) -> str:
        found = tie(payer_name, reference, Decimal(amount), sent)
        return found[0].name if found else ""

    assert tied("Medicare", "9001", "70.00") == "OVP-1"
    assert tied("Medicare", "clm 7k2p9m4x", "70.00") == "OVP-1"
    assert tied("ATLANTIC", "unknown", "12.00") == "OVP-3", "nothing else of this amount went to this payer"
    assert tied("Medicare", "unknown", "70.00") == "", "two of this amount did"
    assert tied("Medicare", "9001", "69.99") == "", "another amount is not what was sent"
    assert tied("Medicare", "9003", "12.00") == "OVP-3"
    assert tied("Medicare", "unknown", "12.00") == "", "it went to another payer"
