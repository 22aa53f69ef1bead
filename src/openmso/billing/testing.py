"""Builders for stories about patients' money, through the real services."""

from __future__ import annotations

from datetime import datetime

from openmso.billing.services import receiving
from openmso.billing.states import Method
from openmso.kit.money import Money
from openmso.platform.access.contracts import Actor


def payment(
    patient: str, amount: str, *, at: datetime, actor: Actor | None = None, method: Method = Method.CASH,
    reference: str = "", waits: bool = False,
) -> str:  # fmt: skip
    """A payment at the desk, applied unless it waits; the caller gives the scope. Its public id."""
    return receiving.take(
        actor=actor or Actor.system("a test", at=at), patient=patient, method=method, amount=Money.of(amount),
        reference=reference, chosen=() if waits else None, at=at,
    )  # fmt: skip
