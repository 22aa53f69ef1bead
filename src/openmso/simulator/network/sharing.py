"""Shared cost of the demo: what the MSO spent in the last month for all practices, allocated and frozen."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Accounts, Basis, EntryDraft, credit, debit
from openmso.ledger.services import posting
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from openmso.settlement.contracts.allocation import NewFigure, NewPlan, Pool
from openmso.settlement.queries import allocating
from openmso.settlement.services import allocating as services
from openmso.simulator.network.building import Network, within

PAID = (
    (Accounts.RENT, "Rent and utilities of the offices", "14400.00"), (Accounts.WAGES, "Billing staff", "48250.00"),
    (Accounts.SOFTWARE, "Software and help desk", "6315.40"),
)  # fmt: skip
"""What the MSO owes for the month, by account."""
POOLS = (
    Pool("Rent", (Accounts.RENT,), {"square_feet": Decimal(1)}),
    Pool("Billing staff", (Accounts.WAGES,), {"claims": Decimal("0.6"), "revenue": Decimal("0.4")}, bears=True),
    Pool("IT", (Accounts.SOFTWARE,), {"headcount": Decimal(1)}),
)
USUAL = {"square_feet": Decimal(1800), "headcount": Decimal(9)}
KNOWN = {
    ("square_feet", "ROCK"): Decimal(4200), ("square_feet", "CEDAR"): Decimal(3100),
    ("square_feet", "BIRCH"): Decimal(2650), ("headcount", "ROCK"): Decimal(17),
}  # fmt: skip
"""The figures of those that are larger than usual."""


def keep(network: Network, month: Month, *, elena: Actor, at: datetime) -> str:
    """The controller books the month, writes the plan, enters figures, and freezes; the public id of the allocation."""
    with within(network.mso, *(site.practice for site in network.sites.values())):
        posting.post(actor=elena, at=at, entries=[
            EntryDraft(network.mso_entity, month.last, memo, (
                debit(account, Money.of(amount), basis=Basis.ACCRUAL),
                credit(Accounts.PAYABLES, Money.of(amount), basis=Basis.ACCRUAL),
            ), key=f"shared:{month}:{account}")
            for account, memo, amount in PAID
        ])  # fmt: skip
        new = NewPlan(month, network.mso_entity, POOLS, "As the boards were told for the year")
        services.plan(actor=elena, mso=network.mso, new=new, at=at)
        with reading():
            wanted = allocating.asked(network.mso, month).wanted
        figures = [
            NewFigure(one.tenant, one.driver, KNOWN.get((one.driver, one.code), USUAL[one.driver]), one.pool)
            for one in wanted
        ]  # fmt: skip
        services.enter(
            actor=elena, mso=network.mso, month=month, figures=figures,
            why="Floor plans of the leases; payroll registers of the month", at=at,
        )  # fmt: skip
        return services.freeze(actor=elena, mso=network.mso, month=month, at=at)
