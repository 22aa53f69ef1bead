"""The API of card payouts: taken from a report or from the provider, their lines, and what does not tie."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import File, Form, Query, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from openmso.billing.api.tables import router as router
from openmso.billing.contracts import DEPOSIT, READ, PayoutRow
from openmso.billing.queries import payouts
from openmso.billing.services import paying_out, regarding
from openmso.billing.states import Regard
from openmso.billing.tables.payouts import PAYOUTS
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged, total_of
from openmso.platform.api.queues import Queued, reasoned
from openmso.platform.api.schemas import Amount, Body, PracticeName, Words, public_id, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters
from openmso.platform.ui.contracts import PageAsk as RowsAsk

PayoutId = Annotated[str, public_id("PYO")]
PaymentId = Annotated[str, public_id("RCP")]


class CardPayoutOut(Schema):
    """A payout of a card provider: `slip` brings it to the bank once every line ties; `open` lines do not yet."""

    id: str
    practice: str
    name: str
    arrives_on: date
    amount: Amount
    charged: Amount
    fees: Amount
    lines: int
    open: int
    state: str
    why_not: str
    document: str
    slip: str
    entry: str
    taken_at: datetime
    taken_by: str


class CardPayoutLineOut(Schema):
    """A balance transaction, the payment or refund of ours that it is, and why it is none; `why` of a tie by hand."""

    number: int
    name: str
    kind: str
    about: str
    amount: Amount
    fee: Amount
    says: str
    payment: str
    refund: str
    why_not: str
    why: str
    regard: str


class CardPayoutPageOut(CardPayoutOut):
    """One payout with its lines."""

    content: list[CardPayoutLineOut]


class CardPayoutFetchIn(Body):
    """Whose provider is asked."""

    practice: PracticeName


class CardPayoutTieIn(Body):
    """Which payment a line is, and what shows it."""

    number: int
    payment: PaymentId
    why: Annotated[str, text(300)]


class QueuedCardPayoutOut(CardPayoutOut, Queued):
    """The same, with why it is next."""


@router.get("/card-payouts", response=PageOut[QueuedCardPayoutOut])
@operation(READ.code)
def list_card_payouts(request: Any, page: Query[PageAsk], q: Words = "") -> Any:
    """The payouts, the latest first; `q` is one of them, or the provider's name of it."""
    found = payouts.listing(filters=Filters(text=q), page=RowsAsk(page.page, page.size))
    total = total_of(found, lambda: payouts.tally(filters=Filters(text=q)))
    return paged(request, reasoned(request, PAYOUTS, found.rows, _row), total, page)


@router.post("/card-payouts", response={201: list[CardPayoutOut]})
@operation(DEPOSIT.code)
def take_card_payouts(request: Any, practice: Form[PracticeName], file: File[UploadedFile]) -> Any:
    """Take a report (CSV, the itemized payout reconciliation); a payout that is here already stays as it is."""
    with reading():
        key = tenancy.key_in_scope(practice)
    made = paying_out.take(
        actor=request.actor, practice=key, name=file.name or "payouts.csv", content=file.read(), at=request.actor.at
    )
    return _made(made)


@router.post("/card-payouts/fetching", response={201: list[CardPayoutOut]})
@operation(DEPOSIT.code)
def fetch_card_payouts(request: Any, body: CardPayoutFetchIn) -> Any:
    """Ask the practice's provider what it paid out in the last 30 days, and take what is new."""
    with reading():
        key = tenancy.key_in_scope(body.practice)
    return _made(paying_out.fetch(actor=request.actor, practice=key, at=request.actor.at))


@router.get("/card-payouts/{card_payout}", response=CardPayoutPageOut)
@operation(READ.code)
def get_card_payout(request: Any, card_payout: PayoutId) -> Any:
    """One payout with its lines."""
    return _page(card_payout)


@router.post("/card-payouts/{card_payout}/looking", response=CardPayoutPageOut)
@operation(DEPOSIT.code)
def look_at_card_payout(request: Any, card_payout: PayoutId) -> Any:
    """Look whether its lines tie by now."""
    paying_out.look_again(actor=request.actor, payout=card_payout, at=request.actor.at)
    with reading():
        return _page(card_payout)


@router.post("/card-payouts/{card_payout}/tying", response=CardPayoutPageOut)
@operation(DEPOSIT.code)
def tie_card_payout_line(request: Any, card_payout: PayoutId, body: CardPayoutTieIn) -> Any:
    """Say which payment a line is."""
    paying_out.tie(
        actor=request.actor, payout=card_payout, number=body.number, payment=body.payment, why=body.why,
        at=request.actor.at,
    )  # fmt: skip
    with reading():
        return _page(card_payout)


class CardPayoutRegardIn(Body):
    """What a line is that is no payment of ours, and what shows it; `failed` is the payout that it brings again."""

    number: int
    regard: Literal["fee", "reserve", "failed", "unnamed"]
    failed: Annotated[str, Field(max_length=16)] = ""
    why: Annotated[str, text(300)]


class CardPayoutLineIn(Body):
    """Which line."""

    number: int


@router.post("/card-payouts/{card_payout}/regarding", response=CardPayoutPageOut)
@operation(DEPOSIT.code)
def regard_card_payout_line(request: Any, card_payout: PayoutId, body: CardPayoutRegardIn) -> Any:
    """Say what a line is that is no payment of ours; of a payout that ties, its money moves."""
    regarding.regard(
        actor=request.actor, payout=card_payout, number=body.number, regard=Regard(body.regard), failed=body.failed,
        why=body.why, at=request.actor.at,
    )  # fmt: skip
    with reading():
        return _page(card_payout)


@router.post("/card-payouts/{card_payout}/naming", response=CardPayoutPageOut)
@operation(DEPOSIT.code)
def name_card_payout_line(request: Any, card_payout: PayoutId, body: CardPayoutTieIn) -> Any:
    """Say which payment money is that nobody could name when its payout was taken."""
    regarding.name(
        actor=request.actor, payout=card_payout, number=body.number, payment=body.payment, why=body.why,
        at=request.actor.at,
    )  # fmt: skip
    with reading():
        return _page(card_payout)


@router.post("/card-payouts/{card_payout}/opening", response=CardPayoutPageOut)
@operation(DEPOSIT.code)
def open_card_payout_line(request: Any, card_payout: PayoutId, body: CardPayoutLineIn) -> Any:
    """Take back what was said of a line of a payout that does not tie yet."""
    regarding.take_back(actor=request.actor, payout=card_payout, number=body.number, at=request.actor.at)
    with reading():
        return _page(card_payout)


def _made(made: list[str]) -> Any:
    with reading():
        return Status(201, [_row(payouts.payout(one)) for one in made])


def _page(payout: str) -> dict[str, Any]:
    found = payouts.payout(payout)
    return _row(found) | {
        "content": [
            {"number": one.number, "name": one.name, "kind": one.kind.value, "about": one.about, "amount": one.amount,
             "fee": one.fee, "says": one.says, "payment": one.payment, "refund": one.refund, "why_not": one.fault,
             "why": one.why, "regard": one.regard}
            for one in payouts.lines(found)
        ]
    }  # fmt: skip


def _row(row: PayoutRow) -> dict[str, Any]:
    return {
        "id": row.public_id, "practice": row.practice_name, "name": row.name, "arrives_on": row.on,
        "amount": row.amount, "charged": row.charged, "fees": row.fee, "lines": row.count, "open": row.open,
        "state": row.state.value, "why_not": row.words, "document": row.document, "slip": row.slip,
        "entry": row.entry, "taken_at": row.taken_at, "taken_by": row.taken_by,
    }  # fmt: skip
