"""A clinic of the demo that bills a facility's services: now and then a visit has a part of the hospital's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from openmso.charges.contracts import ChargeDraft, Stay, ValueCode
from openmso.exchange.contracts import PartnerFacts, PartnerKind, Transaction, Way
from openmso.exchange.services import keeping
from openmso.kit.money import Money
from openmso.platform.access.contracts import Actor

CLINIC = "MESA"
"""It bills clinic visits and supplies as an outpatient department: type of bill 13."""
ONE_OF = 9
"""Visits of which one has a facility's part."""
TAKES_PAPER = "State Medicaid"
"""The payer that takes the clinic's institutional claims on paper."""
STAY = Stay("13", "3", "1", "01", values=(ValueCode("80", Decimal("1.00")),))


def bills(code: str, number: int) -> bool:
    """Whether a visit of a practice, by its number among those of a day, has a facility's part."""
    return code == CLINIC and number % ONE_OF == 0


def lines(on: date, *, supplies: bool) -> tuple[ChargeDraft, ...]:
    """A clinic visit, and supplies without a procedure code."""
    visit = ChargeDraft("G0463", on, amount=Money.of("118.00"), revenue_code="0510")
    return (visit, ChargeDraft("", on, amount=Money.of("14.50"), revenue_code="0270")) if supplies else (visit,)


def route_paper(*, actor: Actor, mso: int, payers: Mapping[str, int], starts_on: date, at: datetime) -> None:
    """Have the institutional claims to one payer printed and mailed. The scope is the MSO."""
    facts = PartnerFacts(f"{TAKES_PAPER}, mail room", PartnerKind.PAYER, Way.PAPER)
    mail = keeping.add(actor=actor, mso=mso, facts=facts, at=at).public_id
    keeping.set_route(
        actor=actor, mso=mso, payer=payers[TAKES_PAPER], transaction=Transaction.CLAIM_I, practice=None,
        partners=[mail], starts_on=starts_on, at=at,
    )  # fmt: skip
