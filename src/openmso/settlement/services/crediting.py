"""Credit memos: part of an invoice given back, on paper, in both books and in money; what falls with an invoice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from openmso.agreements.queries import clocks
from openmso.governance.services import agenda
from openmso.kit.clock import day_in
from openmso.kit.ids import public_id as fresh_id
from openmso.kit.money import ZERO, Money
from openmso.kit.states import check_move
from openmso.ledger.services import posting as ledger
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.documents import services as documents
from openmso.platform.outbox import services as outbox
from openmso.platform.work import services as work
from openmso.platform.work.contracts import when
from openmso.settlement import books, pdf, queries, rules
from openmso.settlement.contracts import ANSWERING, DISPUTED, PAYING_BACK, RESOLVING, SOURCE, Settlement
from openmso.settlement.events import PaidFeeCredited
from openmso.settlement.models import CreditMemo, Dispute, DisputeMove
from openmso.settlement.models import Settlement as SettlementModel
from openmso.settlement.states import DISPUTE_MOVES, HELD, D

DAYS_TO_PAY_BACK = 10
"""Business days in which the MSO pays back what a dispute of a paid row won."""


def credit(
    row: SettlementModel, dispute: Dispute, amount: Money, *, why: str, actor: Actor, at: datetime,
    under: Sequence[Decision],
) -> None:  # fmt: skip
    """Give part of an invoice back: a numbered memo on paper, and an entry in each of two books; the caller saves.

    Of what was paid by a loan, whoever keeps the loan takes it off there.
    """
    one, made = queries.settlement(row.public_id), fresh_id("CRM")
    earlier = CreditMemo.objects.filter(practice_id=row.practice_id, settlement=row).count()
    number, issued_on = f"{row.invoice}-CM{earlier + 1}", day_in(row.practice.zone, at)
    drafts = books.credit_memo(one, amount, number=number, memo=made, issued_on=issued_on, party=row.practice.public_id)
    ours, theirs = ledger.post(actor=actor, entries=drafts, at=at, under=under)
    stored = documents.store(
        actor=actor, practice=row.practice_id, name=f"credit-memo-{number}.pdf",
        content=pdf.credit_memo(one, number=number, amount=amount, issued_on=issued_on, row=dispute.row.label,
                                dispute=dispute.public_id, disputed=Money.of(dispute.amount), why=why),
        media_type="application/pdf", purpose="settlement.memo", at=at, under=under[0],
    )  # fmt: skip
    documents.became(document=stored.public_id, subject=(SOURCE, row.public_id), practice=row.practice_id, at=at)
    CreditMemo.objects.create(
        practice_id=row.practice_id, public_id=made, settlement=row, dispute=dispute, number=number,
        amount=amount.amount, issued_on=issued_on, issued_at=at, issued_by=actor.name[:120],
        document=stored.public_id, practice_entry=ours.public_id, mso_entry=theirs.public_id,
    )  # fmt: skip
    row.memo_amount += amount.amount
    dispute.credited_amount += amount.amount
    if dispute.of_paid:
        won = PaidFeeCredited(row.public_id, dispute.public_id, str(amount))
        outbox.publish(won, practice=row.practice_id, at=at)


def pay_back(
    row: SettlementModel, one: Settlement, paid_on: date, *, actor: Actor, at: datetime, under: Sequence[Decision]
) -> None:  # fmt: skip
    """What the practice paid too much goes back to it, in both books, and waits no more; the caller saves."""
    drafts = books.payment(one, paid_on=paid_on, party=row.practice.public_id)
    ledger.post(actor=actor, entries=drafts, at=at, under=under)
    work.close_item(
        practice=row.practice_id, key=back_key(row), actor=actor, at=at, outcome="paid back", under=under[0]
    )


def await_back(row: SettlementModel, one: Settlement, *, actor: Actor, at: datetime, under: Decision) -> None:
    """Have all that is to be paid back of an invoice wait for the MSO, by the day of what is owed longest of it.

    Nothing waits where nothing is to be paid back, any more or at all.
    """
    memos = CreditMemo.objects.filter(practice_id=row.practice_id, settlement=row, dispute__of_paid=True)
    won = [(memo.issued_on, Money.of(memo.amount)) for memo in memos.order_by("pk")]
    if not one.to_pay_back or not won:
        work.close_item(practice=row.practice_id, key=back_key(row), actor=actor, at=at, outcome="nothing is owed",
                        under=under)  # fmt: skip
        return
    day = clocks.business_day(rules.owed_back_since(one.to_pay_back, won), DAYS_TO_PAY_BACK)
    work.open_item(
        practice=row.practice_id, kind=PAYING_BACK, subject=(SOURCE, row.public_id),
        title=f"Invoice {row.invoice}: {one.to_pay_back} is to be paid back",
        why="Disputes of what was paid were won: pay the whole of it back, and record it.",
        priority=70, priority_why=f"{one.to_pay_back} of the practice's money, due {when(day)}",
        due_at=clocks.closing(row.practice_id, day), key=back_key(row), at=at, amount=one.to_pay_back.amount,
    )  # fmt: skip


def back_key(row: SettlementModel) -> str:
    """The key of the work that waits until the MSO has paid back what it owes of an invoice."""
    return f"{PAYING_BACK}:{row.public_id}"


def fall(row: SettlementModel, *, actor: Actor, why: str, at: datetime, under: Sequence[Decision]) -> None:
    """End what hangs on an invoice that is withdrawn: its disputes are over, its credit memos reversed.

    What was to be paid back of it counts towards the next invoice of the month, with all that was paid.
    """
    held = Dispute.objects.select_for_update(of=("self",)).filter(settlement=row, state__in=sorted(HELD))
    for dispute in held.order_by("pk"):
        step(dispute, D.FALLEN, why=why, actor=actor, at=at)
        close_work(dispute, actor=actor, at=at, outcome="withdrawn", under=under[0])
    work.close_item(
        practice=row.practice_id, key=back_key(row), actor=actor, at=at, outcome="withdrawn", under=under[0]
    )
    for memo in CreditMemo.objects.filter(practice_id=row.practice_id, settlement=row).order_by("pk"):
        for entry, entity in ((memo.practice_entry, row.practice_entity_id), (memo.mso_entry, row.mso_entity_id)):
            ledger.reverse(actor=actor, entry=entry, entity=entity, why=why, on=memo.issued_on, at=at, under=under)


def step(
    dispute: Dispute, to: D, *, why: str, actor: Actor, at: datetime, credited: Money = ZERO,
    papers: Sequence[str] = (),
) -> None:  # fmt: skip
    """Move a dispute, write it into its history, and save it; the caller has judged the move and set the day."""
    came_from = dispute.state if dispute.pk else ""
    if came_from:
        check_move(DISPUTE_MOVES, noun="dispute", frm=D(came_from), to=to)
    dispute.state = to.value
    if to not in HELD:
        dispute.due_on, dispute.settled_at = None, at
    dispute.save()
    DisputeMove.objects.create(
        practice_id=dispute.practice_id, dispute=dispute, from_state=came_from, to_state=to.value, moved_at=at,
        moved_by=actor.name[:120], why=why, credited_amount=credited.amount, due_on=dispute.due_on,
        documents=list(papers),
    )  # fmt: skip


def close_work(dispute: Dispute, *, actor: Actor, at: datetime, outcome: str, under: Decision) -> None:
    """Whoever had the word has said it; what lies before a board of it is heard."""
    agenda.settled(
        practice=dispute.practice_id, subject=(DISPUTED, dispute.public_id),
        words=f"{actor.name}: {D(dispute.state).label.lower()}",
    )  # fmt: skip
    keys = [(dispute.practice_id, f"{kind}:{dispute.public_id}") for kind in (ANSWERING, RESOLVING)]
    work.close_items(keys=keys, actor=actor, at=at, outcome=outcome, under=under)
