"""Builders for tests of all apps; they walk the real services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from openmso.charges import services
from openmso.charges.contracts import Charge, ChargeDraft, FeeDraft, VisitCharges
from openmso.kit.money import Money
from openmso.platform.access.contracts import Actor
from openmso.scheduling.contracts import Visit

PRICES = {
    "99213": "140.00",
    "99214": "210.00",
    "36415": "18.00",
    "93000": "65.00",
    "83036": "32.00",
    "20610": "185.00",
    "11102": "190.00",
    "11103": "95.00",
    "90837": "175.00",
    "92014": "165.00",
    "92250": "88.00",
    "G0439": "170.00",
}


def fee_schedule(*, practice: int, at: datetime, starts_on: date = date(2020, 1, 1)) -> str:
    """The practice's price list."""
    return services.publish_fees(
        actor=Actor.system("building a test", at=at),
        practice=practice,
        name="Standard",
        label=f"STD-{starts_on:%Y-%m}",
        starts_on=starts_on,
        fees=[FeeDraft(code, Money.of(price)) for code, price in PRICES.items()],
        at=at,
    )


def charged(
    visit: Visit, *, at: datetime, lines: Sequence[ChargeDraft] = (), diagnoses: Sequence[str] = ("E119", "I10")
) -> list[Charge]:
    """The charges of a visit; an office visit unless told otherwise."""
    given = tuple(lines) or (ChargeDraft("99213", visit.service_on),)
    charges = VisitCharges(visit.id, visit.patient_id, tuple(diagnoses), given)
    actor = Actor.system("building a test", at=at)
    return services.capture(actor=actor, practice=visit.practice, visits=[charges], at=at)
