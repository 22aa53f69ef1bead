"""What the API of equity takes and gives."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from openmso.equity.contracts import Call, Distribution, Entry, Holder, Holding, Point, Table, VentureRow, plain
from openmso.equity.rules import holding
from openmso.platform.api.schemas import Amount, Body, PracticeName, Yes, public_id, text

KindCode = Literal["mso", "jv", "other"]
SortCode = Literal["common", "preferred", "profits"]
ByCode = Literal["units", "volume", "value", "orders"]
BeingCode = Literal["person", "practice", "mso", "outside"]
ActCode = Literal["issue", "rollover", "transfer", "redemption", "forfeiture"]
CompoundingCode = Literal["none", "monthly", "quarterly", "yearly"]
DayCountCode = Literal["actual_365", "actual_360", "thirty_360"]
VentureId = Annotated[str, public_id("CAP")]
ClassId = Annotated[str, public_id("UCL")]
HolderId = Annotated[str, public_id("HOL")]
CallId = Annotated[str, public_id("CCL")]
DistributionId = Annotated[str, public_id("DST")]
Units = Annotated[str, Field(pattern=r"^\d{1,14}(\.\d{1,4})?$", examples=["1250"])]
Rate = Annotated[str, Field(pattern=r"^0(\.\d{1,6})?$", examples=["0.08"], description="A year, as a part of one")]
Positive = Annotated[str, Field(pattern=r"^\d{1,12}\.\d{2}$", examples=["25000.00"])]
Signed = Annotated[str, Field(pattern=r"^-?\d{1,12}\.\d{2}$", examples=["21400.00"])]
Months = Annotated[int, Field(ge=0, le=240, strict=True)]
Name = Annotated[str, text(120)]
Why = Annotated[str, text(300)]


class VentureIn(Body):
    """A legal entity that keeps books here."""

    entity: Annotated[str, public_id("ENT")]
    kind: KindCode


class UnitClassIn(Body):
    """A class of units; one that follows referrals is refused."""

    name: Annotated[str, text(60)]
    sort: SortCode
    by: ByCode = "units"
    terms: Annotated[str, text(4_000, length_min=0)] = ""
    rate: Rate = "0"
    compounding: CompoundingCode = "none"
    day_count: DayCountCode = "actual_365"
    threshold: Positive = "0.00"


class HolderIn(Body):
    """Somebody who may hold units; `tenant` is the practice of this house that they are."""

    name: Name
    being: BeingCode
    refers: Yes
    why: Why
    tenant: PracticeName | None = None


class UnitsIn(Body):
    """An entry of the ledger of units. `paid` is what was put in for them, or paid out."""

    act: ActCode
    unit_class: ClassId
    units: Units
    on: date
    why: Why
    from_holder: HolderId | None = None
    to_holder: HolderId | None = None
    paid: Positive = "0.00"
    account: Annotated[str, text(12, length_min=0)] = ""
    vests_from: date | None = None
    cliff_months: Months = 0
    vesting_months: Months = 0


class RevenueIn(Body):
    """Revenue of the year from a day, and how much of it investors brought."""

    starts_on: date
    gross: Positive
    from_investors: Positive
    shows: Why


class AllocationIn(Body):
    """Profit, or a loss below zero."""

    amount: Signed
    on: date
    why: Why


class CallIn(Body):
    """A capital call upon the holders of a class."""

    unit_class: ClassId
    amount: Positive
    due_on: date
    purpose: Why


class SharePaidIn(Body):
    """What came from a holder."""

    holder: HolderId
    amount: Positive
    on: date


class ShareDefaultIn(Body):
    """A holder who did not pay, and what was done."""

    holder: HolderId
    why: Why


class DistributionIn(Body):
    """A distribution; by anything that follows referrals it is refused."""

    amount: Positive
    by: ByCode = "units"
    why: Why


class PaidOnIn(Body):
    """The day on which it was paid."""

    on: date


class RolloverIn(Body):
    """A sale with a rollover and the second sale, as `openmso equity rollover` takes them."""

    ebitda: Positive
    multiple: Annotated[str, Field(pattern=r"^\d{1,4}(\.\d{1,3})?$", examples=["10"])]
    buyer_cash: Positive
    debt: Positive = "0.00"
    exit_ebitda: Positive
    exit_multiple: Annotated[str, Field(pattern=r"^\d{1,4}(\.\d{1,3})?$", examples=["10"])]
    exit_debt: Positive = "0.00"


class VentureRowOut(Schema):
    """A cap table as it stands today; `verdict` is that of the joint venture test, where it is one."""

    id: str
    name: str
    owner: str
    kind: KindCode
    holders: int
    capital: Amount
    preferred: Amount
    called: Amount
    declared: Amount
    verdict: str


class HoldingOut(Schema):
    """What a holder has of a class on the day."""

    holder: str
    name: str
    refers: bool
    unit_class: str
    units: str
    vested: str
    of_class: str
    account: Amount
    capital: Amount
    preferred: Amount


class UnitClassOut(Schema):
    """A class of units."""

    id: str
    name: str
    sort: SortCode
    preferred_return: str
    threshold: Amount
    terms: str


class HolderOut(Schema):
    """Somebody who may hold units."""

    id: str
    name: str
    being: BeingCode
    refers: bool
    why: str


class PointOut(Schema):
    """A point of the joint venture test."""

    point: str
    verdict: str
    found: str
    citation: str


class CallShareOut(Schema):
    """A holder's share of a call."""

    holder: str
    name: str
    amount: Amount
    paid: Amount
    standing: str


class CapitalCallOut(Schema):
    """A capital call."""

    id: str
    venture: str
    unit_class: str
    amount: Amount
    paid: Amount
    purpose: str
    noticed_on: date
    due_on: date
    shares: list[CallShareOut]


class DistributionShareOut(Schema):
    """A share of a distribution."""

    tier: str
    holder: str
    name: str
    unit_class: str
    of: str
    amount: Amount


class DistributionOut(Schema):
    """A distribution as it was computed."""

    id: str
    venture: str
    amount: Amount
    on: date
    why: str
    standing: str
    paid_on: date | None
    entry: str
    shares: list[DistributionShareOut]


class VentureOut(Schema):
    """A cap table on a day."""

    id: str
    name: str
    owner: str
    kind: KindCode
    on: date
    classes: list[UnitClassOut]
    holders: list[HolderOut]
    held: list[HoldingOut]
    test: list[PointOut]
    calls: list[CapitalCallOut]
    distributions: list[DistributionOut]


class UnitEntryOut(Schema):
    """An entry of the ledger of units."""

    id: str
    number: int
    act: ActCode
    unit_class: str
    units: str
    on: date
    from_holder: str
    to_holder: str
    paid: Amount
    vests: str
    why: str
    entry: str


def row_data(one: VentureRow) -> dict[str, Any]:
    """A row of the list as plain data."""
    return {
        "id": one.public_id, "name": one.name, "owner": one.practice_name, "kind": one.kind.value,
        "holders": one.holders, "capital": str(one.capital), "preferred": str(one.preferred),
        "called": str(one.open_calls), "declared": str(one.to_pay), "verdict": one.verdict.value if one.verdict else "",
    }  # fmt: skip


def table_data(one: Table, held: list[Holding], points: list[Point], on: date) -> dict[str, Any]:
    """A cap table on a day as plain data: what the API and the command say."""
    return {
        "id": one.public_id, "name": one.name, "owner": one.practice_name, "kind": one.kind.value, "on": on,
        "classes": [
            {"id": each.public_id, "name": each.name, "sort": each.sort.value, "terms": each.terms,
             "preferred_return": holding.terms_of(each).sentence if each.rate else "",
             "threshold": str(each.threshold)}
            for each in one.classes
        ],
        "holders": [_holder(each) for each in one.holders], "held": [holding_data(each) for each in held],
        "test": [
            {"point": each.words, "verdict": each.verdict.value, "found": each.found, "citation": each.citation}
            for each in points
        ],
        "calls": [call_data(each) for each in one.calls],
        "distributions": [distribution_data(each) for each in one.distributions],
    }  # fmt: skip


def _holder(one: Holder) -> dict[str, Any]:
    return {"id": one.public_id, "name": one.name, "being": one.being.value, "refers": one.refers, "why": one.why}


def holding_data(one: Holding) -> dict[str, Any]:
    """What a holder has, as plain data."""
    return {
        "holder": one.holder.public_id, "name": one.holder.name, "refers": one.holder.refers,
        "unit_class": one.cls.name, "units": f"{one.units.normalize():f}", "vested": f"{one.vested.normalize():f}",
        "of_class": f"{one.of_class:.6f}", "account": str(one.account), "capital": str(one.capital),
        "preferred": str(one.preferred),
    }  # fmt: skip


def call_data(one: Call) -> dict[str, Any]:
    """A capital call as plain data."""
    return {
        "id": one.public_id, "venture": one.venture, "unit_class": one.class_name, "amount": str(one.amount),
        "paid": str(one.paid), "purpose": one.purpose, "noticed_on": one.noticed_on, "due_on": one.due_on,
        "shares": [
            {"holder": each.holder, "name": each.name, "amount": str(each.amount), "paid": str(each.paid),
             "standing": each.standing.value}
            for each in one.shares
        ],
    }  # fmt: skip


def distribution_data(one: Distribution) -> dict[str, Any]:
    """A distribution as plain data."""
    return {
        "id": one.public_id, "venture": one.venture, "amount": str(one.amount), "on": one.on, "why": one.why,
        "standing": one.standing.value, "paid_on": one.paid_on, "entry": one.ledger,
        "shares": [
            {"tier": each.tier.value, "holder": each.holder, "name": each.name, "unit_class": each.class_name,
             "of": each.owed, "amount": str(each.amount)}
            for each in one.shares
        ],
    }  # fmt: skip


def entry_data(one: Entry) -> dict[str, Any]:
    """An entry of the ledger of units as plain data."""
    return {
        "id": one.public_id, "number": one.number, "act": one.act.value, "unit_class": one.class_name,
        "units": plain(one.units).replace(",", ""), "on": one.on, "from_holder": one.frm_name,
        "to_holder": one.to_name, "paid": str(one.paid), "vests": one.says, "why": one.why, "entry": one.ledger,
    }  # fmt: skip
