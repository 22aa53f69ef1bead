"""Builders for tests of all apps: a contract that was published through the real services."""

from __future__ import annotations

from datetime import date, datetime

from openmso.contracting import services
from openmso.contracting.contracts import Contract, RateLine, Terms
from openmso.kit.money import Money
from openmso.platform.access.contracts import Actor

SINCE = date(2026, 1, 1)


def published(
    *, practice: int, payer_id: int, at: datetime, wording: str = "all: 68% of charge", starts_on: date = SINCE,
    ends_on: date | None = None, rates: dict[str, str] | None = None, limits: str = "", procedures: str = "medicare",
    lesser_of_charge: bool = True,
) -> Contract:  # fmt: skip
    """A published version; rates by code (`92250-26` has its modifier), the same in a facility. Within a scope."""
    listed = tuple(
        RateLine(code, modifier, Money.of(amount), Money.of(amount))
        for named, amount in (rates or {}).items()
        for code, _, modifier in [named.partition("-")]
    )
    actor = Actor.system("building a test", at=at)
    terms = Terms(wording, limits, procedures, lesser_of_charge=lesser_of_charge, rates=listed)
    made = services.draft(
        actor=actor, practice=practice, payer_id=payer_id, terms=terms, starts_on=starts_on, ends_on=ends_on, at=at
    )  # fmt: skip
    return services.publish(actor=actor, contract=made.public_id, at=at)
