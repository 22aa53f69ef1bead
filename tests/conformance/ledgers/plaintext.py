"""Reads the plain-text journals of beancount and hledger, as far as the sample files go; for tests only.

Both are double entry with many commodities. A posting weighs its amount, or its cost or price in another commodity;
the weights of a transaction come out even, and one posting may leave its amount out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

Sums = dict[tuple[str, str], Decimal]
"""Amounts by account and commodity."""


@dataclass
class Posting:
    """An amount on an account, and what it weighs in the balance of its transaction."""

    account: str
    amount: Decimal
    commodity: str
    weight: Decimal
    weighed_in: str


@dataclass
class Transaction:
    """Postings of one day; `is_even` is false for hledger's virtual postings, which need not come out even."""

    day: date
    memo: str
    postings: list[Posting] = field(default_factory=list)
    missing: str = ""
    is_even: bool = True

    def complete(self) -> Transaction:
        """The posting that left its amount out takes what is left, in every commodity."""
        if self.missing:
            for commodity, left in self.residual().items():
                self.postings.append(Posting(self.missing, -left, commodity, -left, commodity))
        return self

    def residual(self) -> dict[str, Decimal]:
        """What the weights do not come out even by."""
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for posting in self.postings:
            sums[posting.weighed_in] += posting.weight
        return {commodity: left for commodity, left in sums.items() if abs(left) > Decimal("0.005")}


_BEAN_POSTING = re.compile(
    r"^\s+(?P<account>[A-Z][\w:-]+)(?:\s+(?P<amount>-?[\d.,]+)\s+(?P<unit>[A-Z]+)"
    r"(?:\s+\{(?P<cost>[\d.]+)\s+(?P<cost_unit>[A-Z]+)\})?(?:\s+@\s+\S+\s+\S+)?)?\s*(?:;.*)?$"
)


def beancount(path: Path) -> list[Transaction]:
    """The transactions of a beancount file in order of their days, its paddings among them."""
    found: list[Transaction] = []
    pads: dict[str, tuple[date, str]] = {}
    checks: list[tuple[date, str, Decimal, str]] = []
    for line in path.read_text().splitlines():
        words = line.split(";")[0].split()
        if len(words) > 2 and re.fullmatch(r"\d{4}-\d\d-\d\d", words[0]):
            day = date.fromisoformat(words[0])
            if words[1] == "*":
                found.append(Transaction(day, " ".join(words[2:]).replace('"', "").strip()))
            elif words[1] == "pad":
                pads[words[2]] = (day, words[3])
            elif words[1] == "balance":
                checks.append((day, words[2], Decimal(words[3]), words[4]))
        elif found and (match := _BEAN_POSTING.match(line)):
            _add_bean(found[-1], match)
    found = [transaction.complete() for transaction in found]
    for day, account, wanted, commodity in sorted(checks):
        held = balances(one for one in found if one.day < day).get((account, commodity), Decimal(0))
        if held != wanted:
            padded_on, source = pads[account]
            found.append(_padding(padded_on, account, source, wanted - held, commodity))
    return sorted(found, key=lambda one: one.day)


def _add_bean(transaction: Transaction, match: re.Match[str]) -> None:
    if match["amount"] is None:
        transaction.missing = match["account"]
        return
    amount, unit = Decimal(match["amount"].replace(",", "")), match["unit"]
    cost = (amount * Decimal(match["cost"]), match["cost_unit"]) if match["cost"] else (amount, unit)
    transaction.postings.append(Posting(match["account"], amount, unit, *cost))


def _padding(day: date, account: str, source: str, amount: Decimal, commodity: str) -> Transaction:
    both = [
        Posting(account, amount, commodity, amount, commodity),
        Posting(source, -amount, commodity, -amount, commodity),
    ]
    return Transaction(day, f"Padding of {account}", both)


_HLEDGER_DATE = re.compile(r"^(?:(\d{4})-)?(\d{1,2})[-/](\d{1,2})\s*(.*)$")
_HLEDGER_AMOUNT = re.compile(
    r"^(?P<sign>\$?)(?P<amount>-?[\d.]+)\s*(?P<unit>[A-Za-z]*)(?:\s*(?P<at>@@?)\s*(?P<price>[\d.]+)\s*(?P<price_unit>[A-Za-z]*))?"
)


def hledger(path: Path) -> tuple[list[Transaction], list[tuple[int, str, Decimal, str]]]:
    """The transactions of an hledger journal in the order of the file, and its balance assertions.

    An assertion is the number of transactions before it, account, amount and commodity.
    """
    found: list[Transaction] = []
    checks: list[tuple[int, str, Decimal, str]] = []
    for line in path.read_text().split("\ncomment")[0].splitlines():
        text = line.split(";")[0].rstrip()
        if line[:1] in "~" or line.startswith("account"):
            continue
        if match := _HLEDGER_DATE.match(text):
            day = date(int(match[1] or 2020), int(match[2]), int(match[3]))
            found.append(Transaction(day, match[4] or "No words"))
        elif found and text.startswith(" ") and text.strip():
            checks += _add_hledger(found, text.strip())
    return [transaction.complete() for transaction in found], checks


def _add_hledger(found: list[Transaction], text: str) -> Iterator[tuple[int, str, Decimal, str]]:
    account, _, rest = re.sub(r"\s{2,}", "\t", text).partition("\t")
    amount, _, asserted = rest.partition("=")
    transaction = found[-1]
    if account.startswith("("):
        account, transaction.is_even = account.strip("()"), False
    if match := _HLEDGER_AMOUNT.match(amount.strip()):
        value, unit = Decimal(match["amount"]), match["unit"] or match["sign"]
        weight, weighed_in = value, unit
        if match["at"]:
            price = Decimal(match["price"])
            weight = value * price if match["at"] == "@" else price.copy_sign(value)
            weighed_in = match["price_unit"]
        transaction.postings.append(Posting(account, value, unit, weight, weighed_in))
    else:
        transaction.missing = account
    if match := _HLEDGER_AMOUNT.match(asserted.strip()):
        yield len(found), account, Decimal(match["amount"]), match["unit"]


def balances(transactions: Iterable[Transaction]) -> Sums:
    """The sums of all postings."""
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for transaction in transactions:
        for posting in transaction.postings:
            sums[posting.account, posting.commodity] += posting.amount
    return {key: total for key, total in sums.items() if total}


def span(transactions: list[Transaction]) -> tuple[date, date]:
    """The first and last day of them all."""
    days = [transaction.day for transaction in transactions]
    return min(days), max(days)
