"""The API of other terms: what the last months of a practice would have cost under them."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Schema
from pydantic import BeforeValidator, Field

from openmso.agreements.fees.reading import terms_of
from openmso.agreements.queries import agreements, law
from openmso.platform.access.contracts import Actor
from openmso.platform.api.operations import operation
from openmso.platform.api.schemas import Amount, Body, PracticeName, exact
from openmso.platform.tenancy.queries import key_in_scope
from openmso.platform.tenancy.scope import reading
from openmso.settlement import comparing, restating
from openmso.settlement.api.ahead import router as router
from openmso.settlement.api.schemas import StepOut
from openmso.settlement.contracts import READ, Restatement

Plain = Annotated[str, BeforeValidator(str)]


class RestateIn(Body):
    """Other terms for a practice's last months; `figures` gives what the books do not know, such as `payroll`."""

    practice: PracticeName
    terms: Annotated[dict[str, Any], Field(description="Fee terms, as `openmso fee quote` takes them")]
    months: Annotated[int, Field(ge=1, le=restating.MONTHS_MAX)] = restating.MONTHS
    figures: Annotated[
        dict[str, Any], Field(description="By name: one figure for every month, or one for each by month")
    ] = {}


class FeeOfMonthOut(Schema):
    """A fee with the sentence of its terms and every step."""

    amount: Amount
    sentence: str
    steps: list[StepOut]


class RestatedMonthOut(Schema):
    """A month both ways; `settlement` is empty where it is not settled; `difference` is what the other terms add."""

    month: str
    settlement: str
    difference: Amount
    agreed: FeeOfMonthOut
    other: FeeOfMonthOut


class CrossingOut(Schema):
    """The figure of a month at which the fees pass each other, with both, and which is more above it."""

    at: Plain
    agreed: Amount
    other: Amount
    more_above: bool


class BreakEvenOut(Schema):
    """Where both fees are equal, looked for from 0 to `until`; `base` is empty where no one figure decides."""

    words: str
    base: str
    until: Plain
    crossings: list[CrossingOut]


class LawOfFeeOut(Schema):
    """What a rule of law that asks about fees comes to, if the agreement were amended so today."""

    code: str
    verdict: str
    stops: bool
    says: str


class RestatementOut(Schema):
    """The months of a practice under other terms; `left_out` are months without an agreement."""

    practice: str
    agreement: str
    sentence: str
    agreed: Amount
    other: Amount
    difference: Amount
    months: list[RestatedMonthOut]
    left_out: list[str]
    break_even: BreakEvenOut
    notes: list[str]
    law: list[LawOfFeeOut]


@router.post("/fee-restatements", response=RestatementOut)
@operation(READ.code)
def restate_fees(request: Any, body: RestateIn) -> Any:
    """Restate a practice's last months under other terms, with every step and the break-even; nothing is changed.

    Figures that the books do not know are named in the refusal `figures_missing`.
    """
    actor, practice = request.actor, key_in_scope(body.practice)
    with reading():
        found = restating.restate(
            practice=practice, terms=terms_of(exact(body.terms), "terms"), months=body.months, at=actor.at,
            figures=comparing.figures_of(exact(body.figures)),
        )  # fmt: skip
        return comparing.as_data(found) | {"law": _law(actor, found)}


def _law(actor: Actor, found: Restatement) -> list[dict[str, Any]]:
    """What the law comes to, for whom reads agreements."""
    if not actor.can("agreements.read", found.practice):
        return []
    paper = agreements.agreement(found.agreement)
    return [
        {"code": one.rule.code, "verdict": one.verdict.value, "stops": one.stops, "says": one.cited}
        for one in law.of_other_fee(paper, found.terms, on=actor.day_in(found.practice))
    ]
