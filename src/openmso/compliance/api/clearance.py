"""The operation that says what may be paid now."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Schema

from openmso.compliance.api.routes import router as router
from openmso.compliance.contracts import READ
from openmso.compliance.queries import clearing
from openmso.platform.api.operations import operation
from openmso.platform.api.schemas import PracticeName
from openmso.platform.tenancy import queries as tenancy

FlowCode = Literal[
    "fee", "run", "advance", "sweep", "file", "draw", "instalment", "call", "units", "distribution", "closing"
]


class PaymentStopOut(Schema):
    """Why a payment may not be made: the rule, the sentence with its citation, and what is done about it."""

    rule: str
    says: str
    fix: str


class ClearanceOut(Schema):
    """What a kind of payment comes to today: it may be made where nothing stops it."""

    flow: FlowCode
    words: str
    agreement: str
    may: bool
    stops: list[PaymentStopOut]


class ClearancesOut(Schema):
    """What may be paid for a practice today."""

    practice: str
    flows: list[ClearanceOut]


@router.get("/payment-clearance", response=ClearancesOut)
@operation(READ.code)
def get_payment_clearance(request: Any, practice: PracticeName) -> Any:
    """Say for each kind of payment of a practice whether it may be made now, and which rule stops it, cited."""
    key = tenancy.key_in_scope(practice)
    return clearance_data(practice, list(clearing.of_practice(key, at=request.actor.at)))


def clearance_data(practice: str, found: list[clearing.Cleared]) -> dict[str, Any]:
    """Flows as plain data: what the API and the command say."""
    return {
        "practice": practice,
        "flows": [
            {"flow": one.flow.value, "words": one.flow.label, "agreement": one.agreement, "may": one.may,
             "stops": [{"rule": stop.rule, "says": stop.says, "fix": stop.fix} for stop in one.stops]}
            for one in found
        ],
    }  # fmt: skip
