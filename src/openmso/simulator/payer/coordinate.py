"""A later payer's decision: what the earlier ones settled is theirs (OA-23), the rest is paid but for a share."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from edi.x12.claim.model import Claim, LineAdjudication, OtherCoverage, ServiceLine
from edi.x12.remittance.model import Adjustment, ClaimPayment, ServicePayment
from edi.x12.values import Procedure
from openmso.simulator.payer.profile import CENT, Profile

ZERO = Decimal("0.00")
PRIOR_PAYER = "23"
KEPT = Decimal("0.10")
"""Of what the earlier payer left, what the later one leaves to the patient."""


def decide(line: ServiceLine, payment: ServicePayment) -> ServicePayment:
    """The line of a later payer, in the dress that it gives its lines."""
    left = sum((a.amount for a in line.adjudications[-1].adjustments if a.group == "PR"), ZERO)
    kept = (left * KEPT).quantize(CENT)
    reasons = (Adjustment("OA", PRIOR_PAYER, line.charge - left), Adjustment("PR", "3", kept))
    return replace(payment, paid=left - kept, adjustments=tuple(r for r in reasons if r.amount), amounts=(), remarks=())


def crossed(claim: Claim, payment: ClaimPayment, payer: Profile) -> Claim:
    """The claim as its payer sends it on: the same number, with what it decided."""
    lines = tuple(
        replace(line, adjudications=(_decided(line, decided, payment, payer),))
        for line, decided in zip(claim.lines, payment.lines, strict=True)
    )
    before = OtherCoverage(payer=claim.payer, subscriber=payment.parties[0], paid=payment.paid)
    return replace(claim, lines=lines, other_coverages=(before,), subscriber=replace(claim.subscriber, sequence="S"))


def _decided(line: ServiceLine, decided: ServicePayment, payment: ClaimPayment, payer: Profile) -> LineAdjudication:
    code = Procedure("HC", line.procedure.code)
    on = payment.dates[0].on
    return LineAdjudication(payer.payer_id, decided.paid, code, adjustments=decided.adjustments, paid_on=on)
