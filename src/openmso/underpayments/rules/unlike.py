"""Where a payment differs from contract or benefits in another way than paid short. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from openmso.kit.money import ZERO, Money
from openmso.underpayments.rules.short import TOLERANCE


def above(expected: Money, allowed: Money) -> Money:
    """What was allowed above the contract, beyond the tolerance; zero where it was not."""
    more = allowed - expected
    return more if more > TOLERANCE else ZERO


def patient_words(
    *,
    copay: Money,
    deductible: Money,
    owed: Money,
    told_copay: Money | None,
    left: Money | None,
    expected: Money | None,
) -> Iterator[tuple[Money, str]]:
    """What is asked of a patient beyond what benefits (`told_copay`, deductible `left`) or contract say, and in words.

    What nobody was told is not compared.
    """
    if told_copay is not None and copay > told_copay + TOLERANCE:
        yield copay - told_copay, f"A copay of {copay} where the benefits told {told_copay}"
    if left is not None and deductible > left + TOLERANCE:
        yield deductible - left, f"A deductible of {deductible} where the benefits told that {left} was left"
    if expected is not None and owed > expected + TOLERANCE:
        yield owed - expected, f"{owed} asked of the patient where the contract allows {expected} in all"
