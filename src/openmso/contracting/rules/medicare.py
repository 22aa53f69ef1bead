"""What Medicare pays of what it allows: deductible, coinsurance, sequestration, second payer, other participation."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openmso.kit.money import ZERO, Money

PAYS = Decimal("0.80")
SEQUESTRATION = Decimal("0.02")
NONPARTICIPATING = Decimal("0.95")
LIMITING = Decimal("1.15")


@dataclass(frozen=True, slots=True)
class Payment:
    """What becomes of an allowed amount: allowed = deductible + coinsurance + sequestered + paid."""

    allowed: Money
    deductible: Money
    coinsurance: Money
    sequestered: Money
    """What the payer keeps of its own share (CARC 253); the patient never owes it."""
    paid: Money


def payment(allowed: Money, *, deductible_left: Money = ZERO, pays: Decimal = PAYS, sequestration: bool) -> Payment:
    """What Medicare pays of an allowed amount; sequestration is taken of its payment, not of the allowed amount."""
    deductible = min(allowed, deductible_left)
    share = (allowed - deductible).times(pays)
    cut = share.times(SEQUESTRATION) if sequestration else ZERO
    return Payment(allowed, deductible, allowed - deductible - share, cut, share - cut)


def nonparticipating(allowed: Money) -> Money:
    """The fee of who does not participate: 95% (42 CFR 414.20(b))."""
    return allowed.times(NONPARTICIPATING)


def limiting_charge(allowed: Money) -> Money:
    """The most that who does not participate and does not accept assignment may ask: 115% of that (42 CFR 414.48)."""
    return nonparticipating(allowed).times(LIMITING)


@dataclass(frozen=True, slots=True)
class AsSecond:
    """What Medicare pays of a line as second payer: the lowest of three amounts, never less than nothing."""

    left_of_charge: Money
    """The charge, or what must be accepted as payment in full, less what the first payer paid."""
    as_first: Money
    """What Medicare would pay if nobody else did."""
    left_of_allowed: Money
    """The higher of Medicare's fee and what the first payer allowed, less what it paid."""

    @property
    def pays(self) -> Money:
        return max(min(self.left_of_charge, self.as_first, self.left_of_allowed), ZERO)


def secondary(
    *, charge: Money, primary_allowed: Money, primary_paid: Money, medicare_fee: Money,
    medicare_payment: Money | None = None, obliged_to_accept: Money | None = None,
) -> AsSecond:  # fmt: skip
    """What Medicare pays of a line as second payer (42 CFR 411.33(a)).

    `obliged_to_accept` is what the practice must accept of the first payer as payment in full, where that is less
    than the charge. `medicare_payment` is what Medicare would pay as first payer; without it, 80% of its fee, the
    deductible being met.
    """
    asked = charge if obliged_to_accept is None else min(charge, obliged_to_accept)
    first = payment(medicare_fee, sequestration=False).paid if medicare_payment is None else medicare_payment
    return AsSecond(asked - primary_paid, first, max(medicare_fee, primary_allowed) - primary_paid)
