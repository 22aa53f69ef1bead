"""The API of claims, continued: what a facility says of the visit of an institutional claim."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from openmso.charges.contracts import Occurrence, Stay, Surgery, ValueCode
from openmso.claims.api.answers import ClaimId, ClaimOut
from openmso.claims.api.mending import ClinicianId
from openmso.claims.api.mending import router as router
from openmso.claims.api.routes import told
from openmso.claims.queries import sources
from openmso.claims.services import mending
from openmso.kit.classes import DataClass
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.platform.api import reads
from openmso.platform.api.operations import operation
from openmso.platform.api.reads import of_class
from openmso.platform.api.schemas import Amount, Body
from openmso.platform.tenancy.scope import reading

Two = Annotated[str, Field(pattern=r"^[0-9A-Z]{2}$")]
Hour = Annotated[str, Field(pattern=r"^([01]\d|2[0-3])?$")]


class OccurrenceIn(Body):
    """An occurrence code and its day; with `through` a span."""

    code: Two
    on: date
    through: date | None = None


class ValueIn(Body):
    """A value code and its amount."""

    code: Two
    amount: Annotated[str, Field(pattern=r"^\d{1,7}\.\d{2}$")]


class SurgeryIn(Body):
    """A procedure by its ICD-10-PCS code, and its day."""

    code: Annotated[str, Field(pattern=r"^[0-9A-HJ-NP-Z]{7}$")]
    on: date


class FacilityIn(Body):
    """What a facility says of a visit. Code values are the NUBC's."""

    bill_type: Annotated[str, Field(pattern=r"^\d{2}$", description="13, 71; the third digit is the frequency")]
    admission_type: Annotated[str, Field(pattern=r"^[1-59]$")] = "3"
    admission_source: Annotated[str, Field(pattern=r"^[0-9A-Z]?$")] = ""
    patient_status: Annotated[str, Field(pattern=r"^\d{2}$")] = "01"
    admitted_on: date | None = None
    admitted_hour: Hour = ""
    discharged_hour: Hour = ""
    admitting_diagnosis: Annotated[str, Field(pattern=r"^([A-Z][0-9][0-9A-Z]{1,5})?$")] = ""
    visit_reasons: Annotated[
        list[Annotated[str, Field(pattern=r"^[A-Z][0-9][0-9A-Z]{1,5}$")]],
        Field(max_length=3, description="Why an outpatient came, ICD-10-CM"),
    ] = []
    procedures: Annotated[
        list[SurgeryIn], Field(max_length=25, description="Of inpatients, the principal one first")
    ] = []
    attending: ClinicianId | None = None
    operating: ClinicianId | None = None
    conditions: Annotated[list[Two], Field(max_length=24)] = []
    occurrences: Annotated[list[OccurrenceIn], Field(max_length=24)] = []
    values: Annotated[list[ValueIn], Field(max_length=24)] = []
    revenue: Annotated[
        dict[Annotated[str, Field(pattern=r"^\d{1,3}$")], Annotated[str, Field(pattern=r"^\d{4}$")]],
        Field(max_length=999, description="Revenue codes by number of line; what is left out stays"),
    ] = {}


class OccurrenceOut(Schema):
    """An occurrence code with its day or days."""

    code: Annotated[str, of_class(DataClass.CLINICAL)]
    on: Annotated[date, of_class(DataClass.CLINICAL)]
    through: Annotated[date | None, of_class(DataClass.CLINICAL)]


class ValueOut(Schema):
    """A value code with its amount."""

    code: Annotated[str, of_class(DataClass.CLINICAL)]
    amount: Amount


class SurgeryOut(Schema):
    """A procedure by its ICD-10-PCS code, and its day."""

    code: Annotated[str, of_class(DataClass.CLINICAL)]
    on: Annotated[date, of_class(DataClass.CLINICAL)]


class FacilityOut(Schema):
    """What a facility says of the visit of a claim."""

    bill_type: Annotated[str, of_class(DataClass.CLINICAL)]
    admission_type: Annotated[str, of_class(DataClass.CLINICAL)]
    admission_source: Annotated[str, of_class(DataClass.CLINICAL)]
    patient_status: Annotated[str, of_class(DataClass.CLINICAL)]
    admitted_on: Annotated[date | None, of_class(DataClass.CLINICAL)]
    admitted_hour: Annotated[str, of_class(DataClass.CLINICAL)]
    discharged_hour: Annotated[str, of_class(DataClass.CLINICAL)]
    admitting_diagnosis: Annotated[str, of_class(DataClass.CLINICAL)]
    visit_reasons: Annotated[list[str], of_class(DataClass.CLINICAL)]
    procedures: list[SurgeryOut]
    attending: str
    conditions: Annotated[list[str], of_class(DataClass.CLINICAL)]
    occurrences: list[OccurrenceOut]
    values: list[ValueOut]
    revenue: Annotated[dict[str, str], of_class(DataClass.CLINICAL)]


@router.get("/claims/{claim}/facility", response=FacilityOut)
@operation("claims.read")
def get_facility_part(request: Any, claim: ClaimId) -> Any:
    """What the facility says of the visit; 404 where it says nothing."""
    found = sources.of(claim).claim
    if found.stay is None:
        raise NotFound(f"No facility says anything of {claim}.")
    reads.one(request, practice=found.practice, subject=("claims.claim", claim), shows=FacilityOut)
    stay = found.stay
    names = "bill_type admission_type admission_source patient_status admitted_on admitted_hour discharged_hour"
    return {name: getattr(stay, name) for name in f"{names} admitting_diagnosis conditions visit_reasons".split()} | {
        "procedures": [{"code": one.code, "on": one.on} for one in stay.procedures],
        "attending": found.attending,
        "occurrences": [{"code": one.code, "on": one.on, "through": one.through} for one in stay.occurrences],
        "values": [{"code": one.code, "amount": str(one.amount)} for one in stay.values],
        "revenue": {str(line.number): line.revenue_code for line in found.lines},
    }


@router.put("/claims/{claim}/facility", response=ClaimOut)
@operation("claims.work")
def say_facility_part(request: Any, claim: ClaimId, body: FacilityIn) -> Any:
    """Write down what the facility says of the visit of an institutional claim that no payer has."""
    with reading():
        who = {one.public_id: one.id for one in sources.of(claim).clinicians}
    for name in (body.attending, body.operating):
        if name is not None and name not in who:
            raise NotFound(f"There is no clinician {name} of this practice.")
    given = body.model_dump(
        exclude={
            "attending",
            "operating",
            "occurrences",
            "values",
            "revenue",
            "conditions",
            "visit_reasons",
            "procedures",
        }
    )
    stay = Stay(
        **given, conditions=tuple(body.conditions), visit_reasons=tuple(body.visit_reasons),
        procedures=tuple(Surgery(one.code, one.on) for one in body.procedures),
        occurrences=tuple(Occurrence(one.code, one.on, one.through) for one in body.occurrences),
        values=tuple(ValueCode(one.code, Money.of(one.amount).amount) for one in body.values),
        attending_id=who.get(body.attending or ""), operating_id=who.get(body.operating or ""),
    )  # fmt: skip
    revenue = {int(number): code for number, code in body.revenue.items()}
    mending.say_stay(actor=request.actor, claim=claim, stay=stay, revenue=revenue, at=request.actor.at)
    return told(request, claim)
