"""What patients do not pay: those without insurance are billed, and the desk's money goes to the bank."""

from __future__ import annotations

from datetime import datetime

from openmso.banking import services as banking
from openmso.billing.contracts import Bag
from openmso.billing.queries import deposits
from openmso.billing.services import depositing
from openmso.claims.queries import worklist
from openmso.claims.services import self_paying
from openmso.kit.errors import Refused
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, PageAsk, Term
from openmso.simulator.network import bank
from openmso.simulator.network.building import Site

UNINSURED = Filters((Term("finding", "=", "no_coverage", "no_coverage"),))
BILLED_MAX = 2


def bill_the_uninsured(site: Site, *, actor: Actor, at: datetime) -> int:
    """Some patients without a coverage are billed themselves; the others still wait for a card to turn up."""
    with reading():
        found = worklist.claims(filters=UNINSURED, page=PageAsk(size=10)).rows
        mine = [one.public_id for one in found if one.practice == site.practice][:BILLED_MAX]
    told = self_paying.bill_many(actor=actor, claims=mine, why="No insurance, the patient says", at=at)
    return len(told.done)


def to_bank(site: Site, *, actor: Actor, poster: Actor, at: datetime) -> None:
    """Cash and checks are in the bank the same day; the batch of cards is on its way."""
    try:
        made = depositing.prepare(actor=actor, practice=site.practice, at=at)
    except Refused:
        return
    with reading():
        slips = [one for one in map(deposits.slip, made) if one.bag is Bag.DESK]
    lines = [
        bank.Arrival(one.taken_on, one.amount.amount, "BRANCH DEPOSIT", f"DEPOSIT {one.public_id}", one.public_id)
        for one in slips
    ]
    if lines:
        banking.import_statement(
            actor=poster, account=site.account, name=f"{site.plan.code}-{at:%Y%m%d}-desk.ofx",
            content=bank.ofx(lines, account=site.plan.account_number, at=at), at=at,
        )  # fmt: skip
    depositing.match(actor=actor, practice=site.practice, at=at)
