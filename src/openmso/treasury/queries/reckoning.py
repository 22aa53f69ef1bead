"""What a month comes to under the priority of payments, read from the ledger, the invoices and the loan.

The same reckoning proposes a run and, asked again, says whether the books still say what was proposed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from openmso.agreements.contracts import Version
from openmso.agreements.fees import waterfall
from openmso.agreements.fees.waterfall import Line, Payout, Priority, Standing, Takings
from openmso.agreements.queries import agreements
from openmso.kit.errors import Refused
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger.queries import selection as ledger
from openmso.parties.contracts import AccountUse, BankAccount
from openmso.parties.queries import payers
from openmso.platform.tenancy.queries import today
from openmso.settlement.contracts import Settlement
from openmso.settlement.queries import accounts as invoices
from openmso.treasury import rules
from openmso.treasury.contracts import Instruction
from openmso.treasury.queries import accounts, loans, paying, runs
from openmso.treasury.states import Pays

PAYER = "payer:"
WORDS = {
    "other": "Collected, all but government payers", "government": "Collected from government payers",
    "refunds": "Refunds", "practice_expenses": "Expenses of the practice",
    "physician_compensation": "Physician compensation", "fee": "Management fee, approved and due",
    "stacked": "Fees of earlier months that are still due", "reserve": "To be put aside",
}  # fmt: skip


class CannotRun(Refused):
    """The month cannot be paid out; the sentence says what is missing."""

    code = "cannot_run"


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A month as it would be paid out now."""

    version: Version
    terms: Priority
    given: list[dict[str, Any]]
    due: list[tuple[str, Money]]
    """Statement and amount of each invoice that is approved and due, the oldest first."""
    instruction: Instruction | None
    deposit_instruction: Instruction | None
    notes: list[str]
    payout: Payout
    swept: Money
    """Leaves the government account."""
    collected: Money
    """Leaves the deposit account of other payers."""
    opening: dict[str, str]
    closing: dict[str, str]
    content: str


@dataclass(frozen=True, slots=True)
class Before:
    """What stood before a month, and what is of it that the order of payments does not move.

    `kept` is what standing instructions left in the deposit account of other payers; `back` what the last run counted
    on and a revocation stopped since, `stopped` all that was stopped of runs that stand, by kind of sweep.
    """

    standing: Standing
    kept: Money
    back: Money
    stopped: Mapping[Pays, Money]
    last: Month | None


def reckon(practice: int, month: Month, at: datetime) -> Reckoned:
    """The month under its agreement; raises `CannotRun` in words."""
    on = today(practice, at)
    version, terms = _terms(practice, month)
    before = _before(practice, month, on, version)
    given, sums = _figures(version.terms.practice.entity, month)
    due, waiting = _invoices(practice, month)
    swept = _swept(practice, before, sums, on)
    account, order = swept.account, swept.order
    stacked = Money.total(amount for _, amount, of in due if of < month)
    owed = {
        Line.REFUNDS: sums["refunds"], Line.EXPENSES: sums["practice_expenses"],
        Line.PHYSICIANS: sums["physician_compensation"],
        Line.FEE: Money.total(amount for _, amount, of in due if of == month),
    }  # fmt: skip
    takings = Takings(
        month, swept.other, sums["government"] if account else ZERO, owed,
        revoked=account is not None and order is None, keep=swept.stays,
    )  # fmt: skip
    payout = waterfall.run(terms, (takings,), replace(before.standing, stacked=stacked))[0]
    given += _of_invoices(due, month)
    short = Money.total(line.missing for line in payout.lines if line.line in waterfall.GUARANTEED)
    notes = list(rules.notes(
        government=sums["government"], has_account=account is not None, is_given=order is not None, waiting=waiting,
        unnamed=short, carried=payout.closing.carried, back=before.back,
        skipped=_skipped(practice, before.last, month) if before.last else (),
    ))  # fmt: skip
    opening = standing_json(payout.opening) | {"kept": str(before.kept), "back": str(before.back)}
    closing = standing_json(payout.closing) | {"kept": str(swept.kept), "released": str(payout.released)}
    closing |= {f"stopped_{kind.value}": str(amount) for kind, amount in before.stopped.items()}
    orders = [one.public_id if one else "" for one in (order, swept.deposit_order)]
    content = rules.digest(waterfall.priority_json(terms), given, waterfall.as_data([payout]), opening, closing, orders)
    paid = [(name, amount) for name, amount, _ in due]
    return Reckoned(version, terms, given, paid, order, swept.deposit_order, notes, payout, swept.moves,
                    swept.collects, opening, closing, content)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Swept:
    """What standing instructions move out of deposit accounts, and what they leave there.

    `other` is all that is no government payer's, with that where the practice keeps no account apart for it.
    """

    account: BankAccount | None
    order: Instruction | None
    moves: Money
    stays: Money
    other: Money
    deposit_order: Instruction | None
    collects: Money
    kept: Money


def _swept(practice: int, before: Before, sums: Mapping[str, Money], on: date) -> Swept:
    """What came into each deposit account and what its instruction moves; what goes to the other one moves on there."""
    account, order = _ordered(practice, AccountUse.DEPOSIT_GOVERNMENT, on)
    there = before.standing.held + (sums["government"] if account else ZERO)
    moves = order.moves(there) if order else ZERO
    other = sums["other"] + sums["returned"] + (ZERO if account else sums["government"])
    deposit, deposit_order = _ordered(practice, AccountUse.DEPOSIT, on)
    passes = deposit is not None and order is not None and order.target == deposit.public_id
    here = before.kept + other + (moves if passes else ZERO)
    collects = deposit_order.moves(here) if deposit_order else ZERO
    kept = max(here - collects, ZERO) if deposit_order else before.kept
    return Swept(account, order, moves, there - moves, other, deposit_order, collects, kept)


def standing_json(one: Standing) -> dict[str, str]:
    """What stands, as a run keeps it."""
    return {
        "loan": str(one.loan), "stacked": str(one.stacked), "reserve": str(one.reserve), "held": str(one.held),
        "carried": str(one.carried),
    }  # fmt: skip


def _ordered(practice: int, use: AccountUse, on: date) -> tuple[BankAccount | None, Instruction | None]:
    """The deposit account for a use, and the instruction that holds for it."""
    account = accounts.of_use(practice, use)
    return account, accounts.holds_for(practice, account.public_id, on) if account else None


def _skipped(practice: int, last: Month, month: Month) -> list[Month]:
    """The months since the last run that no priority of payments was agreed for; raises `CannotRun` for any other."""
    skipped, one = list[Month](), last.plus(1)
    while one < month:
        try:
            _terms(practice, one)
        except CannotRun:
            skipped.append(one)
        else:
            raise CannotRun(f"{one.first:%B %Y} comes first.", field="month", fix="Look at the list of runs.")
        one = one.plus(1)
    return skipped


def _terms(practice: int, month: Month) -> tuple[Version, Priority]:
    held = agreements.versions_in(practice, month.range)
    if not held:
        raise CannotRun(f"No agreement was in force in {month.first:%B %Y}.", field="month",
                        fix="Execute the agreement first.")  # fmt: skip
    version = held[-1][0]
    if version.terms.payments is None:
        raise CannotRun(
            f"Agreement {version.agreement} names no priority of payments.", field="practice",
            fix="Amend it: the order, the interest of the loan, and what an unpaid fee becomes are terms of it.",
        )  # fmt: skip
    return version, version.terms.payments


def _before(practice: int, month: Month, on: date, version: Version) -> Before:
    """What stood before the month: the loan as the register and the books have it, reserve and what waits."""
    last = runs.last_posted(practice)
    if no := rules.why_not_month(month, on, last=Month.of(last.month) if last else None):
        raise CannotRun(no, field="month", fix="Look at the list of runs.")
    loan = loans.of_agreement(practice, version.agreement)
    if loan is not None and not loan.proven:
        raise CannotRun(
            f"The books do not say what the register of {loan.public_id} says: {loan.balance}.", field="month",
            fix="Find the entry that was posted beside it, and reverse it.",
        )  # fmt: skip
    kept: Mapping[str, str] = last.closing if last else {}
    stopped = paying.stopped(practice)
    back = {kind: amount - Money.of(kept.get(f"stopped_{kind.value}", 0)) for kind, amount in stopped.items()}
    standing = Standing(
        loan.balance if loan else ZERO, ZERO, Money.of(kept.get("reserve", 0)),
        Money.of(kept.get("held", 0)) + back[Pays.SWEEP], Money.of(kept.get("carried", 0)) - back[Pays.SWEEP],
    )  # fmt: skip
    stays = Money.of(kept.get("kept", 0)) + back[Pays.COLLECT]
    return Before(standing, stays, back[Pays.SWEEP], stopped, Month.of(last.month) if last else None)


def _figures(entity: int, month: Month) -> tuple[list[dict[str, Any]], dict[str, Money]]:
    """The month's cash by account and its duties, each with the ledger lines behind it.

    Of duties more may have come back than was spent: `returned` is that, and pays with the rest.
    """
    asked = rules.selections(entity, month)
    parties: dict[str, list[str]] = {"government": [], "other": []}
    sums: dict[str, Money] = {"government": ZERO, "other": ZERO, "returned": ZERO}
    for party, net in ledger.by_party(asked["collected"]).items():
        payer = payers.by_edi_id(party.removeprefix(PAYER)) if party.startswith(PAYER) else None
        kind = "government" if payer and payer.kind.is_government else "other"
        sums[kind] += net
        parties[kind].append(party)
    given = [
        _figure(kind, sums[kind], replace(asked["collected"], parties=tuple(named)).as_json() if named else {})
        for kind, named in parties.items()
    ]
    for key in ("refunds", "practice_expenses", "physician_compensation"):
        net = ledger.total(asked[key]).net
        amount = -net if key == "refunds" else net
        sums[key], back = max(amount, ZERO), max(-amount, ZERO)
        sums["returned"] += back
        given.append(_figure(key, amount, asked[key].as_json()))
    return given, sums


def _figure(key: str, amount: Money, selection: Mapping[str, Any]) -> dict[str, Any]:
    return {"key": key, "words": WORDS[key], "amount": str(amount), "selection": dict(selection), "invoices": []}


def _invoices(practice: int, month: Month) -> tuple[list[tuple[str, Money, Month]], list[str]]:
    """What is approved and due through a month, the oldest first; and what waits for approval."""
    found = invoices.unpaid(practice, through=month)
    due = [(one.public_id, one.due, one.month) for one in found if _is_payable(one)]
    waiting = [f"invoice {one.invoice} of {one.due:,.2f}" for one in found if one.approved_at is None and one.due]
    return due, waiting


def _is_payable(one: Settlement) -> bool:
    return one.approved_at is not None and one.due > ZERO


def _of_invoices(due: list[tuple[str, Money, Month]], month: Month) -> list[dict[str, Any]]:
    """The fee of the month and what stacked of earlier ones, with the invoices that each is made of."""
    made = []
    for key, mine in (
        ("fee", [one for one in due if one[2] == month]),
        ("stacked", [one for one in due if one[2] < month]),
    ):
        if mine or key == "fee":
            whole = Money.total(amount for _, amount, _ in mine)
            listed = [[name, invoices.number_of(name), str(amount)] for name, amount, _ in mine]
            made.append(_figure(key, whole, {}) | {"invoices": listed})
    return made
