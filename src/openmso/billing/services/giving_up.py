"""What is given up of what patients owe (small balances, bad debt, charity), and what of it is owed again.

On the accrual basis the receivable goes down against other adjustments, bad debt or charity care; on the cash basis
it never stood there. Set-wise: any number of accounts in one call to the books.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from openmso.billing.contracts import ACCOUNT, OwedLine
from openmso.billing.events import PatientPartsSettled
from openmso.billing.models import Settlement
from openmso.billing.queries import owing
from openmso.billing.rules.owing import Part, oldest_first
from openmso.billing.services import keeping
from openmso.billing.services.settling import NOTE_MAX, Act
from openmso.billing.states import Why
from openmso.kit.ids import public_ids
from openmso.kit.money import ZERO, Money
from openmso.ledger.contracts import Accounts, Basis, EntryDraft, Journal, Source, credit, debit
from openmso.ledger.services import posting as ledger
from openmso.patients import queries as patients
from openmso.platform.outbox import services as outbox

ACCOUNTS: Mapping[Why, str] = {
    Why.SMALL: Accounts.OTHER_ADJUSTMENTS, Why.BAD_DEBT: Accounts.BAD_DEBT, Why.CHARITY: Accounts.CHARITY_CARE,
}  # fmt: skip


def give_up(why: Why, parts: Iterable[Part[OwedLine]], act: Act, *, note: str) -> Money:
    """Give parts up (negative: they are owed again), one entry for each patient and book; how much it is.

    The caller has locked the accounts and makes them anew.
    """
    practice = act.under.practice
    assert practice is not None, "what lets somebody give up is decided for one practice"
    books = keeping.books_of(practice, act.on)
    groups: defaultdict[tuple[int, int, bool], list[Part[OwedLine]]] = defaultdict(list)
    for part in parts:
        entity = books.get(part.line.biller_id or 0) or keeping.book_of(practice, part.line.patient_id, act.on)
        groups[part.line.patient_id, entity, part.amount > ZERO].append(part)
    if not groups:
        return ZERO
    names = public_ids("APD", len(groups))
    people = patients.by_ids({patient for patient, _, _ in groups})
    drafts = [
        _entry(name, why, entity, Money.total(part.amount for part in mine), people[patient].public_id, act)
        for name, ((patient, entity, _), mine) in zip(names, groups.items(), strict=True)
    ]
    entries = ledger.post(actor=act.actor, entries=drafts, at=act.at, under=(act.under,))
    Settlement.objects.bulk_create(
        [
            Settlement(
                practice_id=practice, act=name, why=why, patient_id=part.line.patient_id,
                claim_id=part.line.claim_id, claim_name=part.line.claim, claim_line_id=part.line.line_id,
                line=part.line.line, amount=part.amount.amount, on=act.on, at=act.at, by=act.actor.name[:160],
                entry=entry.public_id, note=note[:NOTE_MAX],
            )
            for name, entry, mine in zip(names, entries, groups.values(), strict=True) for part in mine
        ], batch_size=2000,
    )  # fmt: skip
    total = Money.total(part.amount for mine in groups.values() for part in mine)
    outbox.publish_all(
        [PatientPartsSettled(name, Money.total(part.amount for part in mine).amount, why.value)
         for name, mine in zip(names, groups.values(), strict=True)],
        practice=practice, at=act.at,
    )  # fmt: skip
    return total


def all_of(lines: Iterable[OwedLine]) -> list[Part[OwedLine]]:
    """What is owed of some lines, as parts."""
    return [Part(line, line.owed) for line in lines if line.owed > ZERO]


def standing(
    why: Why, *, practice: int, patients: Collection[int], lines: Mapping[int, Sequence[OwedLine]]
) -> dict[int, list[Part[OwedLine]]]:
    """What stands given up for a reason, by patient and line."""
    rows = Settlement.objects.filter(practice_id=practice, patient_id__in=list(patients), why=why)
    sums: defaultdict[tuple[int, int], Money] = defaultdict(lambda: ZERO)
    for claim, line, amount in rows.order_by("pk").values_list("claim_id", "line", "amount"):
        sums[claim, line] += Money.of(amount)
    found: defaultdict[int, list[Part[OwedLine]]] = defaultdict(list)
    for patient in patients:
        for one in lines.get(patient, ()):
            if sums[one.claim_id, one.line] > ZERO:
                found[patient].append(Part(one, sums[one.claim_id, one.line]))
    return dict(found)


def owe_again(why: Why, *, patients: Collection[int], act: Act, note: str, at_most: Money | None = None) -> Money:
    """Let patients owe again what was given up for a reason, at most so much each, oldest first; how much it is."""
    practice = act.under.practice
    assert practice is not None, "what lets somebody take back is decided for one practice"
    lines = owing.lines(practice=practice, patients=patients)
    parts: list[Part[OwedLine]] = []
    for mine in standing(why, practice=practice, patients=patients, lines=lines).values():
        stands = [_Stands(part.line, part.amount) for part in mine]
        wanted = Money.total(one.owed for one in stands) if at_most is None else at_most
        parts += [Part(part.line.line, -part.amount) for part in oldest_first(wanted, stands)]
    return -give_up(why, parts, act, note=note)


class _Stands:
    """What stands given up of a line, to be taken oldest first."""

    def __init__(self, line: OwedLine, owed: Money) -> None:
        self.line, self.owed = line, owed


def _entry(name: str, why: Why, entity: int, amount: Money, patient: str, act: Act) -> EntryDraft:
    up, down = (debit, credit) if amount > ZERO else (credit, debit)
    source = Source(ACCOUNT, patient)
    words = f"{why.label}: {'given up' if amount > ZERO else 'owed again'}"
    return EntryDraft(
        entity, act.on, words,
        (up(ACCOUNTS[why], abs(amount), basis=Basis.ACCRUAL, source=source),
         down(Accounts.AR_PATIENT, abs(amount), basis=Basis.ACCRUAL, source=source)),
        key=f"billing.settlement:{name}", source=source, journal=Journal.GENERAL,
    )  # fmt: skip
