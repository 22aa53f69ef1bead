"""The entries of a run in both books, drafted as plain data.

The loan stands at its whole amount on the accrual basis. On the cash basis only advances are a loan: a fee or
interest that was lent is spent and earned when it is paid back, which is when money moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from openmso.kit.money import Money
from openmso.ledger.contracts import (
    BANK_ACCOUNT,
    Accounts,
    Basis,
    EntryDraft,
    Journal,
    LineDraft,
    Source,
    credit,
    debit,
)
from openmso.treasury.contracts import LOANS, RUNS
from openmso.treasury.states import Part, Pays

ACCRUAL = Basis.ACCRUAL
SPENT = {Part.INTEREST: Accounts.INTEREST_PAID, Part.FEE: Accounts.MANAGEMENT_FEE}
EARNED = {Part.INTEREST: Accounts.LOAN_INTEREST, Part.FEE: Accounts.FEE_REVENUE}


@dataclass(frozen=True, slots=True)
class Books:
    """Both books of a run: the practice's, the MSO's, and what the MSO's calls the practice."""

    run: str
    practice_entity: int
    mso_entity: int
    party: str
    on: date

    def both(
        self, key: str, memo: str, ours: tuple[LineDraft, ...], theirs: tuple[LineDraft, ...]
    ) -> list[EntryDraft]:  # fmt: skip
        """One entry in each book, named alike."""
        return [self.one(key, memo, self.practice_entity, ours), self.one(key, memo, self.mso_entity, theirs)]

    def one(self, key: str, memo: str, entity: int, lines: tuple[LineDraft, ...]) -> EntryDraft:
        """An entry of the run in one book."""
        return EntryDraft(
            entity, self.on, memo, lines, f"treasury.{key}:{self.run}", Source(RUNS, self.run), Journal.SETTLEMENT
        )


def advance(books: Books, amount: Money, memo: str) -> list[EntryDraft]:
    """The MSO lends what is missing."""
    source = Source(RUNS, books.run)
    ours = (debit(Accounts.OPERATING_CASH, amount, source=source), credit(Accounts.DEFICIT_LOAN, amount, source=source))
    theirs = (
        debit(Accounts.DEFICIT_LOANS, amount, source=source, party=books.party),
        credit(Accounts.OPERATING_CASH, amount, source=source, party=books.party),
    )
    return books.both("advance", memo, ours, theirs)


def interest(books: Books, amount: Money, memo: str) -> list[EntryDraft]:
    """The interest of a month is owed and earned; paid or not."""
    source = Source(RUNS, books.run)
    ours = (
        debit(Accounts.INTEREST_PAID, amount, basis=ACCRUAL, source=source),
        credit(Accounts.DEFICIT_LOAN, amount, basis=ACCRUAL, source=source),
    )
    theirs = (
        debit(Accounts.DEFICIT_LOANS, amount, basis=ACCRUAL, source=source, party=books.party),
        credit(Accounts.LOAN_INTEREST, amount, basis=ACCRUAL, source=source, party=books.party),
    )
    return books.both("interest", memo, ours, theirs)


def interest_credited(books: Books, parts: Mapping[Part, Money], memo: str) -> list[EntryDraft]:
    """Interest that a fee bore which was not owed is given back: the loan is less by it.

    What of it was paid in money counts, on the cash basis, as payment of what it meets instead.
    """
    source, party = Source(LOANS, books.run), books.party
    ours: list[LineDraft] = []
    theirs: list[LineDraft] = []
    for part, amount in parts.items():
        basis = Basis.COMMON if part is Part.ADVANCE else ACCRUAL
        ours += [
            debit(Accounts.DEFICIT_LOAN, amount, basis=basis, source=source),
            credit(Accounts.INTEREST_PAID, amount, basis=basis, source=source),
        ]
        theirs += [
            debit(Accounts.LOAN_INTEREST, amount, basis=basis, source=source, party=party),
            credit(Accounts.DEFICIT_LOANS, amount, basis=basis, source=source, party=party),
        ]
        if part is Part.FEE:
            ours += [
                debit(SPENT[part], amount, basis=Basis.CASH, source=source),
                credit(Accounts.INTEREST_PAID, amount, basis=Basis.CASH, source=source),
            ]
            theirs += [
                debit(Accounts.LOAN_INTEREST, amount, basis=Basis.CASH, source=source, party=party),
                credit(EARNED[part], amount, basis=Basis.CASH, source=source, party=party),
            ]
    return books.both("credited", memo, tuple(ours), tuple(theirs))


def repayment(books: Books, parts: Mapping[Part, Money], memo: str) -> list[EntryDraft]:
    """Money goes back to the MSO: advances lower the loan by it; what was lent without money is spent by it."""
    source, party = Source(RUNS, books.run), books.party
    ours: list[LineDraft] = []
    theirs: list[LineDraft] = []
    for part, amount in parts.items():
        if part is Part.ADVANCE:
            ours.append(debit(Accounts.DEFICIT_LOAN, amount, source=source))
            theirs.append(credit(Accounts.DEFICIT_LOANS, amount, source=source, party=party))
            continue
        ours += [
            debit(SPENT[part], amount, source=source),
            debit(Accounts.DEFICIT_LOAN, amount, basis=ACCRUAL, source=source),
            credit(SPENT[part], amount, basis=ACCRUAL, source=source),
        ]
        theirs += [
            credit(EARNED[part], amount, source=source, party=party),
            debit(EARNED[part], amount, basis=ACCRUAL, source=source, party=party),
            credit(Accounts.DEFICIT_LOANS, amount, basis=ACCRUAL, source=source, party=party),
        ]
    whole = Money.total(parts.values())
    ours.append(credit(Accounts.OPERATING_CASH, whole, source=source))
    theirs.append(debit(Accounts.OPERATING_CASH, whole, source=source, party=party))
    return books.both("repayment", memo, tuple(ours), tuple(theirs))


def reserve(books: Books, amount: Money, memo: str) -> list[EntryDraft]:
    """What is put aside stays the practice's."""
    source = Source(RUNS, books.run)
    lines = (
        debit(Accounts.RESERVE_CASH, amount, source=source),
        credit(Accounts.OPERATING_CASH, amount, source=source),
    )
    return [books.one("reserve", memo, books.practice_entity, lines)]


def released(books: Books, amount: Money, memo: str) -> list[EntryDraft]:
    """What was put aside pays with the rest."""
    source = Source(RUNS, books.run)
    lines = (
        debit(Accounts.OPERATING_CASH, amount, source=source), credit(Accounts.RESERVE_CASH, amount, source=source),
    )  # fmt: skip
    return [books.one("released", memo, books.practice_entity, lines)]


def swept(books: Books, amount: Money, *, frm: str, to: str, key: str, memo: str) -> list[EntryDraft]:
    """Cash goes from one account of the practice to another: each is a party of its operating cash."""
    source = Source(RUNS, books.run)
    lines = (
        debit(Accounts.OPERATING_CASH, amount, source=source, party=bank(to)),
        credit(Accounts.OPERATING_CASH, amount, source=source, party=bank(frm)),
    )
    return [books.one(key, memo, books.practice_entity, lines)]


def bank(account: str) -> str:
    """A bank account as the party of lines of operating cash."""
    return f"{BANK_ACCOUNT}{account}"


def sent_back(
    books: Books, amount: Money, *, payment: str, from_mso: bool, kind: Pays, memo: str
) -> list[EntryDraft]:  # fmt: skip
    """A payment came back: who paid has the money and is to pay again, who was paid has it not."""
    source = Source(RUNS, books.run)
    key = f"returned:{payment}"
    back = (
        debit(Accounts.OPERATING_CASH, amount, source=source), credit(Accounts.RETURNED_TO_MAKE, amount, source=source),
    )  # fmt: skip
    gone = (
        debit(Accounts.RETURNED_TO_COME, amount, source=source), credit(Accounts.OPERATING_CASH, amount, source=source),
    )  # fmt: skip
    if kind is Pays.RESERVE:
        lines = (back[0], credit(Accounts.RESERVE_CASH, amount, source=source))
        return [books.one(key, memo, books.practice_entity, lines)]
    if kind is Pays.RELEASE:
        lines = (debit(Accounts.RESERVE_CASH, amount, source=source), gone[1])
        return [books.one(key, memo, books.practice_entity, lines)]
    return books.both(key, memo, gone, back) if from_mso else books.both(key, memo, back, gone)
