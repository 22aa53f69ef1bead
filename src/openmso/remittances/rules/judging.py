"""One claim of an 835, judged: how much of its charge was paid, written off, moved to the patient, left open.

charge = paid + contractual + other + patient + denied + prior, per line and per claim, because the payer's own
balance holds (SVC02 - CAS = SVC03; CLP03 - CAS = CLP04) and each adjustment has exactly one effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from edi.x12.remittance.model import Adjustment, ClaimPayment, ServicePayment
from openmso.remittances.contracts import Effect, Outcome
from openmso.remittances.rules import reasons

ZERO = Decimal(0)
FORWARDED = frozenset({"19", "20", "21"})
FORWARDING_REMARKS = frozenset({"MA07", "MA18", "N89"})
"""Sent on to Medicaid, to the supplemental insurer, to several payers."""
PROCESSED = frozenset({"1", "2", "3"})
NOT_APPLIED = frozenset({"23", "25"})
"""A claim of others that was sent on, and a predetermination."""
RANKS = {"1": 1, "2": 2, "3": 3, "19": 1, "20": 2, "21": 3}


@dataclass(slots=True)
class Sums:
    """Adjustments by effect."""

    contractual: Decimal = ZERO
    other: Decimal = ZERO
    patient: Decimal = ZERO
    denied: Decimal = ZERO
    prior: Decimal = ZERO

    def add(self, effect: Effect, amount: Decimal) -> None:
        """Add an adjustment to what it does; said out, because every adjustment of a file passes here."""
        if effect is Effect.CONTRACTUAL:
            self.contractual += amount
        elif effect is Effect.PATIENT:
            self.patient += amount
        elif effect is Effect.DENIED:
            self.denied += amount
        elif effect is Effect.OTHER:
            self.other += amount
        else:
            self.prior += amount

    def include(self, other: Sums) -> None:
        """Take in the sums of a part."""
        self.contractual += other.contractual
        self.other += other.other
        self.patient += other.patient
        self.denied += other.denied
        self.prior += other.prior

    def all(self) -> Decimal:
        """All of them."""
        return self.contractual + self.other + self.patient + self.denied + self.prior


@dataclass(slots=True)
class Judged:
    """A claim's sums, those of its lines, each adjustment's effect, and the outcome."""

    sums: Sums
    lines: list[Sums]
    effects: list[tuple[int, int, Adjustment, Effect]]
    """Line number (0 the claim itself), place from 1, the adjustment, its effect."""
    outcome: Outcome
    rank: int
    """1, 2, 3 for primary, secondary, tertiary; 0 where CLP02 does not say."""
    applies: bool
    """Whether it changes what is owed: a predetermination or a claim of others does not."""


def judge(claim: ClaimPayment) -> Judged:
    """What a claim payment says, in our terms."""
    effects: list[tuple[int, int, Adjustment, Effect]] = []
    total = _sums(0, claim.adjustments, claim.charge, claim.paid, effects)
    within = bundled(claim.lines)
    lines = [
        _sums(number, line.adjustments, line.charge, line.paid, effects, is_bundled=number in within)
        for number, line in enumerate(claim.lines, start=1)
    ]
    for sums in lines:
        total.include(sums)
    outcome = outcome_of(is_reversal=claim.is_reversal, is_paid=bool(claim.paid), is_denied=bool(total.denied))
    return Judged(total, lines, effects, outcome, RANKS.get(claim.status, 0), claim.status not in NOT_APPLIED)


def is_forwarded(claim: ClaimPayment) -> bool:
    """Whether the payer sent the claim on to the next one (crossover): by CLP02, by a remark, by naming it (NM1*TT)."""
    if claim.status in FORWARDED:
        return True
    told = claim.party("TT") is not None or not FORWARDING_REMARKS.isdisjoint(claim.remarks)
    return claim.status in PROCESSED and told


def bundled(lines: Sequence[ServicePayment]) -> frozenset[int]:
    """The numbers of the lines that another line of the claim is paid for, where the payer bundles as the guide has it.

    That line is raised above its charge (94) by exactly the charges of the others, each of which is whole within it
    (97) (TR3 005010X221A1, 1.10.2.6). Anything else is a denial.
    """
    raised = ZERO
    within: dict[int, Decimal] = {}
    for number, line in enumerate(lines, start=1):
        for one in line.adjustments:
            if one.reason == reasons.ABOVE_CHARGE and reasons.raises(one.amount, charge=line.charge, paid=line.paid):
                raised -= one.amount
            elif one.reason == reasons.WITHIN_ANOTHER and line.charge and one.amount == line.charge and not line.paid:
                within[number] = one.amount
    return frozenset(within) if raised and raised == sum(within.values(), ZERO) else frozenset()


def _sums(
    number: int,
    adjustments: Iterable[Adjustment],
    charge: Decimal,
    paid: Decimal,
    effects: list[tuple[int, int, Adjustment, Effect]],
    *,
    is_bundled: bool = False,
) -> Sums:
    sums = Sums()
    for place, one in enumerate(adjustments, start=1):
        effect = reasons.effect_of(
            one.group, one.reason, one.amount, charge=charge, paid=paid, is_bundled=is_bundled
        )  # fmt: skip
        sums.add(effect, one.amount)
        effects.append((number, place, one, effect))
    return sums


def outcome_of(*, is_reversal: bool, is_paid: bool, is_denied: bool) -> Outcome:
    """Paid, denied or neither, from money and reasons; CLP02 is trusted for reversals only."""
    if is_reversal:
        return Outcome.REVERSED
    if not is_paid:
        return Outcome.DENIED if is_denied else Outcome.ZERO
    return Outcome.PARTLY_DENIED if is_denied else Outcome.PAID
