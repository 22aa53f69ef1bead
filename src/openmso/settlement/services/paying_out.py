"""Verbs of a run of the priority of payments: what it pays and lends of a fee, and what its reversal takes back."""

from __future__ import annotations

from datetime import date, datetime

from openmso.compliance.services import clearing
from openmso.compliance.services.clearing import Flow
from openmso.kit.money import ZERO, Money
from openmso.kit.states import IllegalMove
from openmso.ledger.contracts import EntryRef
from openmso.ledger.services import posting as ledger
from openmso.platform.access.contracts import Actor
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import atomic
from openmso.settlement import books, queries, rules
from openmso.settlement.contracts import PAY
from openmso.settlement.events import FeePaid
from openmso.settlement.services import crediting, settling
from openmso.settlement.services.settling import CannotSettle
from openmso.settlement.states import S


@atomic
def pay_part(
    *, actor: Actor, settlement: str, cash: Money, lent: Money, run: str, paid_on: date, at: datetime
) -> list[EntryRef]:  # fmt: skip
    """Pay an approved invoice, or a part of it, out of a run: `cash` moves, `lent` becomes part of the deficit loan.

    Returns the entries, the practice's book first. What is left stays due. Raises `IllegalMove` for an invoice that
    cannot be paid, `NotLawful` where a rule of law stops payments, and `CannotSettle` for more than is due.
    """
    row = settling.locked(settlement)
    under = [actor.must(PAY.code, row.practice_id), actor.must(PAY.code, settling.mso_of(row))]
    one = queries.settlement(settlement)
    if words := rules.why_not_pay(one):
        raise IllegalMove(words)
    clearing.clear(flow=Flow.FEE, practice=row.practice_id, agreement=one.agreement, at=at)
    if min(cash, lent) < ZERO or not ZERO < cash + lent <= one.due:
        raise CannotSettle(f"Of invoice {one.invoice} {one.due} is due; {cash + lent} cannot be paid of it.")
    party = row.practice.public_id
    drafts = books.payment(one, paid_on=paid_on, party=party, amount=cash, run=run) if cash else []
    drafts += books.lent(one, lent, run=run, lent_on=paid_on, party=party) if lent else []
    posted = ledger.post(actor=actor, entries=drafts, at=at, under=under)
    row.paid_on, row.paid_amount = paid_on, (one.paid + cash + lent).amount
    row.save(update_fields=["paid_on", "paid_amount"])
    words = f"{cash} paid and {lent} lent by {run}" if lent else f"{cash} paid by {run}"
    if cash + lent == one.due and not one.disputed:
        settling.move(row, S.PAID, actor=actor, at=at, why=words)
        row.save(update_fields=["state"])
        outbox.publish(FeePaid(row.public_id, str(one.month), str(cash + lent)), practice=row.practice_id, at=at)
    else:
        settling.note(row, words, actor=actor, at=at)
    settling.tell(row, "settlement.paid", actor, at, under[0], invoice=row.invoice, paid_on=str(paid_on))
    return posted


@atomic
def reopen(*, actor: Actor, settlement: str, amount: Money, why: str, at: datetime) -> None:
    """What a run paid of an invoice is due again; the caller has reversed its entries."""
    row = settling.locked(settlement)
    under = [actor.must(PAY.code, row.practice_id), actor.must(PAY.code, settling.mso_of(row))]
    one = queries.settlement(settlement)
    if one.state is S.WITHDRAWN or amount > one.paid:
        raise IllegalMove(f"Invoice {one.invoice} was withdrawn or paid otherwise since.")
    left = one.paid - amount
    row.paid_amount, row.paid_on = (left.amount, row.paid_on) if left else (None, None)
    if one.state is S.PAID:
        settling.move(row, S.APPROVED, actor=actor, at=at, why=why[:200], reopens=True)
    else:
        settling.note(row, why[:200], actor=actor, at=at)
    row.save(update_fields=["state", "paid_amount", "paid_on"])
    crediting.await_back(row, queries.settlement(settlement), actor=actor, at=at, under=under[0])
    settling.tell(row, "settlement.reopened", actor, at, under[0], why=why, invoice=row.invoice, amount=str(amount))
