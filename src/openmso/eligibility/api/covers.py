"""The API of eligibility, continued: what covers a patient, and the reasons that lead visits to a kind of plan."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Query, Schema, Status
from pydantic import Field

from openmso.eligibility.api.requests import router as router
from openmso.eligibility.api.routes import Named
from openmso.eligibility.contracts import BenefitLine, CoverRow
from openmso.eligibility.queries import covers
from openmso.eligibility.services import discovering
from openmso.kit.classes import DataClass
from openmso.parties.queries import payers
from openmso.patients import queries as patients
from openmso.patients.contracts import CoverageDraft, Order, Person, PlanKind, Relationship
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.pages import PageAsk, PageOut, paged
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Amount, Body, PracticeName, public_id, text
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import PageAsk as RowsAsk
from openmso.scheduling import queries as scheduling
from openmso.scheduling import services as visits
from openmso.scheduling.contracts import ReasonRoute

RouteId = Annotated[str, public_id("RSN")]
PlanName = Literal["medical", "vision"]


class ComponentOut(Schema):
    """What a plan gives one of in so many months, or up to an amount, and from when again where the payer says so."""

    service: str
    words: str
    months: int | None
    next_on: Annotated[date | None, of_class(DataClass.CLINICAL)]
    is_counted: Annotated[bool, Field(description="Counted from what was done here last: the payer does not say it")]
    allowance: Amount | None


class CoverageRowOut(Schema):
    """A coverage of a patient with what its payer said last, and the check that waits for an answer or a person."""

    id: str
    kind: PlanName
    order: Annotated[str, of_class(DataClass.DEMOGRAPHIC)]
    payer: str
    plan: str
    member_id: Named
    starts_on: date
    ends_on: date | None
    holds_today: bool
    copay: Amount
    payer_says: str
    check: str
    answered_at: datetime | None
    open_check: str
    open_check_is: str
    components: list[ComponentOut]


class CardHolderIn(Body):
    """Who holds a coverage, where that is not the patient."""

    last_name: Annotated[str, text(60)]
    first_name: Annotated[str, text(35)]
    born_on: date | None = None


class CoverageCardIn(Body):
    """What an insurance card says; what it `replaces` ends on the day from which it holds."""

    payer: Annotated[str, public_id("PAY")]
    member_id: Annotated[str, text(80, length_min=2)]
    starts_on: date
    order: Order = Order.PRIMARY
    group_number: Annotated[str, text(50, length_min=0)] = ""
    relationship: Relationship = Relationship.SELF
    subscriber: CardHolderIn | None = None
    replaces: Annotated[str, public_id("COV")] | None = None

    def draft(self, payer_id: int) -> CoverageDraft:
        """The coverage to record."""
        holder = self.subscriber
        return CoverageDraft(
            payer_id, self.member_id, self.starts_on, order=self.order, group_number=self.group_number,
            relationship=self.relationship,
            subscriber=Person(holder.last_name, holder.first_name, born_on=holder.born_on) if holder else None,
        )  # fmt: skip


class ReasonRouteOut(Schema):
    """Words in the reason for a visit, and the kind of plan that such visits go to."""

    id: str
    practice: str
    words: str
    plan: PlanName
    said_at: datetime
    said_by: str
    ended_at: datetime | None


class ReasonRouteIn(Body):
    """Where visits with some words in their reason go from now on."""

    practice: PracticeName
    words: Annotated[str, text(80)]
    plan: PlanName


@router.get("/patients/{patient}/coverages", response=list[CoverageRowOut])
@operation("eligibility.read")
def list_coverages_of_patient(request: Any, patient: Annotated[str, public_id("PAT")]) -> Any:
    """What covers a patient and what did, medical and vision plans each in their order."""
    return _covers(request, patient)


@router.post("/patients/{patient}/coverages", response={201: list[CoverageRowOut]})
@operation("eligibility.check")
def record_coverage_of_patient(request: Any, patient: Annotated[str, public_id("PAT")], body: CoverageCardIn) -> Any:
    """Record a coverage as the patient's card says it, and have its payer asked with what is due next."""
    with reading():
        whom = patients.get(patient)
        payer = payers.by_public_id(body.payer)
    discovering.record(
        actor=request.actor, patient=whom.public_id, draft=body.draft(payer.id), replaces=body.replaces or "",
        at=request.actor.at,
    )  # fmt: skip
    with reading():
        return Status(201, _covers(request, patient))


@router.get("/reason-routes", response=PageOut[ReasonRouteOut])
@operation("eligibility.read")
def list_reason_routes(request: Any, page: Query[PageAsk]) -> Any:
    """The words that lead visits to a kind of plan, those that hold first."""
    found = scheduling.routes(page=RowsAsk(page.page, page.size))
    return paged(request, [_route(one) for one in found.rows], found.total or 0, page)


@router.get("/reason-routes/{route}", response=ReasonRouteOut)
@operation("eligibility.read")
def get_reason_route(request: Any, route: RouteId) -> Any:
    """One line of them."""
    return _route(scheduling.route(route))


@router.post("/reason-routes", response={201: ReasonRouteOut})
@operation("visits.route")
def route_reason(request: Any, body: ReasonRouteIn) -> Any:
    """Say where visits with some words in their reason go from now on."""
    with reading():
        practice = tenancy.key_in_scope(body.practice)
    made = visits.route_reason(
        actor=request.actor, practice=practice, words=body.words, plan=PlanKind(body.plan), at=request.actor.at
    )
    with reading():
        return Status(201, _route(scheduling.route(made)))


@router.post("/reason-routes/{route}/end", response=ReasonRouteOut)
@operation("visits.route")
def end_reason_route(request: Any, route: RouteId) -> Any:
    """These words lead nowhere any more."""
    visits.end_route(actor=request.actor, route=route, at=request.actor.at)
    with reading():
        return _route(scheduling.route(route))


def _covers(request: Any, patient: str) -> list[dict[str, Any]]:
    found = covers.of_patient(patient, on=request.actor.today)
    reads.one(request, practice=found.practice, subject=("patients.patient", patient), shows=CoverageRowOut)
    return [_cover(one) for one in found.covers]


def _cover(one: CoverRow) -> dict[str, Any]:
    return {
        "id": one.public_id, "kind": one.kind.value, "order": one.order.value, "payer": one.payer, "plan": one.plan,
        "member_id": one.member_id, "starts_on": one.starts_on, "ends_on": one.ends_on, "holds_today": one.holds,
        "copay": one.copay, "payer_says": one.verdict.value, "check": one.check, "answered_at": one.answered_at,
        "open_check": one.open_check, "open_check_is": one.open_state.value if one.open_state else "",
        "components": [_component(line) for line in one.components],
    }  # fmt: skip


def _component(line: BenefitLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in ComponentOut.model_fields}


def _route(one: ReasonRoute) -> dict[str, Any]:
    return {
        "id": one.public_id, "practice": one.practice_name, "words": one.words, "plan": one.plan.value,
        "said_at": one.said_at, "said_by": one.said_by, "ended_at": one.ended_at,
    }  # fmt: skip
