"""What a posted run leaves behind: entries in both books, movements of the loan, invoices paid, payments made out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from openmso.agreements.fees.waterfall import Line
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import EntryDraft
from openmso.ledger.services import posting as ledger
from openmso.parties.contracts import AccountUse, BankAccount
from openmso.parties.queries import practices
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.tenancy.models import Entity
from openmso.settlement.services import paying_out as fees
from openmso.treasury import books, models, rules
from openmso.treasury.queries import accounts, loans
from openmso.treasury.queries.reckoning import CannotRun
from openmso.treasury.services.moving import begun
from openmso.treasury.states import Moved, P, Part, Pays

Steps = Mapping[Line, models.RunStep]
LENDS = "loan"
"""What an unpaid fee becomes, in the terms of a run, where credit is extended."""


def post(
    row: models.Run, *, actor: Actor, on: date, at: datetime, under: Sequence[Decision]
) -> tuple[list[tuple[int, str]], list[tuple[str, str]]]:  # fmt: skip
    """Post a run; its entries as book and public id, and what it paid or lent of each invoice."""
    steps = {Line(one.line): one for one in models.RunStep.objects.filter(run=row)}
    both = _books(row, on)
    loan, parts = _loan(row, on), dict[Part, Money]()
    if loan is not None:
        parts = loans.parts(loan)
    drafts = list(_drafts(row, both, steps, loan, parts, actor=actor, at=at))
    refs = ledger.post(actor=actor, entries=drafts, at=at, under=under) if drafts else []
    entries = [(ref.entity, ref.public_id) for ref in refs]
    paid = list[tuple[str, str]]()
    for settlement, cash, lent in _invoices(row, steps):
        made = fees.pay_part(
            actor=actor, settlement=settlement, cash=cash, lent=lent, run=row.public_id, paid_on=on, at=at
        )
        entries += [(ref.entity, ref.public_id) for ref in made]
        paid.append((settlement, str(cash + lent)))
    if loan is not None and (short := _lent(row, steps)):
        _moved(row, loan, Moved.FEE, Part.FEE, short, "Fee that the month did not pay", actor=actor, on=on, at=at)
    return entries, paid


def take_back(row: models.Run, *, actor: Actor, on: date, at: datetime, why: str) -> None:
    """Meet every movement of a run by one of the other sign."""
    for one in loans.of_run(row):
        models.LoanMovement.objects.create(
            practice_id=row.practice_id, loan_id=one.loan_id, run=row, kind=one.kind, part=one.part, amount=-one.amount,
            moved_on=on, moved_at=at, moved_by=actor.name[:120], words=f"Reversed: {why}"[:200], reverses=True,
        )  # fmt: skip


def make_payments(row: models.Run, *, actor: Actor, at: datetime) -> None:
    """Make out the payments of a posted run, each between two accounts on file; raises `CannotRun` without one."""
    steps = {Line(one.line): one for one in models.RunStep.objects.filter(run=row)}
    month, clause = Month.of(row.month), row.terms.get("clause") or f"Agreement {row.agreement}"
    orders = {Pays.SWEEP: row.instruction, Pays.COLLECT: row.deposit_instruction}
    for kind, amount, frm, to in _payments(row, steps):
        order = orders.get(kind)
        payment = models.Payment.objects.create(
            practice_id=row.practice_id, run=row, instruction=order, kind=kind.value,
            amount=amount.amount, from_account=frm.public_id, from_name=frm.name, from_use=frm.use.value,
            from_mso=frm.practice != row.practice_id, to_account=to.public_id, to_name=to.name,
            to_holder=_holder(to, at), to_bank=f"{to.bank_name} {to.masked_number}"[:80],
            to_mso=to.practice != row.practice_id,
            reference=rules.reference(kind, order.clause if order else clause, row.public_id, month),
        )  # fmt: skip
        begun(payment, P.DUE, actor=actor, at=at)


# ---- the entries ----------------------------------------------------------------------------------------------


def _drafts(
    row: models.Run, both: books.Books, steps: Steps, loan: models.DeficitLoan | None, parts: dict[Part, Money], *,
    actor: Actor, at: datetime,
) -> Iterator[EntryDraft]:  # fmt: skip
    """The entries of loan and reserve, and with each what it moves of the loan."""
    month, on = Month.of(row.month), both.on
    if loan is not None:
        if advanced := Money.of(row.advanced_amount):
            yield from books.advance(both, advanced, f"Deficit of {month} advanced, {row.public_id}")
            _moved(row, loan, Moved.ADVANCE, Part.ADVANCE, advanced, "Duties that the month did not pay", actor=actor,
                   on=on, at=at)  # fmt: skip
        if accrued := Money.of(steps[Line.INTEREST].wanted_amount):
            yield from books.interest(both, accrued, f"Interest of the deficit loan, {month}, {row.public_id}")
            words = f"{steps[Line.INTEREST].how}, {row.terms['day_count']}"
            _moved(row, loan, Moved.INTEREST, Part.INTEREST, accrued, words, actor=actor, on=on, at=at)
            parts[Part.INTEREST] = parts.get(Part.INTEREST, ZERO) + accrued
        back = Money.of(steps[Line.INTEREST].paid_amount) + Money.of(steps[Line.PRINCIPAL].paid_amount)
        if meets := rules.repaid(parts, back):
            yield from books.repayment(both, meets, f"Deficit loan paid back, {month}, {row.public_id}")
            for part, amount in meets.items():
                _moved(row, loan, Moved.REPAYMENT, part, -amount, f"{part.label} paid", actor=actor, on=on, at=at)
    if out := Money.of(row.closing.get("released", 0)):
        yield from books.released(both, out, f"Out of the reserve for {month}, {row.public_id}")
    if aside := Money.of(steps[Line.RESERVE].paid_amount):
        yield from books.reserve(both, aside, f"Put aside of {month}, {row.public_id}")
    for kind, amount, frm, to in _sweeps(row):
        yield from books.swept(
            both, amount, frm=frm.public_id, to=to.public_id, key=kind.value,
            memo=f"{frm.name} to {to.name}, {month}, {row.public_id}",
        )  # fmt: skip


def _books(row: models.Run, on: date) -> books.Books:
    return books.Books(row.public_id, row.practice_entity_id, row.mso_entity_id, row.practice.public_id, on)


def _loan(row: models.Run, on: date) -> models.DeficitLoan | None:
    """The loan of the agreement, opened by the first run that needs one; locked for the run."""
    register = loans.register_of(row.practice_id, row.agreement)
    found = models.DeficitLoan.objects.select_for_update().get(pk=register.pk) if register else None
    if found is None and (row.advanced_amount or row.loan_amount):
        found = models.DeficitLoan.objects.create(
            practice_id=row.practice_id, agreement=row.agreement, mso_entity_id=row.mso_entity_id,
            practice_entity_id=row.practice_entity_id, opened_on=on,
        )  # fmt: skip
    return found


def _moved(
    row: models.Run, loan: models.DeficitLoan, kind: Moved, part: Part, amount: Money, words: str, *, actor: Actor,
    on: date, at: datetime,
) -> None:  # fmt: skip
    models.LoanMovement.objects.create(
        practice_id=row.practice_id, loan=loan, run=row, kind=kind.value, part=part.value, amount=amount.amount,
        moved_on=on, moved_at=at, moved_by=actor.name[:120], words=words[:200],
    )  # fmt: skip


# ---- the invoices ---------------------------------------------------------------------------------------------


def _invoices(row: models.Run, steps: Steps) -> Iterator[tuple[str, Money, Money]]:
    """Of each invoice what is paid in cash and what is lent, the oldest first."""
    due = [
        (name, Money.of(amount))
        for one in sorted(row.given, key=lambda each: each["key"] != "stacked")
        for name, _, amount in one["invoices"]
    ]
    cash = rules.shared(due, Money.of(steps[Line.FEE].paid_amount))
    left = [(name, amount - cash.get(name, ZERO)) for name, amount in due]
    lent = rules.shared(left, _lent(row, steps))
    for name, _ in due:
        if cash.get(name) or lent.get(name):
            yield name, cash.get(name, ZERO), lent.get(name, ZERO)


def _lent(row: models.Run, steps: Steps) -> Money:
    """How much of the fee the month did not pay is added to the loan."""
    return Money.of(steps[Line.FEE].missing_amount) if row.terms["unpaid_fee"] == LENDS else ZERO


# ---- the payments ---------------------------------------------------------------------------------------------


def _payments(row: models.Run, steps: Steps) -> Iterator[tuple[Pays, Money, BankAccount, BankAccount]]:
    """What moves between accounts: kind, amount, from, to."""
    mso = Entity.objects.values_list("tenant_id", flat=True).get(pk=row.mso_entity_id)
    practice = row.practice_id
    yield from _sweeps(row)
    if released := Money.of(row.closing.get("released", 0)):
        yield (Pays.RELEASE, released, _account(practice, AccountUse.RESERVE),
               _account(practice, AccountUse.OPERATING))  # fmt: skip
    if advanced := Money.of(row.advanced_amount):
        yield Pays.ADVANCE, advanced, _account(mso, AccountUse.OPERATING), _account(practice, AccountUse.OPERATING)
    for kind, line in ((Pays.FEE, Line.FEE), (Pays.INTEREST, Line.INTEREST), (Pays.PRINCIPAL, Line.PRINCIPAL)):
        if paid := Money.of(steps[line].paid_amount):
            yield kind, paid, _account(practice, AccountUse.OPERATING), _account(mso, AccountUse.OPERATING)
    if aside := Money.of(steps[Line.RESERVE].paid_amount):
        yield Pays.RESERVE, aside, _account(practice, AccountUse.OPERATING), _account(practice, AccountUse.RESERVE)


def _sweeps(row: models.Run) -> Iterator[tuple[Pays, Money, BankAccount, BankAccount]]:
    """What standing instructions of the practice move between its own accounts."""
    for kind, amount, order in (
        (Pays.SWEEP, row.swept_amount, row.instruction), (Pays.COLLECT, row.collected_amount, row.deposit_instruction),
    ):  # fmt: skip
        if amount:
            assert order is not None, "nothing leaves a deposit account without an instruction"
            frm, to = (
                practices.account(one, practice=row.practice_id) for one in (order.account.public_id, order.target)
            )
            yield kind, Money.of(amount), frm, to


def _account(tenant: int, use: AccountUse) -> BankAccount:
    found = accounts.of_use(tenant, use)
    if found is None:
        whose = Entity.objects.filter(tenant=tenant).values_list("tenant__name", flat=True).first() or "The MSO"
        raise CannotRun(
            f"{whose} has no open account on file for this: {use.label.lower()}.", fix="Add the bank account first."
        )
    return found


def _holder(account: BankAccount, at: datetime) -> str:
    return practices.entity(account.entity, on=at.date()).legal_name[:120]
