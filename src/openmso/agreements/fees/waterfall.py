"""The priority of payments: what comes in is paid out in the order that the agreement states, month after month.

What the practice owes to others (refunds, expenses, its physicians) is guaranteed: the MSO advances what is missing,
and the advance is a loan. The fee is paid after them; what is missing of it becomes part of the loan, or stacks
without interest, as the terms say. Before anything is lent the reserve is used, unless the terms keep it. The
practice's account for government receivables gives nothing while its standing order is revoked (42 CFR 424.73): what
came in there waits. A month in which more was taken back than came in pays nothing; the next makes up for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any

from openmso.agreements.fees.reading import Node
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month


class Line(StrEnum):
    """What is paid, in the usual order."""

    REFUNDS = "refunds"
    EXPENSES = "practice_expenses"
    PHYSICIANS = "physician_compensation"
    FEE = "fee"
    INTEREST = "deficit_interest"
    PRINCIPAL = "deficit_principal"
    RESERVE = "reserve"
    RESIDUAL = "residual"

    @property
    def words(self) -> str:
        """As people read it."""
        return {"deficit_interest": "interest of the loan", "deficit_principal": "principal of the loan",
                "residual": "left to the practice"}.get(self.value, self.value.replace("_", " "))  # fmt: skip


ORDER = tuple(Line)
GUARANTEED = frozenset({Line.REFUNDS, Line.EXPENSES, Line.PHYSICIANS})
"""What the MSO advances where it is missing."""


class LoanDays(StrEnum):
    """How the days of a month count for the interest of a loan."""

    THIRTY_360 = "30/360"  # a month is a twelfth of the year
    ACTUAL_365 = "actual/365"  # its days over 365
    ACTUAL_360 = "actual/360"  # its days over 360

    def of(self, month: Month) -> tuple[int, int]:
        """The part of the yearly rate that a month bears, as a fraction."""
        return {"30/360": (1, 12), "actual/365": (month.days, 365)}.get(self.value, (month.days, 360))

    def interest(self, loan: Money, rate: Decimal, month: Month, days: int) -> Money:
        """The interest of a loan for so many of the days of a month, to the cent; all of them are a whole month."""
        part, whole = self.of(month)
        return loan.times(rate * part * days / (whole * month.days))


class UnpaidFee(StrEnum):
    """What becomes of a fee that the month does not pay."""

    LOAN = "loan"  # credit is extended: it is added to the loan and bears interest
    STACK = "stack"  # it is added to next month's fee and bears none


class ReserveUse(StrEnum):
    """What the reserve is for."""

    FIRST = "first"  # it is used before anything is lent
    KEPT = "kept"  # it stays, and what is missing is lent


@dataclass(frozen=True, slots=True)
class Priority:
    """The terms: the order, the loan's yearly rate and its days, what an unpaid fee becomes, the reserve of a month.

    `clause` is where the agreement says so: bank instructions refer to it.
    """

    order: tuple[Line, ...] = ORDER
    rate: Decimal = Decimal(0)
    unpaid_fee: UnpaidFee = UnpaidFee.LOAN
    reserve: Money = ZERO
    advance_limit: Money | None = None
    days: LoanDays = LoanDays.THIRTY_360
    clause: str = ""
    reserve_use: ReserveUse = ReserveUse.FIRST


@dataclass(frozen=True, slots=True)
class Takings:
    """What a month brings and owes: cash by account, below zero where more was taken back, and each line's amount.

    `revoked` where the standing order of the government account is; else `keep` is what it leaves there.
    """

    month: Month
    other: Money
    government: Money
    owed: Mapping[Line, Money]
    revoked: bool = False
    keep: Money = ZERO


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands between months: the loan, the fee that stacked, the reserve, what waits in the government account.

    `carried` is never above zero: what was taken back and no month has made up for yet.
    """

    loan: Money = ZERO
    stacked: Money = ZERO
    reserve: Money = ZERO
    held: Money = ZERO
    carried: Money = ZERO


@dataclass(frozen=True, slots=True)
class Paid:
    """A line of a month: what it wanted, what the cash paid, what the MSO advanced, what is missing, what is left."""

    line: Line
    wanted: Money
    paid: Money
    advanced: Money
    missing: Money
    left: Money
    how: str


@dataclass(frozen=True, slots=True)
class Payout:
    """A month paid out. Cash in is what was paid from it and what waits; nothing is lost (`balances`).

    `released` is what the reserve gave to it.
    """

    month: Month
    opening: Standing
    closing: Standing
    cash: Money
    lines: tuple[Paid, ...]
    interest: Money
    released: Money = ZERO

    @property
    def advanced(self) -> Money:
        """What the MSO put in."""
        return Money.total(one.advanced for one in self.lines)

    @property
    def balances(self) -> bool:
        """Whether every cent that came in, and that the reserve gave, was paid."""
        return self.cash + self.released == Money.total(one.paid for one in self.lines)

    def line(self, line: Line) -> Paid:
        """One line of the month."""
        return next(one for one in self.lines if one.line is line)


@dataclass
class _Month:
    """The cash of a month as it runs down the order."""

    terms: Priority
    takings: Takings
    opening: Standing
    left: Money = ZERO
    loan: Money = ZERO
    stacked: Money = ZERO
    reserve: Money = ZERO
    released: Money = ZERO
    room: Money | None = None
    lines: list[Paid] = field(default_factory=list)

    def run(self) -> Payout:
        """Pay every line in its order."""
        waiting = self.opening.held + self.takings.government
        held = waiting if self.takings.revoked or waiting < ZERO else min(self.takings.keep, waiting)
        came = self.takings.other + waiting - held + self.opening.carried
        self.left = max(came, ZERO)
        cash, self.loan, self.room = self.left, self.opening.loan, self.terms.advance_limit
        self.reserve = self.opening.reserve
        part, whole = self.terms.days.of(self.takings.month)
        interest = self.opening.loan.times(self.terms.rate * part / whole)
        for line in self.terms.order:
            self.pay(line, interest)
        closing = Standing(self.loan, self.stacked, self.reserve, held, min(came, ZERO))
        return Payout(self.takings.month, self.opening, closing, cash, tuple(self.lines), interest, self.released)

    def pay(self, line: Line, interest: Money) -> None:
        """Pay one line as far as the cash goes; what is missing is advanced, lent, stacked or left open."""
        wanted, how = self.wants(line, interest)
        paid = min(wanted, self.left)
        self.left = self.left - paid
        if out := self.released_for(line, wanted - paid):
            paid, how = paid + out, f"{how}; {out} of it out of the reserve"
        advanced, missing = ZERO, wanted - paid
        if missing and line in GUARANTEED:
            advanced = missing if self.room is None else min(missing, self.room)
            self.room = None if self.room is None else self.room - advanced
            self.loan, missing = self.loan + advanced, missing - advanced
        elif missing and line is Line.FEE and self.terms.unpaid_fee is UnpaidFee.STACK:
            self.stacked = missing
        elif missing and line in {Line.FEE, Line.INTEREST}:
            self.loan = self.loan + missing
        if line is Line.PRINCIPAL:
            self.loan, missing = self.loan - paid, ZERO
        if line is Line.RESERVE:
            self.reserve, missing = self.reserve + paid, ZERO
        self.lines.append(Paid(line, wanted, paid, advanced, missing, self.left, how))

    def released_for(self, line: Line, missing: Money) -> Money:
        """What the reserve gives to a line, so that as much less is lent; it is out of the reserve then."""
        would_be_lent = line in GUARANTEED or (line is Line.FEE and self.terms.unpaid_fee is UnpaidFee.LOAN)
        if self.terms.reserve_use is ReserveUse.KEPT or not would_be_lent:
            return ZERO
        out = min(missing, self.reserve)
        self.reserve, self.released = self.reserve - out, self.released + out
        return out

    def wants(self, line: Line, interest: Money) -> tuple[Money, str]:
        """What a line asks for, and why."""
        owed = self.takings.owed.get(line, ZERO)
        match line:
            case Line.FEE if self.opening.stacked:
                return owed + self.opening.stacked, f"{owed} and {self.opening.stacked} that stacked"
            case Line.INTEREST:
                part, whole = self.terms.days.of(self.takings.month)
                days = f" × {part} ÷ {whole}" if part > 1 else f" ÷ {whole}"
                return interest, f"{self.opening.loan} × {self.terms.rate:f}{days}"
            case Line.PRINCIPAL:
                return self.loan, f"the loan of {self.loan}, as far as cash goes"
            case Line.RESERVE:
                return owed or self.terms.reserve, "as far as cash goes"
            case Line.RESIDUAL:
                return self.left, "what is left"
        return owed, "as owed"


def run(terms: Priority, months: tuple[Takings, ...], opening: Standing) -> list[Payout]:
    """Pay out month after month; what stands at the end of one opens the next."""
    made: list[Payout] = []
    for takings in months:
        made.append(_Month(terms, takings, made[-1].closing if made else opening).run())
    return made


# ---- reading and writing --------------------------------------------------------------------------------------


def question_of(value: Any) -> tuple[Priority, tuple[Takings, ...], Standing]:
    """Terms, months and what stood before from JSON. Raises `BadTerms` with the path of the field and the fix."""
    node = Node(value, "").table("priority months opening")
    months = tuple(_takings(one) for one in node.at("months").items())
    if not months:
        raise node.at("months").bad("There is no month.", "Give one at least.")
    if any(later.month != earlier.month.plus(1) for earlier, later in pairwise(months)):
        raise node.at("months").bad("Months follow each other.", "Give them in order, none left out.")
    opening = node.at("opening").or_else(_standing, Standing())
    return node.at("priority").or_else(priority_of, Priority()), months, opening


def priority_of(node: Node) -> Priority:
    """The terms from JSON: `order`, `interest` (yearly), `day_count`, `unpaid_fee`, `reserve`, and so on."""
    node.table("order interest day_count unpaid_fee reserve reserve_use advance_limit clause")
    order = node.at("order").or_else(lambda n: tuple(one.one_of(Line) for one in n.items()), ORDER)
    if sorted(order) != sorted(ORDER) or order[-1] is not Line.RESIDUAL:
        raise node.at("order").bad("The order names every line once, what is left last.", ", ".join(ORDER))
    rate = node.at("interest").or_else(Node.rate, Decimal(0))
    if not 0 <= rate <= 1:
        raise node.at("interest").bad("Interest is from 0% to 100% a year.")
    return Priority(
        order, rate, node.at("unpaid_fee").or_else(lambda n: n.one_of(UnpaidFee), UnpaidFee.LOAN),
        node.at("reserve").or_else(_amount, ZERO), node.at("advance_limit").or_else(_amount, None),
        node.at("day_count").or_else(lambda n: n.one_of(LoanDays), LoanDays.THIRTY_360),
        node.at("clause").or_else(Node.text, ""),
        node.at("reserve_use").or_else(lambda n: n.one_of(ReserveUse), ReserveUse.FIRST),
    )  # fmt: skip


def priority_json(terms: Priority) -> dict[str, Any]:
    """The terms as JSON: what `priority_of` reads again."""
    return {
        "order": [line.value for line in terms.order], "interest": f"{terms.rate:f}", "day_count": terms.days.value,
        "unpaid_fee": terms.unpaid_fee.value, "reserve": str(terms.reserve), "reserve_use": terms.reserve_use.value,
        "advance_limit": None if terms.advance_limit is None else str(terms.advance_limit),
        "clause": terms.clause or None,
    }  # fmt: skip


def sentence(terms: Priority) -> str:
    """The terms as people read them."""
    order = ", ".join(line.words for line in terms.order)
    limit = "" if terms.advance_limit is None else f" up to {terms.advance_limit:,.2f} a month"
    unpaid = {UnpaidFee.LOAN: "a fee that is not paid is added to the loan",
              UnpaidFee.STACK: "a fee that is not paid stays due, without interest"}[terms.unpaid_fee]  # fmt: skip
    said = (
        f"What comes in pays {order}, in this order; what is missing of the first duties the MSO advances{limit} as a "
        f"loan at {(terms.rate * 100).normalize():f}% a year, {terms.days.value}; {unpaid}"
    )
    used = ", and used before anything is lent" if terms.reserve_use is ReserveUse.FIRST else ""
    return said + (f"; {terms.reserve:,.2f} a month is put aside{used}" if terms.reserve else "")


_OWED = (Line.REFUNDS, Line.EXPENSES, Line.PHYSICIANS, Line.FEE, Line.RESERVE)


def _takings(node: Node) -> Takings:
    node.table(f"month collections government_order keep {' '.join(_OWED)}")
    cash = node.at("collections")
    accounts = isinstance(cash.value, Mapping)
    if accounts:
        cash.table("government other")
    order = node.at("government_order").or_else(Node.text, "standing")
    if order not in {"standing", "revoked"}:
        raise node.at("government_order").bad(f"{order!r} is not known.", "standing or revoked.")
    try:
        month = Month.parse(node.at("month").text())
    except ValueError:
        raise node.at("month").bad("A month is written as 2026-01.") from None
    return Takings(
        month, cash.at("other").or_else(Node.money, ZERO) if accounts else cash.money(),
        cash.at("government").or_else(Node.money, ZERO) if accounts else ZERO,
        {line: node.at(line).or_else(_amount, ZERO) for line in _OWED}, order == "revoked",
        node.at("keep").or_else(_amount, ZERO),
    )  # fmt: skip


def _standing(node: Node) -> Standing:
    node.table("loan stacked reserve held carried")
    carried = node.at("carried").or_else(Node.money, ZERO)
    if carried > ZERO:
        raise node.at("carried").bad("It is not above zero: it is what was taken back.")
    loan, stacked, reserve = (node.at(name).or_else(_amount, ZERO) for name in ("loan", "stacked", "reserve"))
    return Standing(loan, stacked, reserve, node.at("held").or_else(Node.money, ZERO), carried)


def _amount(node: Node) -> Money:
    made = node.money()
    if made < ZERO:
        raise node.bad("It is not below zero.")
    return made


def as_data(found: list[Payout]) -> list[dict[str, Any]]:
    """The months as plain data: each line with what it wanted and got, and what stands at the end."""
    return [
        {
            "month": str(one.month), "cash": str(one.cash), "advanced": str(one.advanced),
            "released": str(one.released), "interest": str(one.interest), "balances": one.balances,
            "lines": [
                {"line": each.line.value, "wanted": str(each.wanted), "paid": str(each.paid),
                 "advanced": str(each.advanced), "missing": str(each.missing), "left": str(each.left), "how": each.how}
                for each in one.lines
            ],
            "closing": {"loan": str(one.closing.loan), "stacked": str(one.closing.stacked),
                        "reserve": str(one.closing.reserve), "held": str(one.closing.held),
                        "carried": str(one.closing.carried)},
        }
        for one in found
    ]  # fmt: skip
