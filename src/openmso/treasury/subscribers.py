"""What treasury does when something has happened: what a dispute won of a fee that was lent comes off the loan."""

from __future__ import annotations

from datetime import datetime

from openmso.kit.money import Money
from openmso.platform.access.contracts import Actor
from openmso.platform.outbox.registry import subscribe
from openmso.settlement.events import PaidFeeCredited
from openmso.treasury.services import crediting


@subscribe(PaidFeeCredited, name="treasury.paid_fee_credited", network=True)
def paid_fee_credited(event: PaidFeeCredited, *, practice: int, actor: Actor, at: datetime) -> None:
    """A dispute of what was paid was won; some of that may have been lent."""
    crediting.credit(
        actor=actor, settlement=event.settlement, dispute=event.dispute, amount=Money.of(event.amount), at=at
    )
