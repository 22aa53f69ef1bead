"""A payer pays some claims twice: one overpayment is repaid, one is investigated, and of one the clock runs."""

from __future__ import annotations

from datetime import date, datetime

from openmso.billing.contracts import Cause
from openmso.billing.queries import credits
from openmso.billing.services import crediting
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.simulator.network.payers import Payers

WHERE, WHO, HOW_MANY = "ROCK", "Medicare North", 12
"""Of so many claims paid twice some are answered by nobody else, and stand as overpaid."""
DUE_ON, LOOKED_AT_ON, CONCLUDED_ON, REPAID_ON = (
    date(2026, 10, 6), date(2026, 10, 13), date(2026, 10, 20), date(2026, 10, 27),
)  # fmt: skip
"""When it pays twice; when the house looks into two of them, knows why of one, and repays that."""


def slip(payers: Payers, day: date) -> None:
    """The payer's slip, on its day."""
    if day == DUE_ON:
        payers.pay_twice(WHO, WHERE, on=day, count=HOW_MANY)


def work(day: date, *, actor: Actor, at: datetime) -> None:
    """What patient billing does about it on a day; the caller gives the scope."""
    if day not in (LOOKED_AT_ON, CONCLUDED_ON, REPAID_ON):
        return
    with reading():
        rows = credits.listing(filters=Filters(), page=PageAsk(size=100), on=day).rows
    found = sorted((row for row in rows if row.has_clock), key=lambda row: row.public_id)
    if len(found) < 2:
        return
    repaid, looked_into = found[0], found[1]
    if day == LOOKED_AT_ON:
        crediting.investigate(actor=actor, overpayment=repaid.public_id, at=at)
    elif day == CONCLUDED_ON:
        crediting.conclude(
            actor=actor, overpayment=repaid.public_id, cause=Cause.TWICE, why="The payer answered the claim twice",
            at=at,
        )  # fmt: skip
        crediting.investigate(actor=actor, overpayment=looked_into.public_id, at=at)
    elif day == REPAID_ON:
        crediting.give_back(
            actor=actor, overpayment=repaid.public_id, amount=repaid.amount, reference="7301",
            why="The payer answered the claim twice", at=at,
        )  # fmt: skip
