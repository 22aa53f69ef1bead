"""What underpayments does when remittances are posted: they are compared with contracts and benefits."""

from __future__ import annotations

from datetime import datetime

from openmso.platform.access.contracts import Actor
from openmso.platform.outbox.registry import subscribe
from openmso.platform.tenancy import queries as tenancy
from openmso.remittances.events import PaymentMatched, RemittancePosted
from openmso.remittances.queries import payments
from openmso.underpayments.services import differing, lines


@subscribe(RemittancePosted, name="underpayments.look_at_remittance")
def look_at_remittance(event: RemittancePosted, *, practice: int, actor: Actor, at: datetime) -> None:
    """Find what was paid short, what was recovered, and what differs otherwise."""
    lines.look_at(actor=actor, practice=practice, remittance=event.remittance, at=at)


@subscribe(PaymentMatched, name="underpayments.payment_found_its_claim")
def payment_found_its_claim(event: PaymentMatched, *, practice: int, actor: Actor, at: datetime) -> None:
    """A payment that fitted no claim differs no more, and is compared with the contract as all others are."""
    differing.matched(practice=practice, payment=event.payment, today=tenancy.today(practice, at), at=at)
    lines.look_at(actor=actor, practice=practice, remittance=payments.remittance_of(event.payment), at=at)
