"""The API of claims, continued: what a claim is made of is mended, and the clinician of many claims is named."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Schema, Status
from pydantic import Field

from openmso.claims.api.answers import ClaimId, ClaimOut, RefusedOut, RunOut, SelectionIn, WhyIn
from openmso.claims.api.files import router as router
from openmso.claims.api.routes import progress, told
from openmso.claims.contracts import Answered
from openmso.claims.queries import sources, worklist
from openmso.claims.services import mending, runs, self_paying
from openmso.kit.classes import DataClass
from openmso.kit.errors import NotFound, Refused
from openmso.parties.contracts import Address
from openmso.parties.queries import payers
from openmso.patients.contracts import Coverage, CoverageDraft, Order, Person, Relationship, Sex
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Body, public_id, text
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters

ClinicianId = Annotated[str, public_id("CLN")]
SiteId = Annotated[str, public_id("SIT")]
PayerId = Annotated[str, public_id("PAY")]
CoverageId = Annotated[str, public_id("COV")]


class VisitIn(Body):
    """Who rendered the visit, and where; what is left out stays."""

    clinician: ClinicianId | None = None
    site: SiteId | None = None


class NamedIn(SelectionIn):
    """Claims of one practice, and who rendered them."""

    clinician: ClinicianId


class NamedOut(Schema):
    """The claims that were scrubbed again, and those for which it could not be said."""

    done: list[str]
    refused: list[RefusedOut]


class PatientIn(Body):
    """A patient's record as insurers know them."""

    last_name: Annotated[str, text(60)]
    first_name: Annotated[str, text(35)]
    middle_name: Annotated[str, text(25, length_min=0)] = ""
    suffix: Annotated[str, text(10, length_min=0)] = ""
    born_on: date
    sex: Sex
    line1: Annotated[str, text(55)]
    line2: Annotated[str, text(55, length_min=0)] = ""
    city: Annotated[str, text(30)]
    state: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    zip: Annotated[str, Field(pattern=r"^\d{5}(\d{4})?$")]

    def person(self) -> Person:
        """As the service takes it."""
        where = Address(self.line1, self.line2, self.city, self.state, self.zip)
        return Person(self.last_name, self.first_name, self.middle_name, self.suffix, self.born_on, self.sex, where)


class SubscriberIn(Body):
    """Who holds the policy, where it is not the patient."""

    last_name: Annotated[str, text(60)]
    first_name: Annotated[str, text(35)]
    born_on: date


class CoverageIn(Body):
    """What an insurance card says; `ends_on` is the first day it no longer holds."""

    payer: PayerId
    member_id: Annotated[str, text(80, length_min=2)]
    order: Order = Order.PRIMARY
    group_number: Annotated[str, text(50, length_min=0)] = ""
    plan_name: Annotated[str, text(60, length_min=0)] = ""
    starts_on: date
    ends_on: date | None = None
    insurance_type: Annotated[str, Field(pattern=r"^(\d{2})?$")] = ""
    relationship: Relationship = Relationship.SELF
    subscriber: SubscriberIn | None = None


class CoverageOut(Schema):
    """A coverage of the claim's patient."""

    id: str
    payer: str
    member_id: Annotated[str, of_class(DataClass.DEMOGRAPHIC)]
    order: Annotated[str, of_class(DataClass.DEMOGRAPHIC)]
    group_number: Annotated[str, of_class(DataClass.DEMOGRAPHIC)]
    plan_name: str
    starts_on: date
    ends_on: date | None
    relationship: Annotated[str, of_class(DataClass.DEMOGRAPHIC)]


class ChosenIn(Body):
    """The coverage to ask."""

    coverage: CoverageId


@router.patch("/claims/{claim}/visit", response=ClaimOut)
@operation("claims.work")
def correct_claim_visit(request: Any, claim: ClaimId, body: VisitIn) -> Any:
    """Say who rendered the visit of a claim that no payer has, or at which site; it is scrubbed again."""
    mending.correct_visit(
        actor=request.actor, claim=claim, clinician=body.clinician or "", site=body.site or "", at=request.actor.at
    )
    return told(request, claim)


@router.post("/claims/{claim}/patient-bill", response=ClaimOut)
@operation("claims.work")
def bill_claim_to_patient(request: Any, claim: ClaimId, body: WhyIn) -> Any:
    """Bill the patient for a claim that no payer has seen: all of it is their part, and revenue in the books."""
    self_paying.bill(actor=request.actor, claim=claim, why=body.why, at=request.actor.at)
    return told(request, claim)


@router.post("/claims/{claim}/patient-bill/withdrawal", response=ClaimOut)
@operation("claims.work")
def take_claim_back_from_patient(request: Any, claim: ClaimId, body: WhyIn) -> Any:
    """Take a claim back from its patient, because somebody else pays; it is in the making again."""
    self_paying.take_back(actor=request.actor, claim=claim, why=body.why, at=request.actor.at)
    return told(request, claim)


@router.post("/claim-patient-bills", response={202: RunOut})
@operation("claims.work")
def bill_claims_to_patients(request: Any, body: SelectionIn) -> Any:
    """Bill the patients of many claims; ask for the run to see how far it is."""
    with reading():
        frozen = worklist.ids(filters=Filters(), public_ids=body.claims)
    if not frozen:
        raise NotFound("There are no such claims.")
    return Status(202, progress(runs.begin(actor=request.actor, act="bill", claims=frozen, at=request.actor.at)))


@router.post("/claim-clinicians", response=NamedOut)
@operation("claims.work")
def name_clinician(request: Any, body: NamedIn) -> Any:
    """Say who rendered many claims of one practice; each for which it cannot be said is in the answer."""
    with reading():
        frozen = worklist.ids(filters=Filters(), public_ids=body.claims)
    if not frozen:
        raise NotFound("There are no such claims.")
    if len(frozen) > 1:
        raise Refused("The claims are of several practices.", field="claims", fix="Send those of one practice.")
    practice, ids = next(iter(frozen.items()))
    return _named(
        mending.correct_visits(
            actor=request.actor, practice=practice, claim_ids=ids, clinician=body.clinician, at=request.actor.at
        )
    )


@router.put("/claims/{claim}/patient", response=ClaimOut)
@operation("claims.work")
def correct_claim_patient(request: Any, claim: ClaimId, body: PatientIn) -> Any:
    """Correct the record of a claim's patient; their claims that no payer has are scrubbed again."""
    mending.correct_patient(actor=request.actor, claim=claim, person=body.person(), at=request.actor.at)
    return told(request, claim)


@router.get("/claims/{claim}/coverages", response=list[CoverageOut])
@operation("claims.work")
def list_claim_coverages(request: Any, claim: ClaimId) -> Any:
    """The coverages of a claim's patient."""
    found = sources.of(claim)
    reads.one(request, practice=found.claim.practice, subject=("claims.claim", claim), shows=CoverageOut)
    return [_covered(one) for one in found.coverages]


@router.post("/claims/{claim}/coverages", response={201: ClaimOut})
@operation("claims.work")
def add_claim_coverage(request: Any, claim: ClaimId, body: CoverageIn) -> Any:
    """Add a coverage of a claim's patient and ask its payer by this claim."""
    mending.cover(actor=request.actor, claim=claim, draft=_draft(claim, body), at=request.actor.at)
    return Status(201, told(request, claim))


@router.put("/claims/{claim}/coverages/{coverage}", response=ClaimOut)
@operation("claims.work")
def correct_claim_coverage(request: Any, claim: ClaimId, coverage: CoverageId, body: CoverageIn) -> Any:
    """Correct a coverage of a claim's patient and ask its payer by this claim."""
    mending.cover(
        actor=request.actor, claim=claim, draft=_draft(claim, body, coverage), at=request.actor.at, coverage=coverage
    )
    return told(request, claim)


@router.put("/claims/{claim}/coverage", response=ClaimOut)
@operation("claims.work")
def choose_claim_coverage(request: Any, claim: ClaimId, body: ChosenIn) -> Any:
    """Put a claim under another coverage of its patient."""
    mending.choose_coverage(actor=request.actor, claim=claim, coverage=body.coverage, at=request.actor.at)
    return told(request, claim)


def _draft(claim: str, body: CoverageIn, coverage: str = "") -> CoverageDraft:
    with reading():
        payer = payers.by_public_id(body.payer)
        holder = sources.holder(claim, coverage)
    told = body.subscriber
    return CoverageDraft(
        payer.id, body.member_id, body.starts_on, body.ends_on, body.order, body.group_number, body.plan_name,
        body.relationship, holder.called(told.last_name, told.first_name, told.born_on) if told else None,
        insurance_type=body.insurance_type,
    )  # fmt: skip


def _named(answer: Answered) -> dict[str, Any]:
    refused = [{"claim": no.claim, "code": no.code, "words": no.words, "fix": no.fix} for no in answer.refused]
    return {"done": list(answer.done), "refused": refused}


def _covered(one: Coverage) -> dict[str, Any]:
    return {
        "id": one.public_id, "payer": payers.payer(one.payer_id).public_id, "member_id": one.member_id,
        "order": one.order.value, "group_number": one.group_number, "plan_name": one.plan_name,
        "starts_on": one.starts_on, "ends_on": one.ends_on, "relationship": one.relationship.value,
    }  # fmt: skip
