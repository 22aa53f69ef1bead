"""The API of the report of causes and of the measures of claim integrity."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from openmso.denials.api.appeals import router as router
from openmso.denials.queries import report
from openmso.kit.periods import Month
from openmso.platform.api.operations import operation
from openmso.platform.api.schemas import Amount

MonthName = Annotated[str, Field(pattern=r"^20\d{2}-(0[1-9]|1[0-2])$", examples=["2026-10"])]


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
