"""What came in is paid out in the demo: a short month that the MSO lends for, and a good one that pays it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from openmso.agreements.services.law import NotLawful
from openmso.compliance.services import clearing
from openmso.compliance.services.clearing import Flow
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Accounts, EntryDraft, credit, debit
from openmso.ledger.services import posting
from openmso.parties.contracts import AccountUse
from openmso.parties.queries import practices as registers
from openmso.parties.services import practices
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.settlement import queries as settlement
from openmso.simulator.network.cast import PRIORITY
from openmso.treasury.contracts import Formula
from openmso.treasury.services import instructing, paying, running

Who = Callable[[str], Actor]
"""Somebody of the MSO by their role, at the moment."""
WHERE = "ROCK"
SPENT = (
    (Accounts.WAGES, "Wages of the staff", "0.34"), (Accounts.RENT, "Rent and utilities", "0.12"),
    (Accounts.CLINICAL_SUPPLIES, "Clinical supplies", "0.08"),
    (Accounts.PHYSICIAN_PAY, "Pay of the physicians", "0.40"),
)  # fmt: skip
"""What the practice spends, as parts of what an even month brings."""
SHORT, GOOD = Decimal("1.10"), Decimal("0.62")
"""How much of that falls into a month: more than came in, and much less."""


def set_up(mso: int, mso_entity: int, practice: int, entity: int, *, actor: Actor, owner: Actor, at: datetime) -> None:
    """The accounts that a run pays from and to, and what the owner lets leave the one for government payers."""
    since = date(2015, 1, 1)
    with reading():
        is_open = any(one.use is AccountUse.OPERATING for one in registers.accounts(mso))
    wanted = [(practice, entity, "Reserve account", "402202", AccountUse.RESERVE)]
    if not is_open:
        wanted.append((mso, mso_entity, "Operating account", "407701", AccountUse.OPERATING))
    for where, books, name, number, use in wanted:
        practices.open_account(
            actor=actor, practice=where, entity=books, name=name, bank_name="Coastal Trust", routing="011000015",
            account_number=number, use=use, opened_on=since, at=at,
        )  # fmt: skip
    with reading():
        held = {one.use: one for one in registers.accounts(practice)}
    ours, apart = held[AccountUse.OPERATING], held[AccountUse.DEPOSIT_GOVERNMENT].public_id
    _refuse_others(practice, apart, actor=actor, at=at)
    instructing.instruct(
        actor=owner, practice=practice, account=apart, target=ours.public_id,
        formula=Formula.ALL, clause=PRIORITY.clause, starts_on=at.date(), at=at,
    )  # fmt: skip


def _refuse_others(practice: int, account: str, *, actor: Actor, at: datetime) -> None:
    """Nobody but the practice orders what leaves its account for government payers: somebody else is refused."""
    try:
        clearing.clear(flow=Flow.SWEEP, practice=practice, account=account, ordered_by=actor.user, at=at)
    except NotLawful as no:
        if clearing.REASSIGNED in no.sentence:
            return
    raise AssertionError("Somebody of the MSO may order money out of the practice's government account")


def pay_out(practice: int, entity: int, month: Month, *, part: Decimal, owner: Actor, staff: Who, at: datetime) -> str:
    """Book what the practice spent in a month, and pay the month out; returns the run."""
    controller = staff("controller")
    _spend(entity, month, part, actor=controller, at=at)
    run = running.propose(actor=controller, practice=practice, month=month, at=at).public_id
    running.approve(actor=owner, run=run, at=at)
    running.post(actor=controller, run=run, at=at)
    return run


def send(practice: int, mso: int, *, staff: Who, at: datetime) -> None:
    """What the MSO advanced goes to its bank: the accountant prepares the file, the controller approves it."""
    with reading():
        account = next(one for one in registers.accounts(mso) if one.use is AccountUse.OPERATING)
    file = paying.prepare(actor=staff("accountant"), practice=practice, account=account.public_id, at=at)
    paying.approve(actor=staff("controller"), file=file.public_id, at=at)
    paying.take(actor=staff("accountant"), file=file.public_id, at=at)


def prepare(practice: int, *, staff: Who, at: datetime) -> None:
    """What the practice pays waits for a second person: out of its own account, and out of the government's."""
    with reading():
        held = {one.use: one.public_id for one in registers.accounts(practice)}
    for use in (AccountUse.OPERATING, AccountUse.DEPOSIT_GOVERNMENT):
        paying.prepare(actor=staff("accountant"), practice=practice, account=held[use], at=at)


def _spend(entity: int, month: Month, part: Decimal, *, actor: Actor, at: datetime) -> None:
    with reading():
        collected = settlement.figures(entity, month).collected
    for code, words, share in SPENT:
        amount = Money.of(collected.times(part * Decimal(share)).amount.quantize(Decimal(10)).quantize(Decimal("0.01")))
        if not amount:
            continue
        entry = EntryDraft(
            entity, month.last, f"{words}, {month.first:%B %Y}",
            (debit(code, amount), credit(Accounts.OPERATING_CASH, amount)), key=f"demo.spent:{month}:{code}",
        )  # fmt: skip
        posting.post(actor=actor, entries=[entry], at=at)
