"""Patients pay at the desk, one of them too much; one is held back, and the others get statements."""

from __future__ import annotations

from datetime import datetime

from openmso.billing.contracts import AccountRow, Hold, Method
from openmso.billing.queries import accounts, payments
from openmso.billing.services import keeping, receiving, refunding, stating
from openmso.kit.money import Money
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, PageAsk, Term
from openmso.simulator.network.building import Site

AHEAD = Filters((Term("is", "=", "unapplied", "unapplied"),))
OWING = Filters((Term("is", "=", "owes", "owes"),))
WAYS = ((Method.CASH, "", 100), (Method.CHECK, "1042", 50), (Method.CARD, "4242 OK 271828", 125))
"""How patients pay, with the reference, and how much of what they owe, in percent."""


def pay(site: Site, *, actor: Actor, at: datetime) -> int:
    """The patients who owe most pay, and the others get statements; the caller gives the scope. How many paid."""
    keeping.refresh(practice=site.practice)
    with reading():
        owing = accounts.listing(filters=OWING, page=PageAsk(size=len(WAYS))).rows
    for row, (method, reference, percent) in zip(owing, WAYS, strict=False):
        _pay(row, method, reference, percent, actor, at)
    _ask_back(actor, at)
    if len(owing) > 1:
        stating.hold(
            actor=actor, patient=owing[1].patient, reason=Hold.CHARITY, why="Asked for help", at=at,
        )  # fmt: skip
    stating.run(actor=actor, practice=site.practice, at=at)
    return min(len(owing), len(WAYS))


def _pay(row: AccountRow, method: Method, reference: str, percent: int, actor: Actor, at: datetime) -> None:
    amount = Money.cents(int(row.owed.amount * percent))
    receiving.take(actor=actor, patient=row.patient, method=method, amount=amount, reference=reference, at=at)


def _ask_back(actor: Actor, at: datetime) -> None:
    """Half of what was paid too much is asked back."""
    with reading():
        ahead = payments.listing(filters=AHEAD, page=PageAsk(size=1)).rows
    for row in ahead:
        half = Money.cents(int(row.left.amount * 50))
        refunding.ask(actor=actor, payment=row.public_id, amount=half, why="The patient asks for it", at=at)
