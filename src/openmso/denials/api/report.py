"""The API of the report of causes and of the measures of claim integrity."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Query, Schema
from pydantic import Field

from openmso.denials.api.appeals import router as router
from openmso.denials.api.routes import DenialOut, row_answer
from openmso.denials.queries import promised, report
from openmso.kit.periods import Month
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.schemas import Amount, MonthName, PracticeName
from openmso.platform.tenancy import queries as tenancy


class CauseOut(Schema):
    """Denials of one value of a dimension, and what became of them."""

    of: str
    count: int
    by_practice: int
    by_mso: int
    by_payer: int
    amount: Amount
    recovered: Amount
    written_off: Amount
    open: Amount
    query: Annotated[str, Field(description="The filter of the queue that finds them")]


class MeasureOut(Schema):
    """A measure of claim integrity."""

    code: str
    words: str
    share: str | None
    made_of: str
    definition: str


class DenialPromiseOut(Schema):
    """What is promised about denials and how a month kept it: only those that the MSO could have prevented count."""

    promise: str
    words: str
    measured: str
    at_most: str | None
    unit: str
    was: str | None
    kept: bool | None
    by_mso: int
    by_practice: int
    by_payer: int
    claims_sent: int


class PromisedDenialOut(DenialOut):
    """A denial behind a promise: business days until somebody did something about it, and why it is whose it is."""

    business_days: int
    cause_why: str


@router.get("/practices/{practice}/denial-promises", response=list[DenialPromiseOut])
@operation("denials.read")
def list_denial_promises(request: Any, practice: PracticeName, month: MonthName | None = None) -> Any:
    """What the agreement promises about denials, how a month (this one) kept it, and whose the others are."""
    key = tenancy.key_in_scope(practice)
    found = promised.of_month(key, _month(request, key, month), at=request.actor.at)
    return [
        {"promise": one.kind, "words": one.words, "measured": one.measured, "unit": one.unit, "kept": one.is_kept,
         "at_most": None if one.target is None else str(one.target),
         "was": None if one.value is None else str(one.value),
         "by_mso": one.mso, "by_practice": one.practice, "by_payer": one.payer, "claims_sent": one.sent}
        for one in found
    ]  # fmt: skip


@router.get("/practices/{practice}/denial-promises/{promise}/denials", response=PageOut[PromisedDenialOut])
@operation("denials.read")
def list_promised_denials(
    request: Any, practice: PracticeName, promise: Literal["denials.caused", "denials.reworked"],
    page: Query[PageAsk], month: MonthName | None = None, cause: Literal["practice", "mso", "payer"] | None = None,
) -> Any:  # fmt: skip
    """The denials that a promise counts in a month (this one), the dearest first."""
    key = tenancy.key_in_scope(practice)
    found = promised.behind(key, _month(request, key, month), promise, cause=cause or "", at=request.actor.at)
    shown = found[(page.page - 1) * page.size : page.page * page.size]
    reads.many(request, of="denials", practices=[key], shows=PromisedDenialOut)
    rows = [row_answer(one.row) | {"business_days": one.days, "cause_why": one.why} for one in shown]
    return paged(request, rows, len(found), page)


def _month(request: Any, practice: int, month: str | None) -> Month:
    return Month.parse(month) if month else Month.of(request.actor.day_in(practice))


@router.get("/denial-causes", response=list[CauseOut])
@operation("denials.read")
def list_denial_causes(
    request: Any,
    by: Literal["cause", "category", "payer", "practice", "clinician", "code", "reason", "month"] = "cause",
    month: MonthName | None = None, cause: Literal["practice", "mso", "payer"] | None = None,
) -> Any:  # fmt: skip
    """Denials by one thing, what costs most first; of a month, or of all."""
    return [
        {"of": one.words, "count": one.count, "by_practice": one.practice, "by_mso": one.mso, "by_payer": one.payer,
         "amount": str(one.amount), "recovered": str(one.recovered), "written_off": str(one.written_off),
         "open": str(one.open), "query": one.query}
        for one in report.causes(by=by, month=Month.parse(month) if month else None, cause=cause or "")
    ]  # fmt: skip


@router.get("/denial-measures", response=list[MeasureOut])
@operation("denials.read")
def list_denial_measures(request: Any, month: MonthName) -> Any:
    """HFMA's measures of claim integrity as of a month."""
    return [
        {"code": one.code, "words": one.words, "share": None if one.share is None else f"{one.share:.4f}",
         "made_of": one.made_of, "definition": one.definition}
        for one in report.measures(month=Month.parse(month), at=request.actor.at)
    ]  # fmt: skip
