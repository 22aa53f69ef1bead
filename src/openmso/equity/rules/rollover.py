"""What a rollover comes to at a second sale: equity now, equity then, and how often the stake grew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openmso.equity.rules import asking
from openmso.kit.errors import Refused
from openmso.kit.money import Money

FOUR = Decimal("0.0001")
THREE = Decimal("0.001")


class NotComputed(Refused):
    """The figures cannot be those of a sale; the sentence says which."""

    code = "not_computed"


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale with a rollover and the second sale; amounts in dollars, multiples of EBITDA.

    What is paid at the first sale is the buyer's cash and the debt that the company takes up; the rest of the price is
    rolled over. `exit_debt` is what is owed at the second sale and paid before equity.
    """

    ebitda: Money
    multiple: Decimal
    buyer_cash: Money
    debt: Money
    exit_ebitda: Money
    exit_multiple: Decimal
    exit_debt: Money


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sale with a rollover comes to; shares are fractions of one."""

    price: Money
    cash: Money
    rolled: Money
    equity: Money
    share: Decimal
    exit_price: Money
    exit_equity: Money
    sellers_exit: Money
    buyer_exit: Money
    sellers_total: Money
    growth: Decimal
    steps: tuple[tuple[str, str, Money], ...]


def rollover(sale: Sale) -> Outcome:
    """Compute it. The sellers own what they rolled over out of the equity that was put in. Raises `NotComputed`."""
    price = sale.ebitda.times(sale.multiple)
    cash = sale.buyer_cash + sale.debt
    rolled = price - cash
    if rolled.amount <= 0:
        raise NotComputed(
            f"Cash of {cash:,.2f} leaves nothing of the price of {price:,.2f} to roll over.",
            field="buyer_cash", fix="The price is EBITDA times its multiple; cash and debt are less than that.",
        )  # fmt: skip
    equity = sale.buyer_cash + rolled
    exit_price = sale.exit_ebitda.times(sale.exit_multiple)
    exit_equity = exit_price - sale.exit_debt
    if exit_equity.amount < 0:
        raise NotComputed(
            f"The debt of {sale.exit_debt:,.2f} is more than the second price of {exit_price:,.2f}.",
            field="exit_debt", fix="Nothing is left for the owners then.",
        )  # fmt: skip
    sellers, buyer = exit_equity.split([rolled.amount, sale.buyer_cash.amount])
    return Outcome(
        price, cash, rolled, equity, rolled.amount / equity.amount, exit_price, exit_equity, sellers, buyer,
        cash + sellers, (sellers.amount / rolled.amount).quantize(THREE),
        (
            ("Price", f"{sale.ebitda:,.2f} × {sale.multiple:f}", price),
            ("Paid to the sellers", f"cash {sale.buyer_cash:,.2f} + debt {sale.debt:,.2f}", cash),
            ("Rolled over", f"{price:,.2f} − {cash:,.2f}", rolled),
            ("Equity after the sale", f"cash {sale.buyer_cash:,.2f} + rolled over {rolled:,.2f}", equity),
            ("Second price", f"{sale.exit_ebitda:,.2f} × {sale.exit_multiple:f}", exit_price),
            ("Equity at the second sale", f"{exit_price:,.2f} − debt {sale.exit_debt:,.2f}", exit_equity),
            ("To the sellers", f"{exit_equity:,.2f} × {rolled:,.2f} ÷ {equity:,.2f}", sellers),
            ("To the buyer", f"{exit_equity:,.2f} − {sellers:,.2f}", buyer),
            ("Sellers in all", f"{cash:,.2f} + {sellers:,.2f}", cash + sellers),
        ),
    )  # fmt: skip


def sale_of(asked: Any) -> Sale:
    """A question as JSON: `ebitda multiple buyer_cash debt exit_ebitda exit_multiple exit_debt`. Raises `Refused`."""
    fields = asking.only(asked, needed="ebitda multiple buyer_cash exit_ebitda exit_multiple", may="debt exit_debt")
    return Sale(
        asking.money(fields, "ebitda", above=0), asking.number(fields, "multiple", above=0),
        asking.money(fields, "buyer_cash", least=0), asking.money(fields, "debt", least=0),
        asking.money(fields, "exit_ebitda", above=0), asking.number(fields, "exit_multiple", above=0),
        asking.money(fields, "exit_debt", least=0),
    )  # fmt: skip


def outcome_data(one: Outcome) -> Mapping[str, Any]:
    """The answer as plain data."""
    return {
        "price": str(one.price), "paid": str(one.cash), "rolled": str(one.rolled), "equity": str(one.equity),
        "sellers_share": f"{one.share.quantize(FOUR)}", "exit_price": str(one.exit_price),
        "exit_equity": str(one.exit_equity), "sellers_at_exit": str(one.sellers_exit),
        "buyer_at_exit": str(one.buyer_exit), "sellers_total": str(one.sellers_total),
        "growth": str(one.growth),
        "steps": [{"step": step, "formula": how, "amount": str(amount)} for step, how, amount in one.steps],
    }  # fmt: skip
