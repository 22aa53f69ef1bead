"""Stories of posting: what a remittance does to claims, patients and books, once and to the cent."""

from __future__ import annotations

from decimal import Decimal

from openmso.ledger.contracts import Method
from openmso.remittances.states import FileState
from openmso.remittances.testing import claim, line, reversal
from openmso.remittances.tests.office import Office

D = Decimal


def visit(control: str, *, paid: str = "80.00", contract: str = "45.00", copay: str = "15.00") -> object:
    reasons = [f"CO 45 {contract}", f"PR 3 {copay}"]
    return claim(control, line("99213", "140.00", paid=paid, reasons=reasons, control=f"{control}-01"))


def test_a_paid_claim_reaches_the_claim_the_patient_and_the_books(office: Office) -> None:
    sent = office.sent(("99213", "140.00"))

    outcome = office.pay(visit(sent.control))

    assert outcome.state is FileState.POSTED, outcome
    assert outcome.remittances[0].unmatched == 0
    after = office.claim(sent.public_id)
    assert (after.paid_amount, after.adjusted_amount, after.patient_amount) == (D(80), D(45), D(15))
    assert after.open_amount == 0
    assert after.state == "paid"
    assert office.balances() == {"1010": D(80), "1110": D(15), "4000": D(-140), "4100": D(45)}
    assert office.balances(Method.CASH) == {"1010": D(80), "4000": D(-80)}


def test_a_reversal_and_a_correction_leave_what_the_correction_says(office: Office) -> None:
    sent = office.sent(("99213", "140.00"))
    first = visit(sent.control)
    office.pay(first)

    office.pay(reversal(first), visit(sent.control, paid="95.00", contract="45.00", copay="0.00"))

    after = office.claim(sent.public_id)
    assert (after.paid_amount, after.patient_amount, after.open_amount) == (D(95), D(0), D(0))
    assert office.balances() == {"1010": D(95), "4000": D(-140), "4100": D(45)}
