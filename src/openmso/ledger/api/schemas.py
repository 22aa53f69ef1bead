"""The shapes of what callers send and are answered. Money is a text of dollars and cents, months are `2026-03`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from openmso.ledger.contracts import Journal, Method
from openmso.platform.api.pages import PageAsk
from openmso.platform.api.schemas import Amount, Body, public_id, text

BookId = Annotated[str, public_id("BOOK")]
EntryId = Annotated[str, public_id("JE")]
MonthText = Annotated[str, Field(pattern=r"^(19|2\d)\d{2}-(0[1-9]|1[0-2])$", examples=["2026-03"])]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2999, 12, 31))]
Code = Annotated[str, Field(pattern=r"^[0-9A-Z][0-9A-Z.-]{0,11}$", examples=["1000"])]


class BookOut(Schema):
    id: str
    name: str
    method: str
    open_months: list[str]
    closed_through: str | None
    entries: int
    latest: Annotated[str, Field(description="Fiscal year and number of the latest entry")]
    to_close: Annotated[int, Field(description="Months that are over and still open")]
    balances: Annotated[bool, Field(description="Whether debits equal credits on every basis")]


class AccountOut(Schema):
    code: str
    name: str
    kind: str
    normal: str
    parent: str
    postable: bool
    active: bool


class PeriodOut(Schema):
    month: str
    fiscal_year: int
    state: str
    entries: int
    debits: str
    why_not: Annotated[dict[str, str], Field(description="What stands in the way of close, reopen and lock")]


class SourceOut(Schema):
    kind: str
    id: str


class EntryLineOut(Schema):
    number: int
    account: str
    account_name: str
    basis: str
    debit: str
    credit: str
    source: SourceOut | None
    party: str
    memo: str


class EntryRowOut(Schema):
    id: str
    name: str
    posted_on: date
    journal: str
    memo: str
    total: str
    source: SourceOut | None
    reverses: str
    reversed_by: str


class EntryOut(EntryRowOut):
    posted_at: datetime
    posted_by: str
    lines: list[EntryLineOut]


class EntryRefOut(Schema):
    id: str
    name: str
    replayed: Annotated[bool, Field(description="An earlier post of the same key had made it")]


class TrialRowOut(Schema):
    account: AccountOut
    opening: str
    debits: str
    credits: str
    closing: str


class TrialOut(Schema):
    method: str
    starts_on: date
    through: date
    rows: list[TrialRowOut]
    debits: str
    credits: str
    balanced: bool


class SectionRowOut(Schema):
    account: AccountOut
    figures: list[str]


class SectionOut(Schema):
    key: str
    title: str
    rows: list[SectionRowOut]
    totals: list[str]


class StatementOut(Schema):
    method: str
    starts: list[date]
    ends: list[date]
    sections: list[SectionOut]
    results: dict[str, list[str]]


class LedgerRowOut(Schema):
    entry: str
    name: str
    posted_on: date
    memo: str
    basis: str
    debit: str
    credit: str
    balance: str
    source: SourceOut | None
    party: str


class FlawOut(Schema):
    code: str
    words: str
    where: str


class ProofOut(Schema):
    sound: bool
    entries: int
    lines: int
    debits: str
    digest: str
    flaws: list[FlawOut]


class EntryLineIn(Body):
    account: Code
    debit: Amount | None = None
    credit: Amount | None = None
    basis: Literal["common", "accrual", "cash", "tax"] = "common"
    memo: Annotated[str, text(400, length_min=0)] = ""


class EntryIn(Body):
    posted_on: Day
    memo: Annotated[str, text(400)]
    key: Annotated[str, text(100), Field(description="The same key and content is the same entry")]
    lines: Annotated[list[EntryLineIn], Field(min_length=2, max_length=500)]


class ReversalIn(Body):
    why: Annotated[str, text(300)]
    on: Day


class MonthIn(Body):
    month: MonthText


class ReasonIn(Body):
    why: Annotated[str, text(300)]


class DaysAsk(Schema):
    """Which days, both included, and by which method (the book's own, when none is named)."""

    starts_on: Day
    through: Day
    method: Method | None = None


class EntriesAsk(PageAsk):
    """Which page of the entries, of which journal or month, with which words."""

    journal: Journal | None = None
    month: MonthText | None = None
    q: Annotated[str, text(100, length_min=0)] = ""
