"""Settlements and their entries: what is settled of patients' parts, and what is taken back.

Money of a patient stands as theirs (patient credits) from the moment it comes. Applied, it is income on the cash basis,
and on the accrual basis it settles the receivable that the payer's decision left to the patient.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openmso.billing.contracts import PAYMENT, OwedLine
from openmso.billing.events import PatientPartsSettled
from openmso.billing.models import Payment, Settlement
from openmso.billing.rules.owing import Part
from openmso.billing.states import Why
from openmso.kit.ids import public_id
from openmso.kit.money import ZERO, Money
from openmso.ledger.contracts import Accounts, Basis, EntryDraft, Journal, LineDraft, Source, credit, debit
from openmso.ledger.services import posting as ledger
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.outbox import services as outbox

NOTE_MAX = 300


@dataclass(frozen=True, slots=True)
class Act:
    """Who settles, when, on which accounting day, under which decision."""

    actor: Actor
    at: datetime
    on: date
    under: Decision


def by_payment(payment: Payment, parts: Sequence[Part[OwedLine]], act: Act, *, note: str = "") -> Money:
    """Apply money of a payment to lines (negative parts take it back); how much left the payment.

    The payment's `left_amount` is changed and saved with it.
    """
    moved = Money.total(part.amount for part in parts)
    if not parts:
        return moved
    name = public_id("APD")
    source = Source(PAYMENT, payment.public_id)
    memo = f"{'Applied' if moved > ZERO else 'Taken back'}: payment {payment.public_id}"
    draft = EntryDraft(
        payment.entity_id, act.on, memo, tuple(_lines(moved, source)), key=f"billing.settlement:{name}",
        source=source, journal=Journal.CASH,
    )  # fmt: skip
    (entry,) = ledger.post(actor=act.actor, entries=[draft], at=act.at, under=(act.under,))
    keep(name, Why.PAYMENT, parts, act, entry=entry.public_id, payment=payment, note=note)
    payment.left_amount -= moved.amount
    payment.save(update_fields=["left_amount"])
    return moved


def _lines(moved: Money, source: Source) -> tuple[LineDraft, ...]:
    """From the patient's credit to income, and off the receivable; the other way round for what is taken back."""
    amount = abs(moved)
    up, down = (debit, credit) if moved > ZERO else (credit, debit)
    return (
        up(Accounts.PATIENT_CREDITS, amount, source=source),
        down(Accounts.PATIENT_REVENUE, amount, source=source),
        up(Accounts.PATIENT_REVENUE, amount, basis=Basis.ACCRUAL, source=source),
        down(Accounts.AR_PATIENT, amount, basis=Basis.ACCRUAL, source=source),
    )


def keep(
    name: str, why: Why, parts: Sequence[Part[OwedLine]], act: Act, *, entry: str, payment: Payment | None = None,
    note: str = "",
) -> None:  # fmt: skip
    """Write the rows of one act, and tell of it."""
    practice = act.under.practice
    assert practice is not None, "what lets somebody settle is decided for one practice"
    Settlement.objects.bulk_create(
        Settlement(
            practice_id=practice, act=name, why=why, payment=payment, patient_id=part.line.patient_id,
            claim_id=part.line.claim_id, claim_name=part.line.claim, claim_line_id=part.line.line_id,
            line=part.line.line, amount=part.amount.amount, on=act.on, at=act.at, by=act.actor.name[:160],
            entry=entry, note=note[:NOTE_MAX],
        )
        for part in parts
    )  # fmt: skip
    amount = Money.total(part.amount for part in parts).amount
    outbox.publish(PatientPartsSettled(name, amount, why.value), practice=practice, at=act.at, behind=act.under.grant)
