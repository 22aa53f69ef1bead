"""The law of coordination of benefits: what an earlier payer decided adds up to what was charged.

Three sums, for each other payer that has decided (2320 with AMT*D, or with lines in 2430):
claim: CLM02 = AMT*D + all CAS of claim and lines; line: the line's charge = SVD02 + CAS of its 2430;
payment: AMT*D = sum of SVD02 - CAS of the claim. Sources: TR3 005010X222A1 1.4.2, RFI 1115 and 1053.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from edi.x12.claim.model import Claim, LineAdjudication, OtherCoverage
from edi.x12.values import ZERO, Adjustment


@dataclass(frozen=True, slots=True)
class Imbalance:
    """One of the sums that does not come out; `code` is that of the finding."""

    code: str
    payer: str
    found: Decimal
    wanted: Decimal
    line: int = 0


def imbalances(claim: Claim) -> Iterator[Imbalance]:
    """Every sum of a claim's other payers that does not come out."""
    for coverage in claim.other_coverages:
        lines = [
            (number, line.charge, [a for a in line.adjudications if a.payer_id == coverage.payer.id])
            for number, line in enumerate(claim.lines, start=1)
        ]
        decided = [one for one in lines if one[2]]
        if coverage.paid is not None or decided:
            yield from _of_payer(claim.charge, coverage, decided)


def _of_payer(
    charge: Decimal, coverage: OtherCoverage, decided: list[tuple[int, Decimal, list[LineAdjudication]]]
) -> Iterator[Imbalance]:
    payer, own = coverage.payer.id, _sum(coverage.adjustments)
    of_lines = paid_by_line = ZERO
    for number, line_charge, adjudications in decided:
        paid = sum((a.paid for a in adjudications), ZERO)
        adjusted = sum((_sum(a.adjustments) for a in adjudications), ZERO)
        if paid + adjusted != line_charge:
            yield Imbalance("other_payer_line_out_of_balance", payer, paid + adjusted, line_charge, number)
        paid_by_line += paid
        of_lines += adjusted
    paid = coverage.paid if coverage.paid is not None else paid_by_line - own
    if decided and paid != paid_by_line - own:
        yield Imbalance("other_payer_paid_not_sum_of_lines", payer, paid, paid_by_line - own)
    if paid + own + of_lines != charge:
        yield Imbalance("other_payer_claim_out_of_balance", payer, paid + own + of_lines, charge)


def _sum(adjustments: tuple[Adjustment, ...]) -> Decimal:
    return sum((a.amount for a in adjustments), ZERO)
