"""The operations: cap tables are kept, capital is called and distributed, a rollover is computed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from ninja import Query, Router, Status

from openmso.equity.api import schemas
from openmso.equity.api.schemas import CallId, DistributionId, VentureId
from openmso.equity.contracts import KEEP, PAY, READ, NewClass, NewHolder, NewUnits, Table, Vesting
from openmso.equity.queries import facilities, ventures
from openmso.equity.rules import holding, rollover
from openmso.equity.services import capital, keeping
from openmso.equity.states import Act, Being, By, Compounding, DayCount, Sort, Venture
from openmso.kit.money import Money
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import Words
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

router = Router(tags=["Equity"])


@router.get("/cap-tables", response=PageOut[schemas.VentureRowOut])
@operation(READ.code)
def list_cap_tables(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """The cap tables of entities, by name, as they stand today."""
    ask = RowsAsk(page.page, page.size, "name")
    found = ventures.listing(filters=Filters(text=q), page=ask, at=request.actor.at)
    return paged(request, [schemas.row_data(one) for one in found.rows], found.total or 0, page)


@router.post("/cap-tables", response={201: schemas.VentureOut})
@operation(KEEP.code)
def open_cap_table(request: Any, body: schemas.VentureIn) -> Any:
    """Open the cap table of a legal entity."""
    made = keeping.open_table(actor=request.actor, entity=body.entity, kind=Venture(body.kind), at=request.actor.at)
    with reading():
        return Status(201, _told(ventures.today(made, request.actor.at), request.actor.at.date()))


@router.get("/cap-tables/{venture}", response=schemas.VentureOut)
@operation(READ.code)
def get_cap_table(request: Any, venture: VentureId, on: date | None = None) -> Any:
    """Who holds what on a day (today where it is left out), capital accounts, the joint venture test."""
    one = ventures.today(venture, request.actor.at)
    return _told(one, on or request.actor.day_in(one.practice))


@router.post("/cap-tables/{venture}/classes", response={201: schemas.VentureOut})
@operation(KEEP.code)
def add_unit_class(request: Any, venture: VentureId, body: schemas.UnitClassIn) -> Any:
    """Add a class of units; one that follows referrals is refused with the citation."""
    new = NewClass(
        body.name, Sort(body.sort), By(body.by), body.terms, Decimal(body.rate), Compounding(body.compounding),
        DayCount(body.day_count), Money.of(body.threshold),
    )  # fmt: skip
    return _made(request, keeping.add_class(actor=request.actor, venture=venture, new=new, at=request.actor.at))


@router.post("/cap-tables/{venture}/holders", response={201: schemas.VentureOut})
@operation(KEEP.code)
def name_holder(request: Any, venture: VentureId, body: schemas.HolderIn) -> Any:
    """Name somebody who may hold units, and whether they can refer."""
    new = NewHolder(body.name, Being(body.being), body.refers, body.why, body.tenant or "")
    return _made(request, keeping.name_holder(actor=request.actor, venture=venture, new=new, at=request.actor.at))


@router.get("/cap-tables/{venture}/units", response=PageOut[schemas.UnitEntryOut])
@operation(READ.code)
def list_unit_entries(request: Any, venture: VentureId, page: Query[PageAsk], q: Words = "") -> Any:
    """The ledger of units, the first entry first."""
    ask = RowsAsk(page.page, page.size, "number")
    found = ventures.entries(venture, filters=Filters(text=q), page=ask, at=request.actor.at)
    return paged(request, [schemas.entry_data(one) for one in found.rows], found.total or 0, page)


@router.post("/cap-tables/{venture}/units", response={201: schemas.VentureOut})
@operation(KEEP.code)
def move_units(request: Any, venture: VentureId, body: schemas.UnitsIn) -> Any:
    """Enter an issue, rollover, transfer, redemption or forfeiture; its capital is posted in the book."""
    vesting = Vesting(body.vests_from, body.cliff_months, body.vesting_months) if body.vests_from else None
    new = NewUnits(
        Act(body.act), body.unit_class, Decimal(body.units), body.on, body.why, body.from_holder or "",
        body.to_holder or "", Money.of(body.paid), body.account, vesting,
    )  # fmt: skip
    return _made(request, keeping.move_units(actor=request.actor, venture=venture, new=new, at=request.actor.at))


@router.post("/cap-tables/{venture}/revenue", response={201: schemas.VentureOut})
@operation(KEEP.code)
def tell_venture_revenue(request: Any, venture: VentureId, body: schemas.RevenueIn) -> Any:
    """Tell the revenue of a year, and how much of it investors brought."""
    done = keeping.tell_revenue(
        actor=request.actor, venture=venture, starts_on=body.starts_on, gross=Money.of(body.gross),
        from_investors=Money.of(body.from_investors), shows=body.shows, at=request.actor.at,
    )  # fmt: skip
    return _made(request, done)


@router.post("/cap-tables/{venture}/allocations", response={201: schemas.VentureOut})
@operation(PAY.code)
def allocate_profit(request: Any, venture: VentureId, body: schemas.AllocationIn) -> Any:
    """Allocate profit or a loss to the capital accounts, pro rata to units."""
    done = capital.allocate(
        actor=request.actor, venture=venture, amount=Money.of(body.amount), on=body.on, why=body.why,
        at=request.actor.at,
    )  # fmt: skip
    return _made(request, done)


@router.post("/cap-tables/{venture}/calls", response={201: schemas.CapitalCallOut})
@operation(KEEP.code)
def call_capital(request: Any, venture: VentureId, body: schemas.CallIn) -> Any:
    """Call capital from the holders of a class, pro rata to their units."""
    made = capital.call_capital(
        actor=request.actor, venture=venture, cls=body.unit_class, amount=Money.of(body.amount), purpose=body.purpose,
        due_on=body.due_on, at=request.actor.at,
    )  # fmt: skip
    return Status(201, schemas.call_data(made))


@router.get("/capital-calls/{call}", response=schemas.CapitalCallOut)
@operation(READ.code)
def get_capital_call(request: Any, call: CallId) -> Any:
    """A capital call: what each holder is asked for, and what came."""
    return schemas.call_data(ventures.of_call(call, request.actor.at)[1])


@router.post("/capital-calls/{call}/payments", response={201: schemas.CapitalCallOut})
@operation(PAY.code)
def pay_call_share(request: Any, call: CallId, body: schemas.SharePaidIn) -> Any:
    """Post what a holder paid on a capital call."""
    done = capital.pay_share(
        actor=request.actor, call=call, holder=body.holder, amount=Money.of(body.amount), on=body.on,
        at=request.actor.at,
    )  # fmt: skip
    return Status(201, schemas.call_data(done))


@router.post("/capital-calls/{call}/defaults", response={201: schemas.CapitalCallOut})
@operation(PAY.code)
def default_call_share(request: Any, call: CallId, body: schemas.ShareDefaultIn) -> Any:
    """Record that a holder did not pay by the day."""
    done = capital.default_share(
        actor=request.actor, call=call, holder=body.holder, why=body.why, at=request.actor.at
    )  # fmt: skip
    return Status(201, schemas.call_data(done))


@router.post("/cap-tables/{venture}/distributions", response={201: schemas.DistributionOut})
@operation(KEEP.code)
def declare_distribution(request: Any, venture: VentureId, body: schemas.DistributionIn) -> Any:
    """Declare a distribution, computed by the waterfall; by anything that follows referrals it is refused."""
    made = capital.declare(
        actor=request.actor, venture=venture, amount=Money.of(body.amount), by=By(body.by), why=body.why,
        at=request.actor.at,
    )  # fmt: skip
    return Status(201, schemas.distribution_data(made))


@router.get("/distributions/{distribution}", response=schemas.DistributionOut)
@operation(READ.code)
def get_distribution(request: Any, distribution: DistributionId) -> Any:
    """A distribution with every share."""
    return schemas.distribution_data(ventures.of_distribution(distribution, request.actor.at)[1])


@router.post("/distributions/{distribution}/payment", response=schemas.DistributionOut)
@operation(PAY.code)
def pay_distribution(request: Any, distribution: DistributionId, body: schemas.PaidOnIn) -> Any:
    """Pay a distribution that somebody else declared."""
    done = capital.pay(actor=request.actor, distribution=distribution, on=body.on, at=request.actor.at)
    return schemas.distribution_data(done)


@router.post("/rollovers/quote", response=dict[str, Any])
@operation(READ.code)
def quote_rollover(request: Any, body: schemas.RolloverIn) -> Any:
    """What a rollover comes to at a second sale, with every step; nothing is kept."""
    return rollover.outcome_data(rollover.rollover(rollover.sale_of(body.model_dump())))


def _told(one: Table, on: date) -> dict[str, Any]:
    return schemas.table_data(one, holding.holdings(one, on), facilities.points(one, on), on)


def _made(request: Any, one: Table) -> Status[Any]:
    with reading():
        return Status(201, _told(one, request.actor.day_in(one.practice)))
