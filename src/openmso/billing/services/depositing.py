"""The desk's money goes to the bank: slips over the payments of a day, and the bank lines that carry them.

Money stands as not yet deposited from the moment it comes (`receiving`). A slip moves nothing; when its line is found
in a bank statement, the money moves to operating cash on the bank's day, as a payer's deposit does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from openmso.banking import queries as banking
from openmso.banking import services as bank
from openmso.banking.contracts import BankLine
from openmso.billing.contracts import DEPOSIT, SLIP
from openmso.billing.models import Payment, Slip
from openmso.billing.queries import deposits
from openmso.billing.rules import deposits as rules
from openmso.billing.states import SLIP_MOVES, Bag, Method, Slipped
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import ZERO, Money
from openmso.kit.states import check_move
from openmso.ledger.contracts import Accounts, EntryDraft, Journal, Source, credit, debit
from openmso.ledger.services import posting as ledger
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic


class NoDeposit(Refused):
    """The slip cannot be made, found or undone as asked."""

    code = "no_deposit"


@atomic
def prepare(*, actor: Actor, practice: int, at: datetime, until: date | None = None) -> list[str]:
    """Make the slips of all payments that are on none, by books, bag and day; their public ids.

    What cards paid on line comes in its provider's payouts (`paying_out`).

    `until` is the last day; today where it is left out. Raises `NoDeposit` where nothing waits.
    """
    decision = actor.must(DEPOSIT.code, practice)
    last = until or tenancy.today(practice, at)
    rows = deposits.to_carry().filter(practice_id=practice, received_on__lte=last).select_for_update().order_by("pk")
    groups: defaultdict[tuple[int, Bag, date], list[Payment]] = defaultdict(list)
    for row in rows:
        groups[row.entity_id, rules.BAGS[Method(row.method)], row.received_on].append(row)
    if not groups:
        raise NoDeposit("Every payment is on a slip already.", code="nothing_to_deposit")
    made = []
    for (entity, bag, on), mine in groups.items():
        total = Money.total(Money.of(row.amount - row.fee_amount) for row in mine)
        slip = Slip.objects.create(
            practice_id=practice, entity_id=entity, bag=bag, taken_on=on, amount=total.amount, count=len(mine),
            made_at=at, made_by=actor.name[:160],
        )  # fmt: skip
        for row in mine:
            row.slip_id = slip.pk
        Payment.objects.bulk_update(mine, ["slip"], batch_size=1000)
        _tell("billing.slip_made", slip, actor, at, decision, count=len(mine), amount=str(total))
        made.append(slip.public_id)
    return made


@atomic
def match(*, actor: Actor, practice: int, at: datetime) -> int:
    """Find every slip that surely is a line of the bank: by its number, else by cents and days alone; how many."""
    decision = actor.must(DEPOSIT.code, practice)
    slips = {row.pk: row for row in _open(practice)}
    if not slips:
        return 0
    lines = {
        line.id: line
        for line in banking.unexplained(practices=[practice], amounts={row.amount for row in slips.values()})
    }
    found = rules.pairs(map(on_its_way, slips.values()), map(arrived, lines.values()))
    for slip, line, how in found:
        _bank(slips[slip], lines[line], how, "", actor, at, decision)
    return len(found)


@atomic
def match_by_hand(*, actor: Actor, slip: str, line: str, why: str, at: datetime) -> None:
    """Say that a bank line is a slip, with the reason. A batch of cards may come less the bank's fee.

    A payout that takes money is a line of the bank that takes it; nobody but a person finds such a line.

    Raises `NotFound`, and `NoDeposit` where books or cents differ.
    """
    row, decision = _locked(slip, actor)
    found = banking.line(line)
    check_move(SLIP_MOVES, noun="slip", frm=Slipped(row.state), to=Slipped.BANKED)
    if not why.strip():
        raise NoDeposit("A deposit found by hand says why.", field="why", fix="Write what shows that it is this money.")
    if found.practice != row.practice_id or found.entity != row.entity_id:
        raise NoDeposit("The slip and the bank line belong to the books of two legal entities.", field="line")
    fee = Money.of(row.amount) - found.amount
    if fee and not (row.bag not in {Bag.DESK, Bag.PAYOUT} and ZERO < fee < Money.of(row.amount)):
        raise NoDeposit(
            f"The bank line is {found.amount}, the slip {Money.of(row.amount)}.", field="line",
            fix="Take the slip apart if a payment is missing in the bag; only a batch of cards comes less a fee.",
        )  # fmt: skip
    _bank(row, found, "hand", why, actor, at, decision)


@atomic
def unmatch(*, actor: Actor, slip: str, why: str, at: datetime) -> None:
    """Undo a match: its entry is reversed today, slip and bank line are open again."""
    row, decision = _locked(slip, actor)
    _say_why(why)
    check_move(SLIP_MOVES, noun="slip", frm=Slipped(row.state), to=Slipped.MADE)
    ledger.reverse(
        actor=actor, entity=row.entity_id, entry=row.entry, why=why, on=tenancy.today(row.practice_id, at), at=at,
        under=(decision,),
    )  # fmt: skip
    if row.line_id is None:
        raise NoDeposit("A payout of nothing moved nothing in the bank.")
    if row.amount > 0:
        bank.unexplain(practice=row.practice_id, line=row.line_id)
    row.state, row.line_id, row.entry, row.banked_on = Slipped.MADE, None, "", None
    row.fee_amount, row.banked_by, row.how, row.why = ZERO.amount, "", "", ""
    row.save(update_fields=["state", "line", "entry", "banked_on", "fee_amount", "banked_by", "how", "why"])
    _tell("billing.slip_unbanked", row, actor, at, decision, why=why)


@atomic
def take_apart(*, actor: Actor, slip: str, why: str, at: datetime) -> None:
    """Take a slip apart that is not in the bank: its payments wait for another one."""
    row, decision = _locked(slip, actor)
    _say_why(why)
    if row.bag == Bag.PAYOUT:
        raise NoDeposit("A card payout goes to the bank as its provider sent it; it is not taken apart.")
    check_move(SLIP_MOVES, noun="slip", frm=Slipped(row.state), to=Slipped.TORN)
    Payment.objects.filter(practice_id=row.practice_id, slip=row).update(slip=None)
    row.state, row.why = Slipped.TORN, why.strip()[:300]
    row.save(update_fields=["state", "why"])
    _tell("billing.slip_torn", row, actor, at, decision, why=why)


def on_its_way(row: Slip) -> rules.OnItsWay:
    """What matching needs to know of a slip."""
    return rules.OnItsWay(row.pk, row.public_id, row.entity_id, row.taken_on, row.amount)


def arrived(line: BankLine) -> rules.Arrived:
    """What matching needs to know of a bank line."""
    said = f"{line.reference} {line.description}"
    return rules.Arrived(line.id, line.entity, line.posted_on, line.amount.amount, said)


def _open(practice: int) -> Sequence[Slip]:
    rows = Slip.objects.select_for_update().filter(practice_id=practice, state=Slipped.MADE.value, amount__gt=0)
    return list(rows.order_by("pk"))


def _bank(row: Slip, line: BankLine, how: str, why: str, actor: Actor, at: datetime, decision: Decision) -> None:
    source, amount, fee = Source(SLIP, row.public_id), Money.of(row.amount), Money.of(row.amount) - line.amount
    if amount > ZERO:
        lines = [debit(Accounts.OPERATING_CASH, line.amount, source=source),
                 *([debit(Accounts.BANK_FEES, fee, source=source)] if fee else []),
                 credit(Accounts.PATIENT_RECEIPTS, amount, source=source)]  # fmt: skip
    else:
        lines = [debit(Accounts.PATIENT_RECEIPTS, -amount, source=source),
                 credit(Accounts.OPERATING_CASH, -amount, source=source)]  # fmt: skip
    draft = EntryDraft(
        row.entity_id, line.posted_on, f"Deposit of patients' payments, slip {row.public_id}",
        tuple(lines),
        key=f"{SLIP}:{row.public_id}:{line.public_id}:{at:%Y%m%d%H%M%S%f}", source=source, journal=Journal.CASH,
    )  # fmt: skip
    (entry,) = ledger.post(actor=actor, entries=[draft], at=at, under=(decision,))
    if amount > ZERO:
        bank.explain(practice=row.practice_id, lines=[line.id])
    row.state, row.line_id, row.entry, row.banked_on = Slipped.BANKED, line.id, entry.public_id, line.posted_on
    row.fee_amount, row.banked_by, row.how, row.why = fee.amount, actor.name[:160], how, why.strip()[:300]
    row.save(update_fields=["state", "line", "entry", "banked_on", "fee_amount", "banked_by", "how", "why"])
    _tell("billing.slip_banked", row, actor, at, decision, why=why, line=line.public_id, amount=str(line.amount))


def _locked(slip: str, actor: Actor) -> tuple[Slip, Decision]:
    row = Slip.objects.select_for_update().filter(public_id=slip).first()
    if row is None:
        raise NotFound(f"There is no deposit slip {slip}.")
    return row, actor.must(DEPOSIT.code, row.practice_id)


def _say_why(why: str) -> None:
    if not why.strip():
        raise NoDeposit("Undoing a deposit says why.", code="no_reason", field="why", fix="Write it in a sentence.")


def _tell(
    action: str, row: Slip, actor: Actor, at: datetime, under: Decision, *, why: str = "", **facts: str | int
) -> None:
    audit.record(
        actor=actor, action=action, practice=row.practice_id, subject=(SLIP, row.public_id), at=at, why=why,
        facts=facts, decision=under,
    )  # fmt: skip
