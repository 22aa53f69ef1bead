"""The operations of facilities: asking, approving, drawing, repaying, covenants."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Query, Schema, Status
from pydantic import Field

from openmso.equity.api.holders import router as router
from openmso.equity.api.schemas import Positive, Rate, Why
from openmso.equity.contracts import KEEP, PAY, READ
from openmso.equity.contracts.facilities import (
    APPROVE,
    ASK,
    Covenant,
    Draw,
    Every,
    Facility,
    FacilityRow,
    Measure,
    NewCovenant,
    NewFacility,
    Tie,
)
from openmso.equity.queries import facilities
from openmso.equity.services import covenants, lending
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import Amount, Body, MonthName, PracticeName, Words, Yes, public_id, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

FacilityId = Annotated[str, public_id("FAC")]
DrawId = Annotated[str, public_id("DRW")]
CovenantId = Annotated[str, public_id("COV")]
TieCode = Literal["nothing", "volume", "value", "orders"]
Figure = Annotated[str, Field(pattern=r"^-?\d{1,12}(\.\d{1,4})?$", examples=["1.25"])]


class CapitalFacilityIn(Body):
    """What a practice asks for; anything that depends on referrals is refused."""

    practice: PracticeName
    limit: Positive
    rate: Rate
    months: Annotated[int, Field(ge=1, le=480, strict=True)]
    purpose: Why
    terms: Annotated[str, text(4_000, length_min=0)] = ""
    tie: TieCode = "nothing"
    revolves: Yes = False
    unused_rate: Rate = "0"


class CapitalFacilityReasonIn(Body):
    """Why."""

    why: Why


class DrawIn(Body):
    """A draw; a residual stays owed after the instalments and is due with the last."""

    amount: Positive
    residual: Positive = "0.00"
    on: date
    purpose: Why
    tie: TieCode = "nothing"


class InstalmentPaidIn(Body):
    """The day on which the next instalment was paid."""

    on: date


class CovenantIn(Body):
    """A covenant; `limit` is a figure in dollars, or a ratio."""

    words: Annotated[str, text(200)]
    measure: Literal["cash", "income", "coverage", "told"]
    at_least: Yes = True
    limit: Figure
    every: Literal["month", "quarter"]
    cure_days: Annotated[int, Field(ge=1, le=365, strict=True)] = 30


class CovenantTestIn(Body):
    """A period by its last month; figure and what shows it only where no book has it."""

    month: MonthName
    value: Figure | None = None
    shows: Annotated[str, text(300, length_min=0)] = ""


class CovenantCureIn(Body):
    """A breach that was cured."""

    month: MonthName
    on: date
    words: Why


class CapitalFacilityRowOut(Schema):
    """A facility as it stands."""

    id: str
    practice: str
    purpose: str
    state: str
    limit: Amount
    drawn: Amount
    balance: Amount
    left: Amount
    next_due_on: date | None
    breaches: int


class InstalmentOut(Schema):
    """A row of a schedule."""

    number: int
    due_on: date
    payment: Amount
    interest: Amount
    principal: Amount
    balance: Amount
    paid_on: date | None


class PrepaidOut(Schema):
    """Principal that was paid ahead."""

    on: date
    amount: Amount
    interest: Amount


class UnusedFeeOut(Schema):
    """The fee of a month on what was not drawn, on average of its days; without a day it is due."""

    month: str
    not_drawn: Amount
    amount: Amount
    paid_on: date | None


class DrawOut(Schema):
    """A draw with its schedule."""

    id: str
    amount: Amount
    residual: Amount
    drawn_on: date
    purpose: str
    balance: Amount
    prepaid: list[PrepaidOut]
    instalments: list[InstalmentOut]


class CovenantTestOut(Schema):
    """A test of a covenant."""

    month: str
    value: str
    met: bool
    shows: str
    cure_by: date | None
    cured_on: date | None


class CovenantOut(Schema):
    """A covenant with its tests, the latest first."""

    id: str
    words: str
    sentence: str
    tests: list[CovenantTestOut]


class CapitalFacilityStepOut(Schema):
    """A step in the life of a facility."""

    state: str
    at: datetime
    by: str
    why: str


class CapitalFacilityOut(CapitalFacilityRowOut):
    """A facility with draws and covenants."""

    rate: str
    months: int
    terms: str
    revolves: bool
    unused_rate: str
    unused_fees: list[UnusedFeeOut]
    steps: list[CapitalFacilityStepOut]
    draws: list[DrawOut]
    covenants: list[CovenantOut]


@router.get("/facilities", response=PageOut[CapitalFacilityRowOut])
@operation(READ.code)
def list_facilities(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """The facilities of practices, by practice."""
    found = facilities.listing(filters=Filters(text=q), page=RowsAsk(page.page, page.size, "practice_name"))
    return paged(request, [row_data(one) for one in found.rows], found.total or 0, page)


@router.post("/facilities", response={201: CapitalFacilityOut})
@operation(ASK.code)
def request_facility(request: Any, body: CapitalFacilityIn) -> Any:
    """Ask the MSO for a facility; two of its people approve."""
    with reading():
        practice = tenancy.key_in_scope(body.practice)
    new = NewFacility(
        body.purpose, Money.of(body.limit), Decimal(body.rate), body.months, body.terms, Tie(body.tie),
        body.revolves, Decimal(body.unused_rate),
    )  # fmt: skip
    return Status(
        201, facility_data(lending.request(actor=request.actor, practice=practice, new=new, at=request.actor.at))
    )


@router.get("/facilities/{facility}", response=CapitalFacilityOut)
@operation(READ.code)
def get_facility(request: Any, facility: FacilityId) -> Any:
    """A facility with its draws, schedules and covenants."""
    return facility_data(facilities.facility(facility))


@router.post("/facilities/{facility}/approval", response=CapitalFacilityOut)
@operation(APPROVE.code)
def approve_facility(request: Any, facility: FacilityId, body: CapitalFacilityReasonIn) -> Any:
    """Approve it, as the first or the second of two people."""
    return facility_data(lending.approve(actor=request.actor, facility=facility, why=body.why, at=request.actor.at))


@router.post("/facilities/{facility}/refusal", response=CapitalFacilityOut)
@operation(APPROVE.code)
def decline_facility(request: Any, facility: FacilityId, body: CapitalFacilityReasonIn) -> Any:
    """Decline it."""
    return facility_data(lending.decline(actor=request.actor, facility=facility, why=body.why, at=request.actor.at))


@router.post("/facilities/{facility}/end", response=CapitalFacilityOut)
@operation(APPROVE.code)
def close_facility(request: Any, facility: FacilityId, body: CapitalFacilityReasonIn) -> Any:
    """Close a facility on which nothing is owed."""
    return facility_data(lending.close(actor=request.actor, facility=facility, why=body.why, at=request.actor.at))


@router.post("/facilities/{facility}/draws", response={201: DrawOut})
@operation(PAY.code)
def draw_on_facility(request: Any, facility: FacilityId, body: DrawIn) -> Any:
    """Pay a draw out, in both books; refused where it is tied to referrals."""
    made = lending.draw(
        actor=request.actor, facility=facility, amount=Money.of(body.amount), on=body.on, purpose=body.purpose,
        residual=Money.of(body.residual), tie=Tie(body.tie), at=request.actor.at,
    )  # fmt: skip
    return Status(201, draw_data(made))


@router.get("/draws/{draw}", response=DrawOut)
@operation(READ.code)
def get_draw(request: Any, draw: DrawId) -> Any:
    """A draw with its schedule."""
    return draw_data(facilities.of_draw(draw)[1])


@router.post("/draws/{draw}/payments", response={201: DrawOut})
@operation(PAY.code)
def pay_instalment(request: Any, draw: DrawId, body: InstalmentPaidIn) -> Any:
    """Post the next instalment in both books."""
    return Status(201, draw_data(lending.pay(actor=request.actor, draw=draw, on=body.on, at=request.actor.at)))


@router.post("/facilities/{facility}/covenants", response={201: CapitalFacilityOut})
@operation(KEEP.code)
def add_covenant(request: Any, facility: FacilityId, body: CovenantIn) -> Any:
    """Add a covenant."""
    new = NewCovenant(
        body.words, Measure(body.measure), body.at_least, Decimal(body.limit), Every(body.every), body.cure_days
    )
    return Status(
        201, facility_data(covenants.add(actor=request.actor, facility=facility, new=new, at=request.actor.at))
    )


@router.post("/covenants/{covenant}/tests", response={201: CovenantOut})
@operation(KEEP.code)
def test_covenant(request: Any, covenant: CovenantId, body: CovenantTestIn) -> Any:
    """Test a covenant for a period; a breach begins to wait until it is cured."""
    done = covenants.check(
        actor=request.actor, covenant=covenant, month=Month.parse(body.month),
        value=Decimal(body.value) if body.value is not None else None, shows=body.shows, at=request.actor.at,
    )  # fmt: skip
    return Status(201, covenant_data(done))


@router.post("/covenants/{covenant}/cures", response={201: CovenantOut})
@operation(KEEP.code)
def cure_covenant(request: Any, covenant: CovenantId, body: CovenantCureIn) -> Any:
    """Record that a breach was cured."""
    done = covenants.cure(
        actor=request.actor, covenant=covenant, month=Month.parse(body.month), on=body.on, words=body.words,
        at=request.actor.at,
    )  # fmt: skip
    return Status(201, covenant_data(done))


def row_data(one: FacilityRow | Facility) -> dict[str, Any]:
    """A facility as it stands, as plain data."""
    days = [draw.next.due_on for draw in one.draws if draw.next] if isinstance(one, Facility) else []
    return {
        "id": one.public_id, "practice": one.practice_name, "purpose": one.purpose, "state": one.state.value,
        "limit": str(one.limit), "drawn": str(one.drawn), "balance": str(one.balance), "left": str(one.left),
        "next_due_on": min(days, default=None) if isinstance(one, Facility) else one.next_due_on,
        "breaches": one.breaches,
    }  # fmt: skip


def facility_data(one: Facility) -> dict[str, Any]:
    """A facility with all of it, as plain data."""
    return row_data(one) | {
        "rate": f"{one.rate.normalize():f}", "months": one.months, "terms": one.terms, "revolves": one.revolves,
        "unused_rate": f"{one.unused_rate.normalize():f}",
        "unused_fees": [
            {"month": str(each.month), "not_drawn": str(each.mean), "amount": str(each.amount), "paid_on": each.paid_on}
            for each in one.fees
        ],
        "steps": [{"state": each.to.value, "at": each.at, "by": each.by, "why": each.why} for each in one.steps],
        "draws": [draw_data(each) for each in one.draws], "covenants": [covenant_data(each) for each in one.covenants],
    }  # fmt: skip


def draw_data(one: Draw) -> dict[str, Any]:
    """A draw as plain data."""
    return {
        "id": one.public_id, "amount": str(one.amount), "residual": str(one.residual), "drawn_on": one.drawn_on,
        "purpose": one.purpose, "balance": str(one.balance),
        "prepaid": [
            {"on": each.on, "amount": str(each.amount), "interest": str(each.interest)} for each in one.prepaid
        ],
        "instalments": [
            {"number": each.number, "due_on": each.due_on, "payment": str(each.payment),
             "interest": str(each.interest), "principal": str(each.principal), "balance": str(each.balance),
             "paid_on": each.paid_on}
            for each in one.rows
        ],
    }  # fmt: skip


def covenant_data(one: Covenant) -> dict[str, Any]:
    """A covenant as plain data."""
    return {
        "id": one.public_id, "words": one.words, "sentence": one.sentence,
        "tests": [
            {"month": str(each.month), "value": f"{each.value.normalize():f}", "met": each.met, "shows": each.shows,
             "cure_by": each.cure_by, "cured_on": each.cured_on}
            for each in one.tests
        ],
    }  # fmt: skip
