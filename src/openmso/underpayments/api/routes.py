"""The API of underpayments: the queue, accepting, and disputes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema, Status

from openmso.contracting import queries as contracting
from openmso.kit.classes import DataClass
from openmso.kit.periods import Month
from openmso.parties.queries import payers
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.queues import Queued, reasoned
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Amount, Body, PracticeName, Words, public_id, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.underpayments import allowing, queries, repricing
from openmso.underpayments.contracts import (
    By,
    Repriced,
    Repricing,
    ShortLine,
)
from openmso.underpayments.services import lines
from openmso.underpayments.tables import UNDERPAYMENTS

router = Router(tags=["Underpayments"])
UnderpaymentId = Annotated[str, public_id("UPY")]


class UnderpaymentOut(Schema):
    """A line that was paid short: what the contract expects, by which term, and what was allowed."""

    id: str
    claim: str
    line: int
    code: Annotated[str, of_class(DataClass.CLINICAL)]
    service_on: Annotated[date, of_class(DataClass.CLINICAL)]
    payer: str
    expected: Amount
    allowed: Amount
    short: Amount
    recovered: Amount
    cause: str
    state: str
    contract: str
    version: int
    term: str
    payment: str
    reasons: Annotated[list[str], of_class(DataClass.CLINICAL)]
    found_on: date
    dispute: str


class AcceptanceIn(Body):
    """Why a line is left as it was paid."""

    why: Annotated[str, text(300)]


class DisputeIn(Body):
    """Whose short payments go into a packet."""

    practice: PracticeName
    payer: Annotated[str, public_id("PAY")]


class DisputeOut(Schema):
    """A dispute with its packet, a document."""

    id: str
    payer: str
    lines: int
    amount: Amount
    document: str
    made_at: datetime
    made_by: str


class RepricedOut(Schema):
    """A code or clinician: sums over the lines that both sets of terms price; `untold` lines are left out of them."""

    name: str
    lines: int
    untold: int
    charged: Amount
    current: Amount
    proposed: Amount
    difference: Amount


class RepricingOut(Schema):
    """What claims would have brought under a version of a contract, or its draft."""

    contract: str
    payer_name: str
    version: int
    is_draft: bool
    since: date
    until: date
    allowed: Amount
    total: RepricedOut
    by_code: list[RepricedOut]
    by_clinician: list[RepricedOut]


@router.get("/payer-contracts/{contract}/versions/{number}/repricing", response=RepricingOut)
@operation("contracting.read")
def reprice_payer_contract(
    request: Any, contract: Annotated[str, public_id("PCN")], number: int, since: date | None = None,
    until: date | None = None,
) -> Any:  # fmt: skip
    """What the claims with services from a day to before another would have brought under a version, or the draft.

    Of the twelve months before this one, where no days are given.
    """
    first, last = repricing.year_before(request.actor.today)
    since, until = since or first, until or last
    return repriced_json(repricing.reprice(contract=contract, number=number, since=since, until=until))


class AllowedCodeOut(Schema):
    """A code of a contract's lines that were paid: what was expected and what was allowed, and what stands as short."""

    code: str
    lines: int
    expected: Amount
    allowed: Amount
    difference: Amount
    short: int
    missing: Amount


@router.get("/payer-contracts/{contract}/allowed", response=list[AllowedCodeOut])
@operation("underpayments.read")
def list_allowed_by_code(
    request: Any, contract: Annotated[str, public_id("PCN")], since: date | None = None, until: date | None = None
) -> Any:
    """What the payer allowed by code, of services from a day to before another; without days, of the last year."""
    first, last = repricing.year_before(request.actor.today)
    found = allowing.by_code(
        contracting.contract(contract), since=since or first, until=until or Month.of(last).plus(1).first
    )
    names = AllowedCodeOut.model_fields
    return [
        {name: value if isinstance(value := getattr(row, name), str | int) else str(value) for name in names}
        for row in found
    ]


def repriced_json(found: Repricing) -> dict[str, Any]:
    """A repricing as software reads it."""
    return {
        "contract": found.contract, "payer_name": found.payer, "version": found.version, "is_draft": found.is_draft,
        "since": found.since, "until": found.until, "allowed": str(found.allowed), "total": _repriced(found.total),
        "by_code": [_repriced(one) for one in found.by[By.CODE]],
        "by_clinician": [_repriced(one) for one in found.by[By.CLINICIAN]],
    }  # fmt: skip


def _repriced(one: Repriced) -> dict[str, Any]:
    return {
        "name": one.name, "lines": one.lines, "untold": one.untold, "charged": str(one.charged),
        "current": str(one.current), "proposed": str(one.proposed), "difference": str(one.difference),
    }  # fmt: skip


class QueuedUnderpaymentOut(UnderpaymentOut, Queued):
    """The same, with why it is next."""


@router.get("/underpayments", response=PageOut[QueuedUnderpaymentOut])
@operation("underpayments.read")
def list_underpayments(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """What payers paid short, the dearest first; `q` is a claim or how a code begins."""
    found = queries.listing(filters=Filters(text=q), page=RowsAsk(page.page, page.size))
    reads.many(request, of="underpayments", practices=[one.practice for one in found.rows], shows=QueuedUnderpaymentOut)
    return paged(request, reasoned(request, UNDERPAYMENTS, found.rows, _told), found.total or 0, page)


@router.get("/underpayments/{underpayment}", response=UnderpaymentOut)
@operation("underpayments.read")
def get_underpayment(request: Any, underpayment: UnderpaymentId) -> Any:
    """One line that was paid short."""
    return whole_answer(request, underpayment)


@router.post("/underpayments/{underpayment}/acceptance", response=UnderpaymentOut)
@operation("underpayments.work")
def accept_underpayment(request: Any, underpayment: UnderpaymentId, body: AcceptanceIn) -> Any:
    """Leave a line as it was paid, with a reason."""
    lines.accept(actor=request.actor, underpayment=underpayment, why=body.why, at=request.actor.at)
    with reading():
        return whole_answer(request, underpayment)


@router.get("/disputes", response=list[DisputeOut])
@operation("underpayments.read")
def list_disputes(request: Any) -> Any:
    """The latest disputes; a packet is opened as a document."""
    return [_dispute(one) for one in queries.disputes()]


@router.post("/disputes", response={201: DisputeOut})
@operation("underpayments.work")
def make_dispute(request: Any, body: DisputeIn) -> Any:
    """Make a packet of all that a payer paid short in a practice and nobody disputed yet."""
    with reading():
        practice = tenancy.key_in_scope(body.practice)
        payer = payers.by_public_id(body.payer).id
    made = lines.dispute(actor=request.actor, practice=practice, payer_id=payer, at=request.actor.at)
    with reading():
        return Status(201, _dispute(next(one for one in queries.disputes(practice=practice) if one.public_id == made)))


def whole_answer(request: Any, underpayment: str) -> dict[str, Any]:
    """An underpayment as the API answers it; reading it is told to the trail."""
    one = queries.underpayment(underpayment)
    reads.one(
        request, practice=one.practice, subject=("underpayments.underpayment", underpayment), shows=UnderpaymentOut
    )
    return _told(one)


def _told(one: ShortLine) -> dict[str, Any]:
    return {
        "id": one.public_id, "claim": one.claim, "line": one.line, "code": one.code, "service_on": one.service_on,
        "payer": one.payer, "expected": str(one.expected), "allowed": str(one.allowed), "short": str(one.short),
        "recovered": str(one.recovered), "cause": one.cause.value, "state": one.state.value,
        "contract": one.contract, "version": one.version, "term": one.term, "payment": one.payment,
        "reasons": list(one.reasons), "found_on": one.found_on, "dispute": one.dispute,
    }  # fmt: skip


def _dispute(one: Any) -> dict[str, Any]:
    return {
        "id": one.public_id, "payer": one.payer, "lines": one.lines, "amount": str(one.amount),
        "document": one.document, "made_at": one.made_at, "made_by": one.made_by,
    }  # fmt: skip
