"""Money given back to patients: asked for by one person, approved and paid by another."""

from __future__ import annotations

from datetime import datetime

from openmso.agreements.queries import clocks
from openmso.billing.contracts import APPROVE, COLLECT, LINE, REFUND, TO_REFUND
from openmso.billing.models import Payment, Refund
from openmso.billing.services import keeping
from openmso.billing.services.settling import Act
from openmso.billing.states import REFUND_MOVES, R
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import ZERO, Money
from openmso.kit.states import check_move
from openmso.ledger.contracts import Accounts, EntryDraft, Journal, Source, credit, debit
from openmso.ledger.services import posting as ledger
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work


class NoRefund(Refused):
    """The money cannot be given back as asked."""

    code = "no_refund"


@atomic
def ask(*, actor: Actor, payment: str, amount: Money, why: str, at: datetime) -> str:
    """Ask that some of what is left of a payment be given back; it is kept for that until somebody else decides."""
    row = keeping.one_payment(payment)
    decision = actor.must(COLLECT.code, row.practice_id)
    if not ZERO < amount <= Money.of(row.left_amount):
        raise NoRefund(
            f"{Money.of(row.left_amount)} of the payment is left, not {amount}.", field="amount",
            fix="Take the payment back from what it paid for first.",
        )  # fmt: skip
    _say_why(why)
    asked = Refund.objects.create(
        practice_id=row.practice_id, payment=row, patient_id=row.patient_id, amount=amount.amount,
        why=why.strip()[:300], asked_at=at, asked_by=actor.name[:160], asked_user=actor.user,
    )  # fmt: skip
    row.left_amount -= amount.amount
    row.save(update_fields=["left_amount"])
    work.open_item(
        practice=row.practice_id, kind=TO_REFUND, subject=(REFUND, asked.public_id), at=at, amount=amount.amount,
        title=f"Give {amount} back to a patient?", why=f"{actor.name}: {why.strip()}", priority=40,
        priority_why=f"{amount} is the patient's money", key=_key(asked),
        due_at=clocks.sla_due(row.practice_id, LINE, TO_REFUND, at),
    )  # fmt: skip
    _finish(row, actor, at, decision)
    _tell("billing.refund_asked", asked, actor, at, decision, why)
    return asked.public_id


def decidable(*, actor: Actor, refund: str) -> Refund:
    """A refund that this person may approve; raises as `pay` would."""
    asked = Refund.objects.filter(public_id=refund).select_related("payment").first()
    if asked is None:
        raise NotFound(f"There is no refund {refund}.")
    actor.must(APPROVE.code, asked.practice_id)
    check_move(REFUND_MOVES, noun="refund", frm=R(asked.state), to=R.PAID)
    duties.another(actor, did=asked.asked_user, first="asked for this refund", then="approve it")
    return asked


@atomic
def pay(*, actor: Actor, refund: str, reference: str, at: datetime) -> None:
    """Approve a refund and pay it; never one's own (`SamePerson`). `reference` is the check's number or the card's."""
    asked, row, decision = _locked(refund, actor, R.PAID)
    duties.another(actor, did=asked.asked_user, first="asked for this refund", then="approve it")
    if not reference.strip():
        raise NoRefund("A refund that was paid has a reference.", field="reference",
                       fix="Write the number of the check, or what the card's slip says.")  # fmt: skip
    amount, source = Money.of(asked.amount), Source(REFUND, asked.public_id)
    draft = EntryDraft(
        row.entity_id, tenancy.today(row.practice_id, at), f"Refund {asked.public_id} of payment {row.public_id}",
        (debit(Accounts.PATIENT_CREDITS, amount, source=source),
         credit(Accounts.OPERATING_CASH, amount, source=source)),
        key=f"{REFUND}:{asked.public_id}", source=source, journal=Journal.CASH,
    )  # fmt: skip
    (entry,) = ledger.post(actor=actor, entries=[draft], at=at, under=(decision,))
    asked.entry, asked.reference = entry.public_id, reference.strip()[:40]
    _decide(asked, R.PAID, actor, at, decision, "Approved and paid")
    _tell("billing.refund_paid", asked, actor, at, decision, "")


def give_back(
    *, act: Act, payment: str, amount: Money, why: str, asked: tuple[str, str], reference: str
) -> str:  # fmt: skip
    """Give a small credit back that a run proposed: asked for by who made the run, paid by who approved it."""
    row = keeping.one_payment(payment)
    made = Refund.objects.create(
        practice_id=row.practice_id, payment=row, patient_id=row.patient_id, amount=amount.amount, why=why[:300],
        asked_at=act.at, asked_by=asked[0], asked_user=asked[1],
    )  # fmt: skip
    row.left_amount -= amount.amount
    row.save(update_fields=["left_amount"])
    pay(actor=act.actor, refund=made.public_id, reference=reference, at=act.at)
    keeping.queue([row], actor=act.actor, at=act.at, under=act.under)
    return made.public_id


@atomic
def refuse(*, actor: Actor, refund: str, why: str, at: datetime) -> None:
    """Say no to a refund, with the reason; the money is left of its payment again."""
    asked, row, decision = _locked(refund, actor, R.REFUSED)
    _say_why(why)
    row.left_amount += asked.amount
    row.save(update_fields=["left_amount"])
    asked.decided_why = why.strip()[:300]
    _decide(asked, R.REFUSED, actor, at, decision, f"Not approved: {why}")
    _finish(row, actor, at, decision)
    _tell("billing.refund_refused", asked, actor, at, decision, why)


def _say_why(why: str) -> None:
    if not why.strip():
        raise NoRefund("A refund says why.", code="no_reason", field="why", fix="Write it in a sentence.")


def _locked(refund: str, actor: Actor, to: R) -> tuple[Refund, Payment, Decision]:
    found = Refund.objects.filter(public_id=refund).select_related("payment").first()
    if found is None:
        raise NotFound(f"There is no refund {refund}.")
    row = keeping.one_payment(found.payment.public_id)
    asked = Refund.objects.select_for_update().get(practice_id=row.practice_id, pk=found.pk)
    decision = actor.must(APPROVE.code, row.practice_id)
    check_move(REFUND_MOVES, noun="refund", frm=R(asked.state), to=to)
    return asked, row, decision


def _decide(asked: Refund, to: R, actor: Actor, at: datetime, under: Decision, outcome: str) -> None:
    asked.state, asked.decided_at, asked.decided_by = to, at, actor.name[:160]
    asked.save(update_fields=["state", "decided_at", "decided_by", "decided_why", "entry", "reference"])
    work.close_item(practice=asked.practice_id, key=_key(asked), actor=actor, at=at, outcome=outcome, under=under)


def _finish(row: Payment, actor: Actor, at: datetime, under: Decision) -> None:
    keeping.queue([row], actor=actor, at=at, under=under)
    keeping.refresh(practice=row.practice_id, patients=[row.patient_id])


def _key(asked: Refund) -> str:
    return f"{TO_REFUND}:{asked.public_id}"


def _tell(action: str, asked: Refund, actor: Actor, at: datetime, under: Decision, why: str) -> None:
    audit.record(
        actor=actor, action=action, practice=asked.practice_id, subject=(REFUND, asked.public_id), at=at, why=why,
        facts={"amount": str(asked.amount)}, decision=under,
    )  # fmt: skip
