"""Payout reports as CSV, in the columns of Stripe's report `payout_reconciliation.itemized.5`.

Source: docs.stripe.com/reports/report-types/payout-reconciliation. Amounts are in dollars; a file may hold many.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from datetime import date
from decimal import Decimal, InvalidOperation

from openmso.billing.contracts.payouts import COLUMNS as COLUMNS
from openmso.billing.providers import Payout, PayoutLine
from openmso.billing.states import Paid
from openmso.kit.errors import Refused
from openmso.kit.money import CENT, Money

ROWS_MAX, NAME_MAX, AMOUNT_MAX = 20_000, 80, Decimal(10_000_000)
KINDS = {
    "charge": Paid.CHARGE, "refund": Paid.REFUND, "fee": Paid.FEE, "dispute": Paid.DISPUTE,
}  # fmt: skip


class Unreadable(Refused):
    """The report cannot be taken; nothing of it was."""

    code = "payout_unreadable"


def of_category(category: str) -> Paid:
    """What a reporting category is to us (docs.stripe.com/reports/reporting-categories)."""
    return KINDS.get(category, Paid.OTHER)


def read(content: bytes) -> list[Payout]:
    """The payouts of a report; raises `Unreadable` with the line and what is wrong with it."""
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        lacking = [one for one in COLUMNS if one not in (reader.fieldnames or ())]
        rows = [] if lacking else list(reader)
    except (UnicodeDecodeError, csv.Error) as no:
        raise Unreadable("The file is not CSV in UTF-8.", field="file", fix="Save it as CSV in UTF-8.") from no
    if lacking:
        raise Unreadable(f"Line 1: the column {lacking[0]} is missing.", field="file",
                         fix=f"Export the itemized payout reconciliation with {', '.join(COLUMNS)}.")  # fmt: skip
    if not 0 < len(rows) <= ROWS_MAX:
        raise Unreadable(f"The file has {len(rows):,} lines; from 1 to {ROWS_MAX:,} are taken.", field="file")
    lines: defaultdict[str, list[PayoutLine]] = defaultdict(list)
    days: dict[str, date] = {}
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        said = {name: (row.get(name) or "").strip() for name in COLUMNS}
        name, line = said["automatic_payout_id"], _line(number, said)
        if not 0 < len(name) <= NAME_MAX:
            raise _no(number, "it names no payout")
        if line.name in seen:
            raise _no(number, f"{line.name} stands twice in the file")
        seen.add(line.name)
        if days.setdefault(name, _day(number, said["automatic_payout_effective_at"])) != _day(
            number, said["automatic_payout_effective_at"]
        ):
            raise _no(number, f"{name} arrives on two days")
        lines[name].append(line)
    return [
        Payout(name, days[name], Money.total(one.amount - one.fee for one in found), tuple(found), content)
        for name, found in lines.items()
    ]


def _line(number: int, said: dict[str, str]) -> PayoutLine:
    if said["currency"].lower() != "usd":
        raise _no(number, f"it is in {said['currency'][:5].upper() or 'no currency'}; the books are kept in US dollars")
    gross, fee, net = (_money(number, name, said[name]) for name in ("gross", "fee", "net"))
    if gross - fee != net:
        raise _no(number, f"{gross} less the fee of {fee} is not {net}")
    kind, name = of_category(said["reporting_category"]), said["balance_transaction_id"]
    payment = said["payment_intent_id"] if kind in {Paid.CHARGE, Paid.DISPUTE} else ""
    if not 0 < len(name) <= NAME_MAX or len(payment or said["source_id"]) > NAME_MAX:
        raise _no(number, "it has no name, or one that is too long")
    return PayoutLine(name, kind, payment or said["source_id"], gross, fee, said["description"][:200])


def _money(line: int, name: str, text: str) -> Money:
    try:
        amount = Decimal(text or "0")
        exact = amount.quantize(CENT)
    except InvalidOperation as no:
        raise _no(line, f"the {name} {text[:20]!r} is no amount") from no
    if not amount.is_finite() or exact != amount or abs(amount) > AMOUNT_MAX:
        raise _no(line, f"the {name} {text[:20]!r} is no amount in cents")
    return Money.of(exact)


def _day(line: int, text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError as no:
        raise _no(line, f"{text[:20]!r} is no day: write 2026-10-30") from no


def _no(line: int, words: str) -> Unreadable:
    return Unreadable(f"Line {line}: {words}.", field="file", fix="Take the report from the provider again.")
