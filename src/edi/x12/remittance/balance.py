"""The three balances of an 835, as plain arithmetic: numbers in, what is wrong out.

Line: SVC02 - CAS(2110) = SVC03. Claim: CLP03 - CAS(2100 and 2110) = CLP04; and where there are lines, their charges
come to CLP03 and their payments, less the claim's own CAS, to CLP04. Transaction: CLP04s - PLBs = BPR02, which is
never negative. AMT segments inform and take no part. (TR3 005010X221A1, 1.10.2; X12 RFI 222, 2348, 2601.)
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from edi.x12.values import ZERO

Wrong = tuple[str, dict[str, object]]
"""A code of the catalogue, and the values that its sentence wants."""

OUT_OF_BALANCE = frozenset(
    {
        "amount_missing",
        "amount_unreadable",
        "line_out_of_balance",
        "claim_out_of_balance",
        "claim_charge_not_sum_of_lines",
        "claim_paid_not_sum_of_lines",
        "payment_out_of_balance",
        "payment_negative",
    }
)


def of_line(*, charge: Decimal, adjusted: Decimal, paid: Decimal) -> Iterator[Wrong]:
    wanted = charge - adjusted
    if wanted != paid:
        yield (
            "line_out_of_balance",
            {"charge": charge, "adjusted": adjusted, "wanted": wanted, "paid": paid},
        )


def of_claim(
    *,
    charge: Decimal,
    adjusted: Decimal,
    paid: Decimal,
    lines: tuple[Decimal, Decimal, Decimal] | None,
) -> Iterator[Wrong]:
    """`adjusted` is the claim's own CAS; `lines` are their charges, payments and adjustments, None without lines."""
    all_adjusted = adjusted + lines[2] if lines else adjusted
    wanted = charge - all_adjusted
    if wanted != paid:
        yield (
            "claim_out_of_balance",
            {"charge": charge, "adjusted": all_adjusted, "wanted": wanted, "paid": paid},
        )
    if lines is None:
        return
    if lines[0] != charge:
        yield "claim_charge_not_sum_of_lines", {"found": charge, "wanted": lines[0]}
    by_lines = lines[1] - adjusted
    if by_lines != paid and by_lines != wanted:  # else it is the sum above, and was said
        yield "claim_paid_not_sum_of_lines", {"found": paid, "wanted": by_lines}


def of_payment(*, amount: Decimal | None, paid: Decimal, adjusted: Decimal) -> Iterator[Wrong]:
    """`amount` is BPR02; a set without one balances only when nothing was paid."""
    wanted = paid - adjusted
    if (amount or ZERO) != wanted:
        found = "missing" if amount is None else amount
        yield (
            "payment_out_of_balance",
            {"found": found, "paid": paid, "adjusted": adjusted, "wanted": wanted},
        )
    if amount is not None and amount < 0:
        yield "payment_negative", {"found": amount}
