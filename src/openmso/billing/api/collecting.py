"""The API of patients who do not pay: accounts by stage, runs over them, agencies."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import File, Query, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from openmso.billing.api.online import router as router
from openmso.billing.api.routes import Demographic
from openmso.billing.contracts import (
    APPROVE,
    COLLECT,
    READ,
    SETUP,
    STATE,
    AgencyRow,
    ChaseRow,
    PlacementRow,
    SweepKind,
    SweepRow,
    SweptRow,
)
from openmso.billing.queries import chasing, sweeps
from openmso.billing.services import placing, sweeping
from openmso.billing.tables.collecting import CHASES, SWEEPS
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.queues import Queued, reasoned
from openmso.platform.api.schemas import Amount, Body, Count, PracticeName, Words, public_id, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

SweepId = Annotated[str, public_id("CRN")]
AgencyId = Annotated[str, public_id("AGY")]
PlacementId = Annotated[str, public_id("PLC")]


class DunnedAccountOut(Schema):
    """How far a patient was asked, and what comes next; `next` is empty where something stops it."""

    patient: Annotated[str, Demographic]
    practice: str
    owed: Amount
    stage: str
    stage_on: date | None
    next: str
    due_on: date | None
    words: str


class AccountRunOut(Schema):
    """A run over accounts; `paper` and `sheet` are documents.

    While it is begun or being done, `looked` of `whole` accounts are (not known yet where that is null).
    """

    id: str
    practice: str
    kind: str
    agency: str
    on: date
    state: str
    made_at: datetime
    made_by: str
    decided_at: datetime | None
    decided_by: str
    decided_why: str
    accounts: int
    amount: Amount
    paper: str
    sheet: str
    whole: int | None
    looked: int


class RunAccountOut(Schema):
    """What a run proposes for an account, why, and what came of it."""

    number: int
    patient: Annotated[str, Demographic]
    deed: str
    amount: Amount
    words: str
    state: str
    why: str
    act: str


class AccountRunIn(Body):
    """What a run is for, at which practice, and for which agency."""

    practice: PracticeName
    kind: Literal["small", "dunning", "agency", "charity"]
    agency: AgencyId | None = None


class AccountRunApprovalIn(Body):
    """The checks by which small credits go back, where there are any."""

    reference: Annotated[str, text(40, length_min=0)] = ""


class AccountRunRefusalIn(Body):
    """Why a run is not approved."""

    why: Annotated[str, text(300)]


class RunAccountsIn(Body):
    """Accounts of a run by their numbers, and why they are left out or owe again."""

    numbers: Annotated[list[Count], Field(min_length=1, max_length=500)]
    why: Annotated[str, text(300)]


class CollectionAgencyOut(Schema):
    """A collection agency, what it keeps, what it has and brought."""

    id: str
    practice: str
    name: str
    fee_percent: Decimal
    accounts: int
    has: Amount
    brought: Amount
    kept: Amount


class CollectionAgencyIn(Body):
    """A collection agency, and the percentage that it keeps."""

    practice: PracticeName
    name: Annotated[str, text(120)]
    fee_percent: Annotated[Decimal, Field(ge=0, lt=100, decimal_places=2)]


class PlacementOut(Schema):
    """An account that was handed over to an agency."""

    id: str
    practice: str
    patient: Annotated[str, Demographic]
    agency: str
    amount: Amount
    placed_on: date
    state: str
    ended_on: date | None
    ended_why: str
    recovered: Amount
    fee: Amount


class RecallIn(Body):
    """Accounts of one agency, and why they are taken back."""

    placements: Annotated[list[PlacementId], Field(min_length=1, max_length=500)]
    why: Annotated[str, text(300)]


class RecallOut(Schema):
    """The document that takes accounts back from their agency."""

    document: str


class AgencyFileTakenOut(Schema):
    """How many lines of an agency's file were taken, and how much was paid by them."""

    lines: int
    amount: Amount


class QueuedDunnedAccountOut(DunnedAccountOut, Queued):
    """The same, with why it is next."""


@router.get("/dunned-accounts", response=PageOut[QueuedDunnedAccountOut])
@operation(READ.code)
def list_dunned_accounts(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """The accounts that owe by how far they were asked, what is due first; `q` is a patient."""
    found = chasing.listing(filters=Filters(text=q), page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: chasing.tally(filters=Filters(text=q)))
    reads.many(
        request, of="dunned-accounts", practices=[one.practice for one in found.rows], shows=QueuedDunnedAccountOut
    )
    return paged(request, reasoned(request, CHASES, found.rows, _chase), total, page)


class QueuedAccountRunOut(AccountRunOut, Queued):
    """The same, with why it is next."""


@router.get("/account-runs", response=PageOut[QueuedAccountRunOut])
@operation(READ.code)
def list_account_runs(request: Any, page: Query[PageAsk]) -> Any:
    """The runs over accounts, the latest first."""
    found = sweeps.listing(filters=Filters(), page=RowsAsk(page.page, page.size))
    return paged(request, reasoned(request, SWEEPS, found.rows, _sweep), sweeps.tally(filters=Filters()).total, page)


@router.post("/account-runs", response={201: AccountRunOut})
@operation(STATE.code)
def propose_account_run(request: Any, body: AccountRunIn) -> Any:
    """Look at every account and propose what is to be done; nothing happens until it is decided.

    Many accounts are looked at by a job: the run is `begun` then, and says how far it is.
    """
    with reading():
        practice = tenancy.key_in_scope(body.practice)
    made = sweeping.start(
        actor=request.actor, practice=practice, kind=SweepKind(body.kind), agency=body.agency or "",
        at=request.actor.at,
    )  # fmt: skip
    with reading():
        return Status(201, _sweep(sweeps.sweep(made)))


@router.get("/account-runs/{sweep}", response=AccountRunOut)
@operation(READ.code)
def get_account_run(request: Any, sweep: SweepId) -> Any:
    """One run."""
    return _sweep(sweeps.sweep(sweep))


@router.get("/account-runs/{sweep}/accounts", response=PageOut[RunAccountOut])
@operation(READ.code)
def list_accounts_of_run(request: Any, sweep: SweepId, page: Query[PageAsk], q: Words = "") -> Any:
    """The accounts that a run looked at, the largest amount first; `q` is a patient."""
    sweeps.sweep(sweep)
    filters = Filters(text=q)
    found = sweeps.of_sweep(sweep, filters=filters, page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: sweeps.accounts_tally(sweep, filters=filters))
    reads.many(request, of="account-runs", practices=[one.practice for one in found.rows], shows=RunAccountOut)
    return paged(request, [_swept(one) for one in found.rows], total, page)


@router.post("/account-runs/{sweep}/approval", response=AccountRunOut)
@operation(STATE.code)
def approve_account_run(request: Any, sweep: SweepId, body: AccountRunApprovalIn) -> Any:
    """Do what a run proposes; where money is given up or an account goes away, never one's own run.

    Many accounts are done by a job: the run is `doing` then, and says how far it is.
    """
    sweeping.approve_soon(actor=request.actor, sweep=sweep, reference=body.reference, at=request.actor.at)
    with reading():
        return _sweep(sweeps.sweep(sweep))


@router.post("/account-runs/{sweep}/continuation", response={202: AccountRunOut})
@operation(STATE.code)
def continue_account_run(request: Any, sweep: SweepId) -> Any:
    """Have a run that was interrupted go on where it stands; nothing of it is done twice."""
    sweeping.take_up(actor=request.actor, sweep=sweep, at=request.actor.at)
    with reading():
        return Status(202, _sweep(sweeps.sweep(sweep)))


@router.post("/account-runs/{sweep}/refusal", response=AccountRunOut)
@operation(STATE.code)
def refuse_account_run(request: Any, sweep: SweepId, body: AccountRunRefusalIn) -> Any:
    """Say no to a run: nothing of it is done, of one that is being done nothing more."""
    sweeping.refuse(actor=request.actor, sweep=sweep, why=body.why, at=request.actor.at)
    with reading():
        return _sweep(sweeps.sweep(sweep))


@router.post("/account-runs/{sweep}/left-out", response=AccountRunOut)
@operation(STATE.code)
def leave_accounts_out(request: Any, sweep: SweepId, body: RunAccountsIn) -> Any:
    """Leave accounts out of a run that waits."""
    sweeping.leave_out(actor=request.actor, sweep=sweep, numbers=body.numbers, why=body.why, at=request.actor.at)
    with reading():
        return _sweep(sweeps.sweep(sweep))


@router.post("/account-runs/{sweep}/taken-back", response=AccountRunOut)
@operation(APPROVE.code)
def take_run_back(request: Any, sweep: SweepId, body: RunAccountsIn) -> Any:
    """Let accounts owe again what a run of small balances gave up."""
    for number in body.numbers:
        sweeping.take_back(actor=request.actor, sweep=sweep, number=number, why=body.why, at=request.actor.at)
    with reading():
        return _sweep(sweeps.sweep(sweep))


@router.get("/collection-agencies", response=list[CollectionAgencyOut])
@operation(READ.code)
def list_collection_agencies(request: Any) -> Any:
    """The collection agencies, what they have and brought."""
    return [_agency(one) for one in sweeps.agencies()]


@router.post("/collection-agencies", response={201: CollectionAgencyOut})
@operation(SETUP.code)
def name_collection_agency(request: Any, body: CollectionAgencyIn) -> Any:
    """Name a collection agency of a practice."""
    with reading():
        practice = tenancy.key_in_scope(body.practice)
    made = placing.name_agency(
        actor=request.actor, practice=practice, name=body.name, fee_percent=body.fee_percent, at=request.actor.at
    )
    with reading():
        return Status(201, _agency(sweeps.agency(made)))


@router.get("/collection-agencies/{agency}", response=CollectionAgencyOut)
@operation(READ.code)
def get_collection_agency(request: Any, agency: AgencyId) -> Any:
    """One agency."""
    return _agency(sweeps.agency(agency))


@router.post("/collection-agencies/{agency}/files", response={201: AgencyFileTakenOut})
@operation(COLLECT.code)
def take_agency_file(request: Any, agency: AgencyId, file: File[UploadedFile]) -> Any:
    """Take what an agency sent: payments, adjustments and accounts that it gives back; all of it or nothing."""
    with reading():
        sweeps.agency(agency)
    lines, amount = placing.take_file(
        actor=request.actor, agency=agency, name=file.name or "agency.csv", content=file.read(), at=request.actor.at
    )
    return Status(201, {"lines": lines, "amount": amount})


@router.get("/placements", response=PageOut[PlacementOut])
@operation(READ.code)
def list_placements(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """What agencies have and had, the latest first; `q` is a patient or a placement."""
    found = sweeps.placements(filters=Filters(text=q), page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: sweeps.placements_tally(filters=Filters(text=q)))
    reads.many(request, of="placements", practices=[one.practice for one in found.rows], shows=PlacementOut)
    return paged(request, [_placement(one) for one in found.rows], total, page)


@router.post("/placement-recalls", response={201: RecallOut})
@operation(APPROVE.code)
def recall_placements(request: Any, body: RecallIn) -> Any:
    """Take accounts of one agency back; they are owed again."""
    document = placing.recall(
        actor=request.actor, placements=body.placements, why=body.why, at=request.actor.at
    )  # fmt: skip
    return Status(201, {"document": document})


def _chase(row: ChaseRow) -> dict[str, Any]:
    return {
        "patient": row.patient, "practice": row.practice_name, "owed": row.owed, "stage": row.stage.value,
        "stage_on": row.stage_on, "next": row.next.value if row.next else "", "due_on": row.due_on, "words": row.words,
    }  # fmt: skip


def _sweep(row: SweepRow) -> dict[str, Any]:
    return {
        "id": row.public_id, "practice": row.practice_name, "kind": row.kind.value, "agency": row.agency, "on": row.on,
        "state": row.state.value, "made_at": row.made_at, "made_by": row.made_by, "decided_at": row.decided_at,
        "decided_by": row.decided_by, "decided_why": row.decided_why, "accounts": row.count, "amount": row.amount,
        "paper": row.paper, "sheet": row.sheet, "whole": row.whole, "looked": row.looked,
    }  # fmt: skip


def _swept(row: SweptRow) -> dict[str, Any]:
    return {
        "number": row.number, "patient": row.patient, "deed": row.deed.value, "amount": row.amount, "words": row.words,
        "state": row.state.value, "why": row.why, "act": row.act,
    }  # fmt: skip


def _agency(row: AgencyRow) -> dict[str, Any]:
    return {
        "id": row.public_id, "practice": row.practice_name, "name": row.name, "fee_percent": row.fee_percent,
        "accounts": row.out, "has": row.out_amount, "brought": row.recovered, "kept": row.fees,
    }  # fmt: skip


def _placement(row: PlacementRow) -> dict[str, Any]:
    return {
        "id": row.public_id, "practice": row.practice_name, "patient": row.patient, "agency": row.agency,
        "amount": row.amount, "placed_on": row.placed_on, "state": row.state.value, "ended_on": row.ended_on,
        "ended_why": row.ended_why, "recovered": row.recovered, "fee": row.fee,
    }  # fmt: skip
