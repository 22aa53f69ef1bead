"""The API of fees ahead: what a month comes to before it is settled."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Schema
from pydantic import BeforeValidator

from openmso.kit.errors import NotFound
from openmso.kit.periods import Month
from openmso.platform.api.operations import operation
from openmso.platform.api.schemas import Amount, MonthName, PracticeName
from openmso.platform.tenancy.queries import key_in_scope
from openmso.settlement import ahead
from openmso.settlement.api.routes import router as router
from openmso.settlement.api.schemas import StepOut
from openmso.settlement.contracts import READ


class FeeFigureOut(Schema):
    """A figure that terms may ask for; collections by kind of payer, with the selection of ledger lines behind it."""

    name: str
    part: str
    value: Annotated[str, BeforeValidator(str)]
    selection: dict[str, Any] | None


class FeeAheadOut(Schema):
    """A practice's fee of a month as the books stand; `fee` is empty where `refused` says why it cannot be said."""

    practice: str
    month: str
    agreement: str
    version: int
    settlement: str
    sentence: str
    collected: Amount
    fee: Amount | None
    refused: str
    figures: list[FeeFigureOut]
    steps: list[StepOut]


@router.get("/fees-ahead", response=list[FeeAheadOut])
@operation(READ.code)
def list_fees_ahead(request: Any, month: MonthName, practice: PracticeName | None = None) -> Any:
    """What the fees of a month come to before it is settled, practice by practice, each with its figures and steps."""
    actor = request.actor
    mine = [one for one in actor.practices_for(READ.code) if not actor.standing.tenants[one].is_mso]
    if practice:
        wanted = key_in_scope(practice)
        if wanted not in mine:
            raise NotFound(f"There is no practice {practice} for you.", field="practice")
        mine = [wanted]
    return [ahead.as_data(one) for one in ahead.of_month(mine, Month.parse(month), at=actor.at)]
