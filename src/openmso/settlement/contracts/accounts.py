"""Accounts of practices with the MSO, and what the MSO earned by its fees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.platform.ui.contracts import Status, Tone


class Booked(Status):
    """What a line of a statement of account is."""

    INVOICE = "invoice", "Invoice"
    CREDIT = "credit", "Credit memo", Tone.INFO
    REBATE = "rebate", "Rebate passed on", Tone.INFO
    PAYMENT = "payment", "Payment", Tone.GOOD
    LENT = "lent", "Lent, now a loan", Tone.WARN
    TAKEN_BACK = "taken_back", "Taken back", Tone.NONE


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A line of a statement of account: a positive amount adds to what the practice owes."""

    booked_on: date
    kind: Booked
    words: str
    settlement: str
    entry: str
    amount: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class FeeAccount:
    """The account of one practice over some months: opening, what moved it by kind, closing, and every line."""

    practice: int
    code: str
    practice_name: str
    mso_name: str
    first: Month
    last: Month
    opening: Money
    lines: tuple[AccountLine, ...]
    open_invoices: Money
    """What is due and disputed of invoices as they stand now."""

    def of(self, *kinds: Booked) -> Money:
        """What lines of some kinds come to."""
        return Money.total(line.amount for line in self.lines if line.kind in kinds)

    @property
    def invoiced(self) -> Money:
        """What was invoiced, less what was taken back of invoices, payments and credits."""
        return self.of(Booked.INVOICE, Booked.TAKEN_BACK)

    @property
    def credited(self) -> Money:
        """What was given back by credit memos and rebates."""
        return -self.of(Booked.CREDIT, Booked.REBATE)

    @property
    def paid(self) -> Money:
        """What was paid."""
        return -self.of(Booked.PAYMENT)

    @property
    def lent(self) -> Money:
        """What became part of the deficit loan."""
        return -self.of(Booked.LENT)

    @property
    def closing(self) -> Money:
        """What the practice owes at the end."""
        return self.lines[-1].balance if self.lines else self.opening


@dataclass(frozen=True, slots=True)
class Earned:
    """What the MSO earned of one practice in some months.

    `fees` are the fees of the months: `fixed` amounts, and what depends on figures (`service_credits` are in it);
    `credits` are memos issued in the months. `unbilled` was earned by the last day and invoiced after it, `deferred`
    received and not earned, `capped` held back by a fair-market cap.
    """

    practice: int
    code: str
    practice_name: str
    first: Month
    last: Month
    months: int
    fees: Money
    fixed: Money
    service_credits: Money
    credits: Money
    unbilled: Money
    deferred: Money
    receivable: Money
    disputed: Money
    capped: Money

    @property
    def variable(self) -> Money:
        """What depends on figures: percentages, tiers, units, limits, service credits."""
        return self.fees - self.fixed

    @property
    def revenue(self) -> Money:
        """What is recognised: the fees of the months, less what was credited in them."""
        return self.fees - self.credits


@dataclass(frozen=True, slots=True)
class Pair:
    """Two accounts that mirror each other in the MSO's book and the practices': what a consolidation takes out."""

    words: str
    of_mso: Money
    of_practices: Money
    account: str = ""
    """The MSO's account, and the book that has it."""
    book: str = ""

    @property
    def difference(self) -> Money:
        """What is left after both are taken out; nothing on sound books."""
        return self.of_mso - self.of_practices

    @property
    def eliminated(self) -> Money:
        """What both have in common."""
        return min(self.of_mso, self.of_practices)


@dataclass(frozen=True, slots=True)
class Revenue:
    """What the MSO earned in some months, practice by practice, and whether its book says the same."""

    first: Month
    last: Month
    rows: tuple[Earned, ...]
    ledger: Money | None
    """What the MSO's book says was earned in the months; nothing where it is not in sight."""
    pairs: tuple[Pair, ...]

    def sum(self, name: str) -> Money:
        """A column over all practices."""
        return Money.total(getattr(row, name) for row in self.rows)

    @property
    def agrees(self) -> bool:
        """Whether the book says what the fees and memos say."""
        return self.ledger is None or self.ledger == self.sum("revenue")
