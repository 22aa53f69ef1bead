"""The API of remittances, continued: deposits, what is awaited in the bank, and money there that nothing explains."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Query, Schema, Status
from pydantic import Field

from openmso.banking.contracts import BankLine
from openmso.kit.ids import NAME
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.queues import Queued, reasoned
from openmso.platform.api.schemas import Amount, Body, Words
from openmso.platform.tenancy.queries import key_in_scope
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.remittances.api.routes import (
    DepositId,
    PracticeId,
)
from openmso.remittances.api.routes import (
    router as router,
)
from openmso.remittances.contracts import (
    Deposit,
    OpenRemittance,
    Punctuality,
)
from openmso.remittances.queries import banked
from openmso.remittances.services import deposits
from openmso.remittances.tables import AWAITED, UNEXPLAINED

Waiting = Annotated[str, Field(pattern=f"^(ERA|BNK)-{NAME}$", examples=["ERA-7K2P9M4X"])]


class DepositWholeOut(Schema):
    """A remittance and the bank line that carries its money."""

    id: str
    remittance: str
    line: str
    amount: Amount
    method: str
    why: str
    posted_on: date
    matched_at: datetime
    matched_by: str
    gap: Annotated[
        int | None, Field(description="Business days from the money to the 835, below zero if the 835 came first")
    ]


class OpenRemittanceOut(Schema):
    """A remittance whose money was not yet found in the bank; `age` in days."""

    id: str
    payer: str
    trace: str
    paid_on: date | None
    amount: Amount
    age: int
    received_on: date
    business_days: Annotated[int, Field(description="Since it was received")]
    late: Annotated[bool, Field(description="Four business days have passed, and the day it is to be paid")]
    fit: Annotated[str, Field(description="Which bank lines could be its money, in words")]


class OpenLineOut(Schema):
    """Money in the bank that no remittance explains yet."""

    id: str
    account: str
    posted_on: date
    amount: Amount
    description: str
    trace: str
    payer_id: Annotated[str, Field(description="TRN03, as the line says it")]
    age: Annotated[int, Field(description="Days since it came")]
    business_days: Annotated[
        int | None, Field(description="Since it came; none of what is no health plan's payment by its own words")
    ]
    late: bool
    fit: Annotated[str, Field(description="Which remittances could explain it, in words")]


class CandidateOut(Schema):
    """A remittance and a bank line that could be one payment.

    `named`: by its trace, but with other cents; `together`: one of the checks that come to the line.
    """

    remittance: OpenRemittanceOut
    line: OpenLineOut
    by: Annotated[str, Field(description="`trace`, `amount` (and day), `cents`, `named` or `together`")]


class FollowUpTextOut(Schema):
    """What to write to a payer about the half that is late, or has other cents."""

    text: Annotated[str, Field(description="Names no patient; empty where there is nothing to ask yet")]


class PunctualityOut(Schema):
    """How one payer's 835 and money came together in a year, and what waits; days are business days."""

    payer: str
    payer_id: str
    deposits: int
    late_remittances: int
    late_money: int
    mean_days: Annotated[str | None, Field(description="Of those that were more than three days apart")]
    worst_days: int
    awaited: int
    awaited_amount: Amount
    awaited_late: int
    missing: int
    missing_amount: Amount
    missing_late: int


class SweepIn(Body):
    """In which practice to look."""

    practice: PracticeId


class SweepOut(Schema):
    """How many were found."""

    matched: int


@router.get("/deposits", response=PageOut[DepositWholeOut])
@operation("remittances.read")
def list_deposits(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """The matches between remittances and bank lines that stand, the latest first."""
    filters = Filters((), q)
    found = banked.deposits(filters=filters, page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: banked.tally_deposits(filters=filters))
    return paged(request, [deposit_answer(one) for one in found.rows], total, page)


@router.get("/deposits/{deposit}", response=DepositWholeOut)
@operation("remittances.read")
def get_deposit(request: Any, deposit: DepositId) -> Any:
    """One match: both sides, how it was found, who did it."""
    return deposit_answer(banked.deposit(deposit))


class QueuedOpenRemittanceOut(OpenRemittanceOut, Queued):
    """The same, with why it is next."""


@router.get("/awaited-remittances", response=PageOut[QueuedOpenRemittanceOut])
@operation("remittances.read")
def list_awaited(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """Remittances whose money was not found in the bank yet, the oldest first."""
    filters = Filters((), q)
    found = banked.awaited(filters=filters, page=RowsAsk(page.page, page.size), on=request.actor.today)
    total = total_of(found, lambda: banked.tally_awaited(filters=filters, on=request.actor.today))
    return paged(request, reasoned(request, AWAITED, found.rows, _open), total, page)


class QueuedOpenLineOut(OpenLineOut, Queued):
    """The same, with why it is next."""


@router.get("/unexplained-lines", response=PageOut[QueuedOpenLineOut])
@operation("remittances.read")
def list_unexplained(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """Money in the bank that no remittance explains yet."""
    filters, on = Filters((), q), request.actor.today
    found = banked.unexplained(filters=filters, page=RowsAsk(page.page, page.size), on=on)
    total = total_of(found, lambda: banked.tally_unexplained(filters=filters, on=on))
    return paged(
        request, reasoned(request, UNEXPLAINED, found.rows, lambda one: _line(one.line, on, one.fit)), total, page
    )


@router.get("/payer-punctuality", response=list[PunctualityOut])
@operation("remittances.read")
def list_payer_punctuality(request: Any) -> Any:
    """How far each payer's remittances and money are apart, those with most that is late first."""
    return [_punctuality(one) for one in banked.punctuality(on=request.actor.today)]


@router.get("/deposit-candidates/{waiting}", response=list[CandidateOut])
@operation("remittances.read")
def list_deposit_candidates(request: Any, waiting: Waiting) -> Any:
    """What could be the other half of an open remittance, or of a bank line, the best reason first."""
    on = request.actor.today
    given, fits = banked.candidates(waiting, on=on)
    if isinstance(given, BankLine) and not fits:
        line = _line(given, on)
        return [
            {"remittance": _open(one), "line": line, "by": "together"} for one in banked.checks_together(given, on=on)
        ]
    return [{"remittance": _open(one.remittance), "line": _line(one.line, on), "by": one.by} for one in fits]


@router.get("/payer-follow-ups/{waiting}", response=FollowUpTextOut)
@operation("remittances.read")
def get_payer_follow_up(request: Any, waiting: Waiting) -> Any:
    """What to write to the payer about an open remittance or bank line whose other half is late."""
    on = request.actor.today
    given, fits = banked.candidates(waiting, on=on)
    return {"text": banked.follow_up(given, fits, on=on)}


@router.post("/deposit-searches", response={201: SweepOut})
@operation("remittances.match")
def match_deposits(request: Any, body: SweepIn) -> Any:
    """Match all of a practice's money that is surely there."""
    actor, practice = request.actor, key_in_scope(body.practice)
    return Status(201, {"matched": deposits.match_deposits(actor=actor, practice=practice, at=actor.at)})


def deposit_answer(one: Deposit) -> dict[str, Any]:
    """A match of a remittance and its bank line, as the API answers it."""
    return {
        "id": one.public_id, "remittance": one.remittance, "line": one.line, "amount": one.amount,
        "method": one.method, "why": one.why, "posted_on": one.posted_on, "matched_at": one.matched_at,
        "matched_by": one.matched_by, "gap": one.gap,
    }  # fmt: skip


def _open(one: OpenRemittance) -> dict[str, Any]:
    return {
        "id": one.public_id, "payer": one.payer_name, "trace": one.trace, "paid_on": one.paid_on,
        "amount": one.amount, "age": one.age, "received_on": one.received_on, "business_days": one.waited.days,
        "late": one.waited.is_late, "fit": one.fit,
    }  # fmt: skip


def _line(one: BankLine, on: date, fit: str = "") -> dict[str, Any]:
    waited = banked.waited(one, on=on)
    return {
        "id": one.public_id, "account": one.account, "posted_on": one.posted_on, "amount": one.amount,
        "description": one.description, "trace": one.trace, "payer_id": one.trace_payer,
        "age": max(0, (on - one.posted_on).days), "business_days": waited.days if waited else None,
        "late": bool(waited and waited.is_late), "fit": fit,
    }  # fmt: skip


def _punctuality(one: Punctuality) -> dict[str, Any]:
    return {
        "payer": one.payer_name, "payer_id": one.payer_key, "deposits": one.deposits,
        "late_remittances": one.late_remittances, "late_money": one.late_money,
        "mean_days": None if one.mean_days is None else str(one.mean_days), "worst_days": one.worst_days,
        "awaited": one.awaited, "awaited_amount": one.awaited_amount, "awaited_late": one.awaited_late,
        "missing": one.missing, "missing_amount": one.missing_amount, "missing_late": one.missing_late,
    }  # fmt: skip
