"""The API of a change of mode: what it would change, before an amendment is drafted."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Schema

from openmso.agreements.api.law import LawFindingOut
from openmso.agreements.api.papers import DifferenceOut
from openmso.agreements.api.routes import latest_of, party_of, terms_from
from openmso.agreements.api.schemas import AgreementId, AmendmentIn
from openmso.agreements.api.tasks import router as router
from openmso.agreements.contracts import DRAFT
from openmso.agreements.law import judging
from openmso.agreements.paper.companions import CompanionKind, Held
from openmso.agreements.queries import agreements, conversion
from openmso.kit.errors import NotFound
from openmso.platform.api.operations import operation
from openmso.platform.tenancy.scope import reading


class AccessOut(Schema):
    """What the MSO sees for a service line, before and after."""

    line: str
    before: list[str]
    after: list[str]
    opens_patients: bool


class NeededThenOut(Schema):
    """A paper that it needs then."""

    kind: CompanionKind
    held: Held
    ends_on: date | None
    blocks: bool


class ConversionOut(Schema):
    """What an amendment would change; nothing is drafted by asking."""

    changes: list[DifferenceOut]
    access: list[AccessOut]
    fee_before: str
    fee_after: str
    papers: list[NeededThenOut]
    added_clauses: list[str]
    dropped_clauses: list[str]
    findings: list[LawFindingOut]
    unusual: list[str]


@router.post("/agreements/{agreement}/conversion", response=ConversionOut)
@operation(DRAFT.code)
def plan_conversion(request: Any, agreement: AgreementId, body: AmendmentIn) -> Any:
    """What amending an agreement to other terms would change: scope, access, fee, papers, text and law."""
    with reading():
        terms = terms_from(request.actor, body, party_of(request.actor, agreement), before=latest_of(agreement))
        found = agreements.agreement(agreement)
        on = request.actor.day_in(found.practice)
        version = found.version_on(on) or found.latest
        if version is None:
            raise NotFound("This agreement was never executed; change its draft instead.", field="agreement")
        plan = conversion.plan(found, version, terms, starts_on=body.effective_on, on=on)
    return {
        "changes": plan.changes, "access": plan.access, "fee_before": plan.fee_before, "fee_after": plan.fee_after,
        "papers": [
            {"kind": one.need.kind, "held": one.held, "ends_on": one.ends_on, "blocks": one.blocks}
            for one in plan.needed
        ],
        "added_clauses": plan.added_clauses, "dropped_clauses": plan.dropped_clauses,
        "findings": [judging.as_data(one) for one in plan.findings],
        "unusual": [f"{one.sentence} {one.fix}".strip() for one in plan.oddities],
    }  # fmt: skip
