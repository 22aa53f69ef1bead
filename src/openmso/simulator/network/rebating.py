"""Rebates of the demo: what a purchasing group paid back for the third quarter, shared by what each practice bought."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from openmso.kit.money import Money
from openmso.platform.access.contracts import Actor
from openmso.settlement.contracts.rebates import NewRebate
from openmso.settlement.services import rebating
from openmso.simulator.network.building import Network, within

RECORDED = datetime(2026, 10, 21, 15, tzinfo=UTC)
BOUGHT = {"ROCK": Decimal("18420.50"), "CEDAR": Decimal("9310.00"), "BIRCH": Decimal("4277.25")}
"""What each practice paid for supplies in the quarter, in dollars."""


def keep(network: Network, *, elena: Actor) -> None:
    """The controller records the rebate; the invoices of the last month credit the shares.

    Where not all who bought are in the network there is none: whoever is alone would be credited more than the fee.
    """
    buyers = {code: network.sites[code].practice for code in BOUGHT if code in network.sites}
    if len(buyers) < len(BOUGHT):
        return
    new = NewRebate(
        "Coastal Purchasing Alliance", "Clinical supplies bought together, third quarter", date(2026, 7, 1),
        date(2026, 9, 30),
        date(2026, 10, 20), Money.of("1472.33"), "By what each practice paid for supplies in the quarter, in dollars",
        {practice: BOUGHT[code] for code, practice in buyers.items()},
    )  # fmt: skip
    with within(network.mso, *buyers.values()):
        rebating.record(actor=elena, mso=network.mso, new=new, at=RECORDED)
