"""What the MSO passes on to a practice at cost and no book knows: entered for its month, confirmed by the owner."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from openmso.kit.periods import Month
from openmso.platform.access.contracts import Actor
from openmso.settlement.services import entering

WHERE = "ALDER"
NAME = "clearinghouse"
COSTS = {Month(2026, 9): Decimal("38.40"), Month(2026, 10): Decimal("41.20")}
"""What the clearinghouse billed the MSO for the practice's claims of a month."""


def pass_on(practice: int, month: Month, *, accountant: Actor, owner: Actor, at: datetime) -> None:
    """The accountant enters the cost of a month with what shows it, and the owner confirms it."""
    made = entering.enter(
        actor=accountant, practice=practice, month=month, name=NAME, amount=COSTS[month], at=at,
        shown_by=f"Invoice of Gateway Clearing for {month.words}, claims of the practice",
    )  # fmt: skip
    entering.confirm(actor=owner, figure=made.public_id, at=at)
