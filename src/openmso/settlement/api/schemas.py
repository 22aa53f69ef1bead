"""What callers of settlement send and get."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from ninja.files import UploadedFile
from pydantic import Field

from openmso.platform.api.queues import Queued
from openmso.platform.api.schemas import Amount, Body, MonthName, PracticeName, public_id, sent, text
from openmso.settlement.contracts import Paper


def papers_of(files: list[UploadedFile] | None) -> list[Paper]:
    """Files that came with a call, as papers that somebody brings along."""
    return [Paper(file.name or "evidence", sent(file), file.content_type or "") for file in files or ()]


SettlementId = Annotated[str, public_id("SET")]
RunId = Annotated[str, public_id("SRN")]
StateName = Literal["issued", "approved", "paid", "withdrawn"]
CountName = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9_]{0,39}(:[a-z_]{1,40}\.[a-z_]{1,40})?(@[1-9]\d?)?$", examples=["payments_posted"]),
]
"""A count; of a month in several parts, of which of them (`claims@2`)."""
FigureName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}(@[1-9]\d?)?$", examples=["net_collections"])]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", examples=["net_collections"])]


class SettlementRowOut(Schema):
    """A month of one practice, settled; `due` is to be paid now (below zero: paid back), without what is `disputed`."""

    id: str
    practice: str
    month: str
    collected: Amount
    fee: Amount
    due: Amount
    disputed: Amount
    state: str
    invoice: str
    issued_on: date
    due_on: date


class AgedOut(Schema):
    """What a practice is to pay of its invoices, by days past due; what is `disputed` is held, and of no age."""

    practice: str
    invoices: int
    oldest_due_on: date | None
    not_due: Amount
    to_30: Amount
    to_60: Amount
    to_90: Amount
    over_90: Amount
    due: Amount
    disputed: Amount


class FeeAgeingOut(Schema):
    """The ageing of all invoices in sight, practice by practice and together, as they stand now."""

    on: date
    practices: list[AgedOut]
    together: dict[str, Amount]


class FigureOut(Schema):
    """A line of the statement; one that `opens` has ledger lines behind it."""

    number: int
    section: str
    label: str
    note: str
    amount: Amount | None
    part: Amount | None
    is_total: bool
    opens: bool


class StepOut(Schema):
    """A step of the fee as it was computed."""

    kind: str
    label: str
    formula: str
    exact: str
    amount: Amount
    effect: Amount
    so_far: Amount
    rounding: str


class ReadingOut(Schema):
    """A count as it was frozen with the fee: what was counted in words, how much, and how many records came late."""

    count: str
    heading: str
    words: str
    quantity: str
    records: int
    late: int


class GivenOut(Schema):
    """A figure the fee was computed from; one that `opens` has ledger lines behind it, a `metered` one records."""

    name: Annotated[str, Field(description="Of a month in several parts, of which of them: net_collections@2")]
    days: Annotated[str, Field(description="The days of the part; empty where the month has one alone")]
    category: str
    amount: str
    opens: bool
    metered: ReadingOut | None


class MeteredOut(Schema):
    """A record that a fee was charged by; one that is `late` was not there yet when its own month was settled."""

    record: str
    on: date
    quantity: str
    late: bool


class SettlementMoveOut(Schema):
    """A step in the life of a settlement."""

    state: str
    at: datetime
    by: str
    why: str


class SettlementOut(SettlementRowOut):
    """The owner's statement: every figure, how the fee came about, and where the invoice stands."""

    mso: str
    agreement: str
    version: int
    credited: Annotated[Amount, Field(description="Paid before for the month, under settlements that were withdrawn")]
    invoiced: Amount
    paid: Amount
    given_back: Annotated[Amount, Field(description="By credit memos; see the disputes of the invoice")]
    sentence: str
    approved_by: str
    approved_at: datetime | None
    paid_on: date | None
    withdrawn_why: str
    statement_document: str
    invoice_document: str
    practice_entry: str
    mso_entry: str
    rows: list[FigureOut]
    steps: list[StepOut]
    inputs: list[GivenOut]
    moves: list[SettlementMoveOut]


class BehindOut(Schema):
    """A ledger line behind a figure."""

    entry: str
    name: str
    number: int
    posted_on: date
    memo: str
    debit: Amount
    credit: Amount
    party: str
    source_kind: str
    source_id: str


class LeftOutOut(Schema):
    """A practice that a run left out, and what to do."""

    practice: str
    words: str
    fix: str


class SettlementRunOut(Schema):
    """How far a run over practices has come; `standing` were settled before."""

    id: str
    month: str
    practices: int
    done: int
    standing: int
    settled: list[SettlementRowOut]
    refused: list[LeftOutOut]
    started_at: datetime
    finished_at: datetime | None
    asked_by: str


class SettleIn(Body):
    """Which month of which practice."""

    practice: PracticeName
    month: MonthName


class SettleManyIn(Body):
    """Which month; of all practices that one settles for, unless some are named."""

    month: MonthName
    practices: Annotated[list[PracticeName], Field(max_length=1_000)] = []


class PaidIn(Body):
    """On which day the money left the account."""

    paid_on: date


class WithdrawIn(Body):
    """Why the settlement is taken back."""

    why: Annotated[str, text(300)]


class QueuedSettlementRowOut(SettlementRowOut, Queued):
    """The same, with why it is next."""


class LevelOut(Schema):
    """A promise with a clock in the month of a statement; hours are business hours of the agreement."""

    kind: str
    words: str
    promised_hours: str
    came: int
    in_time: int
    late: int
    running: int
    share_in_time: str | None
    hours_with_mso: str
    hours_with_practice: str
    hours_with_payers: str


class LevelItemOut(Schema):
    """An item of work that a service level was measured by."""

    item: str
    about: str
    stands: str
    came_at: datetime
    first_touch_at: datetime | None
    first_touch_by: str
    hours_to_first_touch: str | None
    hours_with_mso: str
    hours_with_practice: str
    hours_with_payer: str
    ended_at: datetime | None
