"""The API of payer contracts: reading, drafting and publishing versions, and what a code would bring."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Query, Router, Schema, Status
from pydantic import Field

from openmso.contracting import queries, services
from openmso.contracting.contracts import RATES_MAX, Ask, Change, Contract, RateLine, Terms, Version
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.parties.queries import payers
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import Amount, Body, Words, Yes, public_id, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

router = Router(tags=["Payer contracts"])
PracticeId = Annotated[str, public_id("TEN")]
ContractId = Annotated[str, public_id("PCN")]


class RateIn(Body):
    """What is agreed for a unit; without a facility amount it is the same in a facility."""

    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{5}$")]
    modifier: Annotated[str, Field(pattern=r"^([A-Z0-9]{2})?$")] = ""
    amount: Annotated[str, Field(pattern=r"^\d{1,7}\.\d{2}$")]
    facility_amount: Annotated[str, Field(pattern=r"^\d{1,7}\.\d{2}$")] | None = None


class ContractDraftIn(Body):
    """A version of a contract as people write it; docs/how-to/contracts.md has the forms of its terms."""

    payer: Annotated[str, public_id("PAY")]
    starts_on: date
    ends_on: date | None = None
    wording: Annotated[str, text(20_000)]
    limits: Annotated[str, text(2_000, length_min=0)] = ""
    procedures: Annotated[str, text(60)] = "medicare"
    bilateral: Annotated[str, Field(pattern=r"^[12](\.\d{1,4})?$", examples=["1.5"])] = "1.5"
    lesser_of_charge: Yes = True
    sequestration: Yes = False
    rates: Annotated[list[RateIn], Field(max_length=RATES_MAX)] = []


class ContractVersionOut(Schema):
    """A version, or the draft; its fee schedule is a list of its own."""

    number: int
    starts_on: date
    ends_on: date | None
    wording: str
    limits: str
    procedures: str
    bilateral: str
    lesser_of_charge: bool
    sequestration: bool
    rates: int
    written_at: datetime
    written_by: str


class ContractOut(Schema):
    """A contract with its published versions, the latest first, and the draft on the desk."""

    id: str
    practice: str
    payer: str
    payer_name: str
    versions: list[ContractVersionOut]
    draft: ContractVersionOut | None


class ContractRowOut(Schema):
    """A contract as it holds today; version 0 where nothing does."""

    id: str
    payer_name: str
    version: int
    starts_on: date | None
    ends_on: date | None
    pays: str
    rates: int
    has_draft: bool


class RateOut(Schema):
    """A line of a fee schedule."""

    code: str
    modifier: str
    amount: Amount
    facility_amount: Amount


class ContractChangeOut(Schema):
    """What differs."""

    what: str
    before: str
    after: str


class PriceStepOut(Schema):
    """One step to an amount."""

    words: str
    amount: Amount


class ExpectedOut(Schema):
    """What a line should bring, by which term; without an amount the words are the reason."""

    amount: Amount | None
    words: str
    steps: list[PriceStepOut]


@router.get("/practices/{practice}/payer-contracts", response=PageOut[ContractRowOut])
@operation("contracting.read")
def list_payer_contracts(request: Any, practice: PracticeId, page: Query[PageAsk], q: Words = "") -> Any:
    """The payer contracts of a practice as they hold today; `q` is part of the payer's name."""
    key = tenancy.key_in_scope(practice)
    found = queries.listing(
        on=tenancy.today(key, request.actor.at), filters=Filters(text=q), practice=key,
        page=RowsAsk(page.page, page.size),
    )  # fmt: skip
    rows = [
        {
            "id": one.public_id, "payer_name": one.payer, "version": one.version, "starts_on": one.starts_on,
            "ends_on": one.ends_on, "pays": one.pays, "rates": one.rates, "has_draft": one.has_draft,
        }
        for one in found.rows
    ]  # fmt: skip
    return paged(request, rows, found.total or 0, page)


@router.post("/practices/{practice}/payer-contracts", response={201: ContractOut})
@operation("contracting.draft")
def draft_payer_contract(request: Any, practice: PracticeId, body: ContractDraftIn) -> Any:
    """Put a version on the desk, in place of the draft that is there; it prices nothing until it is published."""
    with reading():
        key = tenancy.key_in_scope(practice)
        payer = payers.by_public_id(body.payer).id
    rates = tuple(
        RateLine(one.code, one.modifier, Money.of(one.amount), Money.of(one.facility_amount or one.amount))
        for one in body.rates
    )  # fmt: skip
    terms = Terms(
        body.wording, body.limits, body.procedures, Decimal(body.bilateral), body.lesser_of_charge,
        body.sequestration, rates,
    )  # fmt: skip
    made = services.draft(
        actor=request.actor, practice=key, payer_id=payer, terms=terms, starts_on=body.starts_on,
        ends_on=body.ends_on, at=request.actor.at,
    )  # fmt: skip
    return Status(201, _contract(made))


@router.get("/payer-contracts/{contract}", response=ContractOut)
@operation("contracting.read")
def get_payer_contract(request: Any, contract: ContractId) -> Any:
    """A contract with its versions."""
    return _contract(queries.contract(contract))


@router.post("/payer-contracts/{contract}/withdrawal", response=ContractOut)
@operation("contracting.draft")
def withdraw_payer_contract_draft(request: Any, contract: ContractId) -> Any:
    """Take the draft off the desk."""
    return _contract(services.withdraw(actor=request.actor, contract=contract, at=request.actor.at))


@router.post("/payer-contracts/{contract}/publication", response=ContractOut)
@operation("contracting.publish")
def publish_payer_contract(request: Any, contract: ContractId) -> Any:
    """Publish the draft: it prices charges for services from its first day on."""
    return _contract(services.publish(actor=request.actor, contract=contract, at=request.actor.at))


@router.get("/payer-contracts/{contract}/versions/{number}/rates", response=PageOut[RateOut])
@operation("contracting.read")
def list_payer_contract_rates(
    request: Any, contract: ContractId, number: int, page: Query[PageAsk], q: Words = ""
) -> Any:
    """The fee schedule of a published version; `q` is how a code begins."""
    _version(queries.contract(contract), number)
    found = queries.rates(contract=contract, number=number, text=q, page=RowsAsk(page.page, page.size))
    rows = [
        {
            "code": one.code, "modifier": one.modifier, "amount": str(one.nonfacility),
            "facility_amount": str(one.facility),
        }
        for one in found.rows
    ]  # fmt: skip
    return paged(request, rows, found.total or 0, page)


@router.get("/payer-contracts/{contract}/versions/{number}/changes", response=list[ContractChangeOut])
@operation("contracting.read")
def list_payer_contract_changes(request: Any, contract: ContractId, number: int) -> list[Change]:
    """What a version, or the draft, changes of the version before it."""
    found = queries.contract(contract, with_rates=True)
    after = _version(found, number)
    before = next((one for one in found.versions if one.number < number), None)
    return queries.changes(before, after) if before else []


@router.get("/payer-contracts/{contract}/versions/{number}/price", response=ExpectedOut)
@operation("contracting.read")
def price_by_payer_contract(
    request: Any, contract: ContractId, number: int,
    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{5}(-[A-Z0-9]{2}){0,4}$", examples=["92250-26"])],
    charge: Annotated[str, Field(pattern=r"^\d{1,7}\.\d{2}$")],
    units: Annotated[int, Field(ge=1, le=9_999)] = 1,
    place_of_service: Annotated[str, Field(pattern=r"^\d{2}$")] = "11",
) -> Any:  # fmt: skip
    """What a version, or the draft, would expect for a line, step by step; nothing is changed by asking."""
    found = queries.contract(contract, with_rates=True)
    shown = _version(found, number)
    named, *modifiers = code.split("-")
    on = max(tenancy.today(found.practice, request.actor.at), shown.days.starts_on)
    asked = Ask(
        0, 0, found.payer_id, named, tuple(modifiers), Decimal(units), place_of_service, Money.of(charge), on
    )  # fmt: skip
    answer = queries.tried(shown.terms, asked, f"{contract}/{number}")
    return {
        "amount": None if answer.amount is None else str(answer.amount), "words": answer.words,
        "steps": [{"words": step.words, "amount": str(step.amount)} for step in answer.steps],
    }  # fmt: skip


def _version(found: Contract, number: int) -> Version:
    shown = found.version(number)
    if shown is None:
        raise NotFound(f"There is no version {number}.", field="number")
    return shown


def _contract(one: Contract) -> dict[str, Any]:
    return {
        "id": one.public_id, "practice": one.practice_public_id, "payer": one.payer_public_id,
        "payer_name": one.payer, "versions": [_told(each) for each in one.versions],
        "draft": _told(one.draft) if one.draft else None,
    }  # fmt: skip


def _told(one: Version) -> dict[str, Any]:
    terms = one.terms
    return {
        "number": one.number, "starts_on": one.days.starts_on, "ends_on": one.days.ends_on, "wording": terms.wording,
        "limits": terms.limits, "procedures": terms.procedures, "bilateral": f"{terms.bilateral.normalize():f}",
        "lesser_of_charge": terms.lesser_of_charge, "sequestration": terms.sequestration, "rates": one.rates,
        "written_at": one.written_at, "written_by": one.written_by,
    }  # fmt: skip
