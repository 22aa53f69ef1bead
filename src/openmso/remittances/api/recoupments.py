"""The API of remittances, continued: what payers took or left beside claims, by reference and line by line."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Query, Schema, Status
from pydantic import Field

from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.schemas import Amount, Body, Words
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, Term
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.remittances.api.money import AdjustmentId
from openmso.remittances.api.money import router as router
from openmso.remittances.contracts import (
    Answer,
    Beside,
    BesideRow,
    ExplanationRow,
    Movement,
    Recoupment,
    RecoupmentPage,
)
from openmso.remittances.queries import recoupments
from openmso.remittances.services import recoupments as services


class RecoupmentOut(Schema):
    """A reference between a payer and a practice; `id` is that of the first adjustment that bears it."""

    id: str
    payer: str
    practice: str
    reference: str
    codes: str
    first_on: date
    last_on: date
    items: int
    state: str
    words: str
    held: Annotated[Amount, Field(description="Against us; below zero where more was taken than was held")]


class MovementOut(Schema):
    """One line of a provider adjustment (PLB), and what the payer holds after it."""

    id: str
    remittance: str
    payer: str
    practice: str
    posted_on: date
    code: str
    words: str
    reference: str
    amount: Annotated[Amount, Field(description="As the file says it: positive takes")]
    held: Amount


class BesideOut(Schema):
    """Money of a remittance that is about no claim of it (PLB): what for, and the account it is kept in."""

    id: str
    remittance: str
    payer: str
    practice: str
    posted_on: date
    kind: str
    code: str
    words: str
    reference: str
    amount: Annotated[Amount, Field(description="As the file says it: positive takes")]
    account: str


class ReversalOut(Schema):
    """A payment that took a claim back under the reference."""

    payment: str
    posted_on: date
    paid: Amount


class ExplanationOut(Schema):
    """What somebody said that a reference answers."""

    answer: str
    answers: str
    why: str
    amount: Amount
    explained_at: datetime
    explained_by: str


class RecoupmentWholeOut(RecoupmentOut):
    """A reference with its movements, reversals and explanations."""

    movements: list[MovementOut]
    reversals: list[ReversalOut]
    explanations: list[ExplanationOut]


class ExplainIn(Body):
    """What a reference answers."""

    answer: Literal["reversal", "refund", "letter", "before", "other", "open"]
    answers: Annotated[str, Field(max_length=40)] = ""
    why: Annotated[str, Field(min_length=1, max_length=400)]


@router.get("/recoupments", response=PageOut[RecoupmentOut])
@operation("remittances.read")
def list_recoupments(
    request: Any, page: Query[PageAsk], q: Words = "", state: Literal["", "held", "unexplained", "closed"] = ""
) -> Any:
    """References with a balance, what is not explained first; closed ones where asked."""
    filters = Filters((Term("is", "=", state, state),) if state else (), q)
    found = recoupments.references(filters=filters, page=RowsAsk(page.page, page.size), on=request.actor.today)
    return paged(request, [_row(one) for one in found.rows], found.total or 0, page)


@router.get("/recoupment-lines", response=PageOut[MovementOut])
@operation("remittances.read")
def list_recoupment_lines(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """The ledger between payers and practices, the latest line first; `q` is a payer."""
    found = recoupments.ledger(filters=Filters((), q), page=RowsAsk(page.page, page.size))
    return paged(request, [_movement(one) for one in found.rows], found.total or 0, page)


@router.get("/provider-adjustments", response=PageOut[BesideOut])
@operation("remittances.read")
def list_provider_adjustments(
    request: Any, page: Query[PageAsk], q: Words = "", kind: Beside | None = None, since: date | None = None,
    until: date | None = None,
) -> Any:  # fmt: skip
    """All that payers took or gave beside claims, the latest first; of one kind, and of some accounting days."""
    bounds = [
        *([Term("posted", ">=", since, str(since))] if since else []),
        *([Term("posted", "<", until, str(until))] if until else []),
    ]
    kinds = [Term("kind", "=", kind.value, kind.value)] if kind else []
    filters = Filters((*kinds, *bounds), q)
    found = recoupments.beside(filters=filters, page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: recoupments.tally_beside(filters=filters))
    return paged(request, [_beside(one) for one in found.rows], total, page)


@router.get("/recoupments/{adjustment}", response=RecoupmentWholeOut)
@operation("remittances.read")
def get_recoupment(request: Any, adjustment: AdjustmentId) -> Any:
    """The reference of an adjustment, whole."""
    return _whole(recoupments.recoupment(adjustment, on=request.actor.today))


@router.post("/recoupments/{adjustment}/explanations", response={201: RecoupmentWholeOut})
@operation("remittances.match")
def explain_recoupment(request: Any, adjustment: AdjustmentId, body: ExplainIn) -> Any:
    """Say what the balance of a reference answers; the books are not moved by that."""
    actor = request.actor
    services.explain(
        actor=actor, adjustment=adjustment, answer=Answer(body.answer), answers=body.answers, why=body.why, at=actor.at
    )
    with reading():
        return Status(201, _whole(recoupments.recoupment(adjustment, on=actor.today)))


def _row(one: Recoupment) -> dict[str, Any]:
    return {
        "id": one.public_id, "payer": one.payer_name, "practice": one.practice_name, "reference": one.reference,
        "codes": one.codes, "first_on": one.first_on, "last_on": one.last_on, "items": one.items,
        "state": one.state.value, "words": one.words, "held": one.held,
    }  # fmt: skip


def _movement(one: Movement) -> dict[str, Any]:
    return {
        "id": one.row.public_id, "remittance": one.row.remittance, "payer": one.payer_name,
        "practice": one.practice_name, "posted_on": one.posted_on, "code": one.row.code, "words": one.row.words,
        "reference": one.row.reference, "amount": one.row.amount, "held": one.held,
    }  # fmt: skip


def _beside(one: BesideRow) -> dict[str, Any]:
    return {
        "id": one.row.public_id, "remittance": one.row.remittance, "payer": one.payer_name,
        "practice": one.practice_name, "posted_on": one.posted_on, "kind": one.kind.value, "code": one.row.code,
        "words": one.row.words, "reference": one.row.reference, "amount": one.row.amount, "account": one.row.account,
    }  # fmt: skip


def _explanation(one: ExplanationRow) -> dict[str, Any]:
    return {
        "answer": one.answer.value, "answers": one.answers, "why": one.why, "amount": one.amount,
        "explained_at": one.explained_at, "explained_by": one.explained_by,
    }  # fmt: skip


def _whole(one: RecoupmentPage) -> dict[str, Any]:
    return _row(one.row) | {
        "movements": [_movement(each) for each in one.movements],
        "reversals": [{"payment": name, "posted_on": on, "paid": paid} for name, on, paid in one.reversals],
        "explanations": [_explanation(each) for each in one.explanations],
    }  # fmt: skip
