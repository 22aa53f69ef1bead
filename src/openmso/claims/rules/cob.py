"""Coordination of benefits: what a later payer must be told about the earlier ones (2320, 2330, 2430)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from openmso.claims.contracts import Reduction
from openmso.claims.rules import facts
from openmso.claims.rules.findings import Said, blocks, warns
from openmso.claims.rules.sheet import ClaimSheet, Context, Earlier

ORDER = "PSTABCDEFGH"
"""SBR01 in the order in which payers are asked."""
NAMES = {"P": "primary", "S": "secondary", "T": "tertiary"}
REASONS_MAX = 6
"""Reasons of one group in one CAS, and one CAS of a group: six."""


def rank(ordinal: str) -> int:
    """1 for the primary payer, 2 for the secondary ..."""
    return ORDER.index(ordinal) + 1


@blocks("837P 2320, 2430: a later payer is told what the earlier one decided", when=facts.LATER)
def earlier_payer_unknown(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A second or third payer is asked only with the earlier payers' decisions."""
    told = {one.order for one in sheet.earlier}
    for order in ORDER[: rank(sheet.order) - 1]:
        if order not in told:
            yield Said(
                f"The {NAMES.get(order, 'earlier')} payer's decision is not on this claim yet.",
                "Wait for its remittance, or enter it.",
                "ordinal",
            )


@blocks("837P 2330B NM109, SVD01: payers are told apart by their ids", when=facts.LATER)
def same_payer_twice(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Nobody is asked for what the same payer decided before."""
    for one in sheet.earlier:
        if sheet.payer is not None and one.payer.edi_id == sheet.payer.edi_id:
            yield Said(
                f"{one.payer.name} is asked again as {NAMES.get(sheet.order, 'next')} payer, under the same payer id.",
                "Correct the order of the patient's coverages, or the payer's id.",
                "coverage",
            )


@blocks("837P 2430 DTP*573, 2330B DTP*573", when=facts.LATER)
def earlier_day_missing(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """The day on which an earlier payer paid is known."""
    for one in sheet.earlier:
        if one.decision.paid_on is None:
            yield Said(
                f"Nothing says on which day {one.payer.name} decided.", "Ask for its remittance again.", "ordinal"
            )


@blocks("837P 2430: every line the earlier payer was asked for says what it decided", when=facts.LATER)
def earlier_lines_unplaced(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Every line that an earlier payer decided is a line of this claim."""
    for one in sheet.earlier:
        if one.decision.unplaced:
            yield Said(
                f"{one.decision.unplaced} of the lines that {one.payer.name} decided fit no line of this claim.",
                "Compare its remittance with the claim; leave the rest to the patient, or bill by hand.",
                "lines",
            )


@blocks("837P 1.4.2: charge = paid + all CAS, of the claim and of each line", when=facts.LATER)
def earlier_decision_unbalanced(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """What an earlier payer paid and adjusted adds up to what was charged."""
    charged = {line.number: line.charge for line in sheet.lines}
    for one in sheet.earlier:
        decision = one.decision
        if decision.unplaced:
            continue
        of_line: dict[int, Decimal] = {}
        for line in decision.lines:
            so_far = of_line.get(line.line, Decimal("0.00"))
            of_line[line.line] = so_far + line.paid + _sum(line.reductions)
        for number, found in of_line.items():
            if found != charged.get(number):
                yield Said(
                    f"Line {number}: {one.payer.name} paid and adjusted {found}, charged are {charged.get(number)}.",
                    "Compare its remittance with the claim.",
                    "lines",
                    number,
                )
        whole = decision.paid + _sum(decision.reductions) + sum(_sum(line.reductions) for line in decision.lines)
        if whole != sheet.total:
            yield Said(
                f"{one.payer.name} paid and adjusted {whole} in all, the claim is for {sheet.total}.",
                "Wait for the rest of its decision, or compare its remittance with the claim.",
                "total",
            )


@blocks("837P 2320 and 2430 CAS: one for each group, six reasons in it", when=facts.LATER)
def earlier_reasons_too_many(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """No earlier payer gave more reasons of a group than a claim can say."""
    for one in sheet.earlier:
        for reductions in (one.decision.reductions, *(line.reductions for line in one.decision.lines)):
            groups = Counter(reduction.group for reduction in reductions)
            for group, count in groups.items():
                if count > REASONS_MAX:
                    yield Said(
                        f"{one.payer.name} gave {count} reasons of group {group}; {REASONS_MAX} can be said.",
                        "Bill this payer on paper with the remittance.",
                        "ordinal",
                    )


@warns("837P 2330B REF*F8: payers look their claim up by it", when=facts.LATER)
def earlier_number_missing(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """An earlier payer's number of the claim is known."""
    for one in sheet.earlier:
        if not one.decision.payer_control:
            yield Said(
                f"{one.payer.name}'s number of the claim is not known; some payers send the claim back without it.",
                "Look into its remittance.",
                "payer_control",
            )


@warns("A later payer is asked for what is left", when=facts.LATER)
def nothing_left(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Something is left for the next payer."""
    if sheet.earlier and not _left(sheet.earlier[-1]):
        yield Said(
            f"{sheet.earlier[-1].payer.name} left nothing to the patient; this payer will owe nothing.",
            "Ask it only if its plan pays more than the patient's share.",
            "ordinal",
        )


def _left(one: Earlier) -> Decimal:
    return one.decision.patient_share


def _sum(reductions: tuple[Reduction, ...]) -> Decimal:
    return sum((one.amount for one in reductions), Decimal("0.00"))


RULES = (
    earlier_payer_unknown,
    same_payer_twice,
    earlier_day_missing,
    earlier_lines_unplaced,
    earlier_decision_unbalanced,
    earlier_reasons_too_many,
    earlier_number_missing,
    nothing_left,
)
