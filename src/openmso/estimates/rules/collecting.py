"""What the desk collects at a visit, and where the figure comes from."""

from __future__ import annotations

from dataclasses import dataclass

from openmso.estimates.contracts import Kind
from openmso.kit.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about a visit ahead."""

    is_covered: bool
    is_called_off: bool = False
    """Cancelled, or the patient did not come."""
    card: Money = ZERO
    """The copay that stands on the coverage."""
    is_answered: bool = False
    """Whether the payer has answered about it."""
    is_inactive: bool = False
    copay: Money | None = None
    """By the payer's last answer."""
    estimate: str = ""
    kind: Kind | None = None
    share: Money | None = None


def to_collect(known: Known) -> tuple[Money | None, str]:
    """The amount and its reason; no amount where nobody can tell, and why."""
    if known.is_called_off:
        return None, "Nothing: there was no visit"
    if known.share is not None and known.kind is not None:
        return known.share, f"{known.kind.label} {known.estimate}"
    if not known.is_covered:
        return None, "Self-pay: give a good faith estimate"
    if known.is_inactive:
        return None, "Coverage inactive: find another, or estimate as self-pay"
    if known.copay is not None:
        return known.copay, "Copay by the payer's answer"
    if known.card > ZERO:
        return known.card, "Copay on the coverage; the payer did not say"
    if not known.is_answered:
        return None, "The payer was not asked yet"
    return None, "No copay said: estimate the patient's share"
