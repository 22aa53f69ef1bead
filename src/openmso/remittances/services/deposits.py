"""Finding the money: remittances and bank lines that are one payment, by trace, by amount and day, or by hand.

A match moves cash clearing to operating cash on the bank's day; undoing one reverses that entry. What is on neither
side of a match is on an open list, with its age.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from openmso.banking import queries as banking
from openmso.banking import services as bank
from openmso.banking.contracts import BankLine
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.ids import public_ids
from openmso.kit.money import Money
from openmso.kit.words import day
from openmso.ledger.contracts import BANK_ACCOUNT, Accounts, EntryDraft, Journal, Source, credit, debit
from openmso.ledger.services import posting as ledger
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.remittances.contracts import DEPOSIT, MATCH, OpenRemittance
from openmso.remittances.events import DepositMatched, DepositUnmatched
from openmso.remittances.models.deposits import Awaited, Deposit
from openmso.remittances.queries import apart, banked
from openmso.remittances.rules import deposits as rules
from openmso.remittances.services import posting


class DoesNotFit(Refused):
    """A remittance and a bank line that cannot be one payment."""

    code = "deposit_does_not_fit"


@dataclass(frozen=True, slots=True)
class _Match:
    remittance: OpenRemittance
    line: BankLine
    method: str
    why: str = ""


@atomic
def match_deposits(*, actor: Actor, practice: int, at: datetime) -> int:
    """Match all that is sure: by trace, then by amount and day where nothing else could be meant; how many it was."""
    decision = actor.must(MATCH.code, practice)
    posting.lock(practice)
    today = tenancy.today(practice, at)
    waiting = {one.id: one for one in banked.open_remittances(practice=practice, on=today)}
    lines = {line.id: line for line in banked.open_lines(practice=practice)}
    found = rules.pairs(
        (rules.Awaited.of(one) for one in waiting.values() if one.method != "NON"),
        (rules.Arrived.of(line) for line in lines.values()),
    )
    matches = [_Match(waiting[pair.remittance], lines[pair.line], pair.method) for pair in found]
    _keep(actor, practice, matches, at, decision)
    return len(matches)


@atomic
def match_deposit(
    *, actor: Actor, remittance: str, line: str, why: str, at: datetime, beside: Sequence[str] = ()
) -> str:  # fmt: skip
    """Match one pair by hand, with the reason; returns the public id of the deposit.

    A bank shows the checks of one slip, or of a lockbox, as one line: `beside` are the other remittances that it pays.
    Raises `NotFound` for what is not open, and `DoesNotFit` where books or cents differ.
    """
    arrived = banking.line(line)
    decision = actor.must(MATCH.code, arrived.practice)
    posting.lock(arrived.practice)
    today = tenancy.today(arrived.practice, at)
    waiting = [_waiting(one, arrived, today) for one in dict.fromkeys((remittance, *beside))]
    if Deposit.objects.filter(practice_id=arrived.practice, line_id=arrived.id, undone_at=None).exists():
        raise Conflict(f"The bank line {line} already pays a remittance.", field="line")
    if not why.strip():
        raise DoesNotFit("A match by hand says why.", field="why", fix="Write what shows that this is the money.")
    whole = Money.total(one.amount for one in waiting)
    if whole != arrived.amount:
        said = "the remittance" if len(waiting) == 1 else f"these {len(waiting)} remittances together"
        raise DoesNotFit(
            f"The bank line is {arrived.amount}, {said} {whole}: {abs(arrived.amount - whole)} apart.", field="line",
            fix="Find the line with the same amount; ask the payer about the difference.",
        )  # fmt: skip
    matches = [_Match(one, arrived, "hand", why) for one in waiting]
    return _keep(actor, arrived.practice, matches, at, decision)[0]


def _waiting(remittance: str, arrived: BankLine, today: date) -> OpenRemittance:
    """An open remittance of the books that a bank line is in."""
    found = banked.open_remittance(remittance, on=today)
    if found is None or found.practice != arrived.practice:
        raise NotFound(f"The remittance {remittance} waits for no deposit.", field="remittance")
    if found.entity != arrived.entity:
        raise DoesNotFit("The remittance and the bank line belong to the books of two legal entities.", field="line")
    return found


@atomic
def unmatch_deposit(*, actor: Actor, deposit: str, why: str, at: datetime) -> None:
    """Undo a match: its entry is reversed today, both sides are open again; with it all others of the same line."""
    row = Deposit.objects.select_for_update().filter(public_id=deposit).first()
    if row is None:
        raise NotFound(f"There is no deposit {deposit}.")
    decision = actor.must(MATCH.code, row.practice_id)
    if row.undone_at is not None:
        undone_on = day(tenancy.today(row.practice_id, row.undone_at))
        raise Conflict(f"This match was undone on {undone_on}: {row.undone_why}")
    if not why.strip():
        raise DoesNotFit("Undoing a match says why.", field="why")
    of_line = Deposit.objects.select_for_update().filter(practice_id=row.practice_id, line_id=row.line_id)
    for one in of_line.filter(undone_at=None).order_by("pk"):
        _undo(one, actor, why, at, decision)
    bank.unexplain(practice=row.practice_id, line=row.line_id)


def _undo(row: Deposit, actor: Actor, why: str, at: datetime, decision: Decision) -> None:
    today = tenancy.today(row.practice_id, at)
    ledger.reverse(actor=actor, entity=row.entity_id, entry=row.entry, why=why, on=today, at=at, under=(decision,))
    row.undone_at, row.undone_by, row.undone_why = at, actor.name[:160], why[:400]
    row.save(update_fields=["undone_at", "undone_by", "undone_why"])
    Awaited.objects.create(practice_id=row.practice_id, remittance_id=row.remittance_id, amount=row.remittance.amount)
    remittance, line = row.remittance.public_id, row.line.public_id
    audit.record(
        actor=actor, action="remittances.deposit_unmatched", practice=row.practice_id,
        subject=(DEPOSIT, row.public_id), at=at, facts={"remittance": remittance, "line": line}, why=why,
        decision=decision,
    )  # fmt: skip
    outbox.publish(DepositUnmatched(row.public_id, remittance, line, row.amount), practice=row.practice_id, at=at)


def _keep(actor: Actor, practice: int, matches: Sequence[_Match], at: datetime, decision: Decision) -> list[str]:
    """The entries in one call, the rows, the trail and the facts; public ids in the order of the matches."""
    if not matches:
        return []
    ids = public_ids("DEP", len(matches))
    refs = ledger.post(
        actor=actor, entries=[_entry(one, key) for one, key in zip(matches, ids, strict=True)], at=at,
        under=(decision,),
    )  # fmt: skip
    Deposit.objects.bulk_create(
        Deposit(
            practice_id=practice, public_id=key, remittance_id=one.remittance.id, line_id=one.line.id,
            entity_id=one.line.entity, amount=one.remittance.amount.amount, method=one.method, why=one.why[:400],
            gap=apart.gap(one.line.posted_on, one.remittance.received_on), posted_on=one.line.posted_on,
            matched_at=at, matched_by=actor.name[:160], entry=ref.public_id,
        )
        for one, key, ref in zip(matches, ids, refs, strict=True)
    )  # fmt: skip
    Awaited.objects.filter(practice_id=practice, remittance_id__in=[one.remittance.id for one in matches]).delete()
    bank.explain(practice=practice, lines=[one.line.id for one in matches])
    tell = partial(audit.record, actor=actor, practice=practice, at=at, decision=decision)
    for one, key in zip(matches, ids, strict=True):
        tell(
            action="remittances.deposit_matched", subject=(DEPOSIT, key), why=one.why,
            facts={"remittance": one.remittance.public_id, "line": one.line.public_id, "method": one.method},
        )  # fmt: skip
    for key_of, halves, outcome in (
        (waiting_key, [one.remittance.public_id for one in matches], "Found in the bank"),
        (missing_key, [one.line.public_id for one in matches], "Its remittance came"),
    ):
        work.close_items(
            keys=[(practice, key_of(half)) for half in halves], actor=actor, at=at, outcome=outcome, under=decision
        )
    outbox.publish_all(
        (DepositMatched(key, one.remittance.public_id, one.line.public_id, one.remittance.amount.amount)
         for one, key in zip(matches, ids, strict=True)),
        practice=practice, at=at,
    )  # fmt: skip
    return ids


def waiting_key(remittance: str) -> str:
    """The key of the queue item of a remittance whose money is overdue."""
    return f"remittances.unmatched_deposit:{remittance}"


def missing_key(line: str) -> str:
    """The key of the queue item of a payment in the bank whose remittance is overdue."""
    return f"remittances.missing_remittance:{line}"


def _entry(match: _Match, key: str) -> EntryDraft:
    amount: Money = match.remittance.amount
    memo = f"Deposit of {match.remittance.payer_name}, trace {match.remittance.trace}"[:200]
    source = Source(DEPOSIT, key)
    return EntryDraft(
        entity=match.line.entity, posted_on=match.line.posted_on, memo=memo, source=source, key=f"{DEPOSIT}:{key}",
        journal=Journal.CASH,
        lines=(
            debit(Accounts.OPERATING_CASH, amount, source=source, party=f"{BANK_ACCOUNT}{match.line.account}"),
            credit(Accounts.CASH_CLEARING, amount, source=source),
        ),
    )  # fmt: skip
