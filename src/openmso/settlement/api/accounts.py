"""The API of accounts: statements of account of practices, and what the MSO earned by its fees."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Schema
from pydantic import Field

from openmso.kit.errors import Refused
from openmso.kit.periods import Month
from openmso.platform.api.operations import operation
from openmso.platform.api.schemas import Amount, MonthName
from openmso.settlement import pdf
from openmso.settlement.api.restating import router as router
from openmso.settlement.contracts import READ
from openmso.settlement.contracts.accounts import Booked, Earned, FeeAccount, Pair
from openmso.settlement.queries import accounts as queries
from openmso.settlement.queries import revenue as earning

Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,11}$", examples=["ROCK"], description="Code of the practice")]


class MonthsAsk(Schema):
    """From which month through which; of the year so far where they are left out."""

    first: MonthName | None = None
    last: MonthName | None = None


class FeeAccountRowOut(Schema):
    """An account over some months: what was owed before, what moved it, what is owed after."""

    practice: str
    practice_name: str
    first: str
    last: str
    opening: Amount
    invoiced: Amount
    credited: Amount
    paid: Amount
    lent: Amount
    closing: Amount
    open_invoices: Amount


class FeeAccountLineOut(Schema):
    """A line of an account; a positive amount adds to what is owed."""

    booked_on: date
    kind: Booked
    words: str
    settlement: str
    entry: str
    amount: Amount
    balance: Amount


class FeeAccountOut(FeeAccountRowOut):
    """A statement of account, line by line."""

    lines: list[FeeAccountLineOut]


class EarnedOut(Schema):
    """What was earned of one practice: `fixed` and `variable` fees of the months, less `credits` issued in them."""

    practice: str
    practice_name: str
    months: int
    fixed: Amount
    variable: Amount
    service_credits: Amount
    credits: Amount
    revenue: Amount
    unbilled: Amount
    deferred: Amount
    receivable: Amount
    disputed: Amount
    capped: Amount


class PairOut(Schema):
    """Accounts that mirror each other, and what a consolidation takes out of both."""

    words: str
    of_mso: Amount
    of_practices: Amount
    eliminated: Amount
    difference: Amount


class RevenueOut(Schema):
    """Fees earned in some months; `agrees` says whether the MSO's book says the same."""

    first: str
    last: str
    revenue: Amount
    ledger: Amount | None
    agrees: bool
    practices: list[EarnedOut]
    consolidation: list[PairOut]


@router.get("/fee-accounts", response=list[FeeAccountRowOut])
@operation(READ.code)
def list_fee_accounts(request: Any, months: Query[MonthsAsk]) -> Any:
    """The account of each practice with the MSO over some months, by name."""
    first, last = _months(request, months)
    return [_row(one) for one in queries.accounts(first=first, last=last)]


@router.get("/fee-accounts/{account_code}", response=FeeAccountOut)
@operation(READ.code)
def get_fee_account(request: Any, account_code: Code, months: Query[MonthsAsk]) -> Any:
    """The statement of account of a practice, line by line."""
    first, last = _months(request, months)
    one = queries.account(account_code, first=first, last=last)
    return _row(one) | {"lines": one.lines}


@router.get("/fee-accounts/{account_code}/paper")
@operation(READ.code)
def get_fee_account_paper(request: Any, account_code: Code, months: Query[MonthsAsk]) -> Any:
    """The statement of account as PDF."""
    first, last = _months(request, months)
    one = queries.account(account_code, first=first, last=last)
    return HttpResponse(pdf.account(one), content_type="application/pdf")


@router.get("/fee-revenue", response=RevenueOut)
@operation(READ.code)
def get_fee_revenue(request: Any, months: Query[MonthsAsk]) -> Any:
    """What the MSO earned by its fees, by the month of the service, with what a consolidation takes out."""
    first, last = _months(request, months)
    found = earning.revenue(first=first, last=last)
    return {
        "first": str(first), "last": str(last), "revenue": found.sum("revenue"), "ledger": found.ledger,
        "agrees": found.agrees, "practices": [_earned(one) for one in found.rows],
        "consolidation": [_pair(one) for one in found.pairs],
    }  # fmt: skip


def _months(request: Any, asked: MonthsAsk) -> tuple[Month, Month]:
    first, last = queries.usual(request.actor.today)
    first = Month.parse(asked.first) if asked.first else first
    last = Month.parse(asked.last) if asked.last else max(last, first)
    if last < first:
        raise Refused("The last month comes before the first.", code="bad_months", field="last")
    return first, last


def _row(one: FeeAccount) -> dict[str, Any]:
    return {
        "practice": one.code, "practice_name": one.practice_name, "first": str(one.first), "last": str(one.last),
        "opening": one.opening, "invoiced": one.invoiced, "credited": one.credited, "paid": one.paid,
        "lent": one.lent, "closing": one.closing, "open_invoices": one.open_invoices,
    }  # fmt: skip


def _earned(one: Earned) -> dict[str, Any]:
    named = ("practice_name", "months", "fixed", "variable", "service_credits", "credits", "revenue", "unbilled",
             "deferred", "receivable", "disputed", "capped")  # fmt: skip
    return {"practice": one.code} | {name: getattr(one, name) for name in named}


def _pair(one: Pair) -> dict[str, Any]:
    named = ("words", "of_mso", "of_practices", "eliminated", "difference")
    return {name: getattr(one, name) for name in named}
