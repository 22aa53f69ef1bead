"""Patients pay: at the desk in cash and by check, by a card at the terminal, and once more than they owe."""

from __future__ import annotations

from datetime import datetime

from openmso.billing.contracts import AccountRow, Method
from openmso.billing.queries import accounts
from openmso.billing.services import keeping, receiving
from openmso.kit.money import Money
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, PageAsk, Term
from openmso.simulator.network.building import Site

OWING = Filters((Term("is", "=", "owes", "owes"),))
WAYS = ((Method.CASH, "", 100), (Method.CHECK, "1042", 50), (Method.CARD, "4242 OK 271828", 125))
"""How patients pay, with the reference, and how much of what they owe, in percent."""


def pay(site: Site, *, actor: Actor, at: datetime) -> int:
    """The patients who owe most pay; the caller gives the scope. How many payments it was."""
    keeping.refresh(practice=site.practice)
    with reading():
        owing = accounts.listing(filters=OWING, page=PageAsk(size=len(WAYS))).rows
    for row, (method, reference, percent) in zip(owing, WAYS, strict=False):
        _pay(row, method, reference, percent, actor, at)
    return min(len(owing), len(WAYS))


def _pay(row: AccountRow, method: Method, reference: str, percent: int, actor: Actor, at: datetime) -> None:
    amount = Money.cents(int(row.owed.amount * percent))
    receiving.take(actor=actor, patient=row.patient, method=method, amount=amount, reference=reference, at=at)
