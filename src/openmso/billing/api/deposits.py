"""The API of deposits: slips over patients' payments, and the bank lines that carry them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Query, Schema, Status

from openmso.billing.api.plans import router as router
from openmso.billing.contracts import DEPOSIT, READ, SlipRow
from openmso.billing.queries import deposits
from openmso.billing.services import depositing
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.schemas import Amount, Body, PracticeName, Words, public_id, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

SlipId = Annotated[str, public_id("SLP")]
LineId = Annotated[str, public_id("BNK")]


class DepositSlipOut(Schema):
    """A deposit slip; `line` is the bank line that carries it, once it is found."""

    id: str
    practice: str
    bag: str
    taken_on: date
    amount: Amount
    payments: int
    state: str
    made_at: datetime
    made_by: str
    line: str
    fee: Amount
    banked_on: date | None
    how: str
    why: str
    entry: str
    candidates: list[str]


class DepositSlipsIn(Body):
    """Whose payments go to the bank, and until which day they were taken; today where it is left out."""

    practice: PracticeName
    until_on: date | None = None


class DepositSlipMatchIn(Body):
    """The bank line that carries a slip, and what shows it."""

    line: LineId
    why: Annotated[str, text(300)]


class DepositSlipUndoIn(Body):
    """Why a slip is undone."""

    why: Annotated[str, text(300)]


@router.get("/deposit-slips", response=PageOut[DepositSlipOut])
@operation(READ.code)
def list_deposit_slips(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """The deposit slips, the latest first; `q` is one of them."""
    found = deposits.listing(filters=Filters(text=q), page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: deposits.tally(filters=Filters(text=q)))
    return paged(request, [_slip(one) for one in found.rows], total, page)


@router.post("/deposit-slips", response={201: list[DepositSlipOut]})
@operation(DEPOSIT.code)
def make_deposit_slips(request: Any, body: DepositSlipsIn) -> Any:
    """Put the payments that are on no slip on slips, by books, bag and day."""
    with reading():
        practice = tenancy.key_in_scope(body.practice)
    made = depositing.prepare(actor=request.actor, practice=practice, until=body.until_on, at=request.actor.at)
    with reading():
        return Status(201, [_slip(deposits.slip(one)) for one in made])


@router.get("/deposit-slips/{slip}", response=DepositSlipOut)
@operation(READ.code)
def get_deposit_slip(request: Any, slip: SlipId) -> Any:
    """One slip; `candidates` are bank lines that may carry it."""
    return _read(slip)


@router.post("/deposit-slips/{slip}/match", response=DepositSlipOut)
@operation(DEPOSIT.code)
def match_deposit_slip(request: Any, slip: SlipId, body: DepositSlipMatchIn) -> Any:
    """Say that a bank line carries the slip."""
    depositing.match_by_hand(actor=request.actor, slip=slip, line=body.line, why=body.why, at=request.actor.at)
    with reading():
        return _read(slip)


@router.post("/deposit-slips/{slip}/unmatch", response=DepositSlipOut)
@operation(DEPOSIT.code)
def unmatch_deposit_slip(request: Any, slip: SlipId, body: DepositSlipUndoIn) -> Any:
    """Undo a match: slip and bank line are open again."""
    depositing.unmatch(actor=request.actor, slip=slip, why=body.why, at=request.actor.at)
    with reading():
        return _read(slip)


@router.post("/deposit-slips/{slip}/taking-apart", response=DepositSlipOut)
@operation(DEPOSIT.code)
def take_deposit_slip_apart(request: Any, slip: SlipId, body: DepositSlipUndoIn) -> Any:
    """Take a slip apart that is not in the bank; its payments wait for another one."""
    depositing.take_apart(actor=request.actor, slip=slip, why=body.why, at=request.actor.at)
    with reading():
        return _read(slip)


def _read(slip: str) -> dict[str, Any]:
    return _slip(deposits.slip(slip))


def _slip(row: SlipRow) -> dict[str, Any]:
    return {
        "id": row.public_id, "practice": row.practice_name, "bag": row.bag.value, "taken_on": row.taken_on,
        "amount": row.amount, "payments": row.count, "state": row.state.value, "made_at": row.made_at,
        "made_by": row.made_by, "line": row.line, "fee": row.fee, "banked_on": row.banked_on, "how": row.how,
        "why": row.why, "entry": row.entry, "candidates": [line.public_id for line in deposits.candidates(row)],
    }  # fmt: skip
