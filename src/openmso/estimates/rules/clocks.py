"""When a good faith estimate is owed, and when a bill is above it (45 CFR 149.610 and 149.620)."""

from __future__ import annotations

from openmso.estimates.contracts import Asked
from openmso.kit.money import Money

FAR_AHEAD, AHEAD = 10, 3
"""Business days between scheduling and the service: 149.610(b)(1)(vi)."""
THRESHOLD = Money.of(400)
"""What is billed above the estimate of one provider by as much may be disputed: 149.620(b)(2)."""
DISPUTE_DAYS = 120
"""Calendar days from the first bill within which the patient may start a dispute: 149.620(c)(2)(i)."""


def within(asked: Asked, ahead: int) -> int | None:
    """Within how many business days it is owed; `ahead` is how many lie between scheduling and the service.

    Scheduled ten or more ahead: three. Three to nine: one. Less: none is owed unless it is asked for: then three.
    """
    if asked is Asked.REQUESTED or (asked is Asked.SCHEDULED and ahead >= FAR_AHEAD):
        return 3
    return 1 if asked is Asked.SCHEDULED and ahead >= AHEAD else None


def is_substantially_above(estimated: Money, billed: Money) -> bool:
    """Whether the patient may dispute the bill."""
    return billed - estimated >= THRESHOLD
