"""Verbs of a run of the priority of payments: what it pays and lends of a fee, and what its reversal takes back."""

from __future__ import annotations

from datetime import date, datetime

from openmso.compliance.services import clearing
from openmso.compliance.services.clearing import Flow
from openmso.kit.clock import day_in
from openmso.kit.money import ZERO, Money
from openmso.kit.states import IllegalMove
from openmso.ledger.contracts import EntryRef
from openmso.ledger.services import posting as ledger
from openmso.platform.access.contracts import Actor
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
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
def lent_no_more(
    *, actor: Actor, settlement: str, amount: Money, dispute: str, at: datetime
) -> list[EntryRef]:  # fmt: skip
    """What a dispute won of a fee that was lent comes off the loan instead of being paid back; the caller moves that.

    Returns the entries, the practice's book first. Raises `CannotSettle` for more than waits to be paid back.
    """
    row = settling.locked(settlement)
    under = [actor.must(PAY.code, row.practice_id), actor.must(PAY.code, settling.mso_of(row))]
    one, on = queries.settlement(settlement), day_in(row.practice.zone, at)
    if not ZERO < amount <= -one.due:
        raise CannotSettle(f"Of invoice {one.invoice} {max(-one.due, ZERO)} waits to be paid back, not {amount}.")
    drafts = books.lent_no_more(one, amount, dispute=dispute, credited_on=on, party=row.practice.public_id)
    posted = ledger.post(actor=actor, entries=drafts, at=at, under=under)
    row.paid_amount = (one.paid - amount).amount
    words = f"{amount} taken off the loan, {dispute}"
    key, left = crediting.back_key(row), -one.due - amount
    work.close_item(practice=row.practice_id, key=key, actor=actor, at=at, outcome="off the loan", under=under[0])
    if left:
        settling.note(row, words, actor=actor, at=at)
        row.save(update_fields=["paid_amount"])
        settling.owe_back(row, left, actor=actor, at=at, under=under[0])
    else:
        settling.move(row, S.PAID, actor=actor, at=at, why=words)
        row.save(update_fields=["state", "paid_amount"])
    settling.tell(row, "settlement.off_the_loan", actor, at, under[0], invoice=row.invoice, amount=str(amount))
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
