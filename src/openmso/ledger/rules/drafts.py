"""Whether an entry may be posted as it is drafted; the same judgement that the database makes of staged entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from openmso.kit.money import Money
from openmso.ledger.contracts import Basis, EntryDraft, LineDraft
from openmso.ledger.contracts.reports import Flaw

KEY_LENGTH_MAX = 120
MEMO_LENGTH_MAX = 400
ZERO = Decimal(0)


def is_sound(draft: EntryDraft) -> bool:
    """The quick question, asked of thousands: a plain entry on one basis without a flaw. `flaws` knows the others."""
    if not (draft.key and draft.memo.strip() and len(draft.lines) >= 2):
        return False
    if len(draft.key) > KEY_LENGTH_MAX or len(draft.memo) > MEMO_LENGTH_MAX:
        return False
    basis, difference = draft.lines[0].basis, ZERO
    for line in draft.lines:
        debit, credit = line.debit.amount, line.credit.amount
        if line.basis is not basis or (credit if not debit else debit if not credit else ZERO) <= ZERO:
            return False
        difference += debit - credit
    return not difference


def flaws(draft: EntryDraft) -> Iterator[Flaw]:
    """Everything that forbids posting a draft, in words; nothing when it may be posted."""
    if not draft.key or len(draft.key) > KEY_LENGTH_MAX:
        yield Flaw("no_key", f"An entry needs a key of 1 to {KEY_LENGTH_MAX} characters.", draft.memo)
    if not draft.memo.strip() or len(draft.memo) > MEMO_LENGTH_MAX:
        yield Flaw("no_memo", f"An entry says what it is for, in at most {MEMO_LENGTH_MAX} characters.", draft.key)
    if len(draft.lines) < 2:
        yield Flaw("too_few_lines", "An entry has at least two lines.", draft.key)
    for number, line in enumerate(draft.lines, 1):
        debit, credit = line.debit.amount, line.credit.amount
        if not (debit == 0 < credit or credit == 0 < debit):
            words = f"Line {number} must have a positive debit or a positive credit, exactly one."
            yield Flaw("not_one_sided", words, draft.key)
    for basis, difference in differences(draft.lines).items():
        side = "debits" if difference.amount > 0 else "credits"
        words = f"The {basis.value} lines have {abs(difference)} more {side}; they must come out even."
        yield Flaw("not_balanced", words, draft.key)


def differences(lines: tuple[LineDraft, ...]) -> dict[Basis, Money]:
    """Debits less credits of each basis that does not come out even."""
    sums: defaultdict[Basis, Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[line.basis] += line.debit.amount - line.credit.amount
    return {basis: Money(total) for basis, total in sums.items() if total}
