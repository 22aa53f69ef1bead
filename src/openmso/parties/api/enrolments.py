"""The API of parties, continued: payers' enrolment of clinicians."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Schema, Status

from openmso.parties.api import answers
from openmso.parties.api.changes import router as router
from openmso.parties.api.schemas import ClinicianId, PracticeId
from openmso.parties.contracts import PayerEnrolment
from openmso.parties.queries import enrolments as queries
from openmso.parties.services import enrolments as services
from openmso.platform.api.operations import operation
from openmso.platform.api.schemas import Body, public_id, text
from openmso.platform.tenancy.scope import reading

PayerEnrolmentId = Annotated[str, public_id("PEN")]


class PayerEnrolmentIn(Body):
    """From when a payer takes a clinician's services; `ends_on` is the first day it takes none of.

    Without a clinician it is the practice itself that is enrolled.
    """

    clinician: ClinicianId | None = None
    payer: Annotated[str, public_id("PAY")]
    number: Annotated[str, text(30, length_min=0)] = ""
    starts_on: date
    ends_on: date | None = None


class PayerEnrolmentEndIn(Body):
    """The first day of which the payer takes no services."""

    ends_on: date


class PayerEnrolmentOut(Schema):
    """A payer takes the services of a clinician, or of the practice itself, from a day on."""

    id: str
    clinician: str
    payer: str
    number: str
    starts_on: date
    ends_on: date | None


@router.get("/practices/{practice}/payer-enrolments", response=list[PayerEnrolmentOut])
@operation("parties.read")
def list_payer_enrolments(request: Any, practice: PracticeId) -> Any:
    """Which clinicians, and whether the practice itself, are enrolled with which payers; those of the past too."""
    return [_told(one) for one in queries.of_practice(answers.found(request, practice).id)]


@router.post("/practices/{practice}/payer-enrolments", response={201: PayerEnrolmentOut})
@operation("parties.edit")
def record_payer_enrolment(request: Any, practice: PracticeId, body: PayerEnrolmentIn) -> Any:
    """Record that a payer has enrolled a clinician, or the practice itself."""
    made = services.record(
        actor=request.actor, practice=answers.key(request, practice), at=request.actor.at,
        **body.model_dump() | {"clinician": body.clinician or ""},
    )  # fmt: skip
    with reading():
        return Status(201, _told(queries.enrolment(made)))


@router.post("/practices/{practice}/payer-enrolments/{payer_enrolment}/end", response=PayerEnrolmentOut)
@operation("parties.edit")
def end_payer_enrolment(
    request: Any, practice: PracticeId, payer_enrolment: PayerEnrolmentId, body: PayerEnrolmentEndIn
) -> Any:
    """Record that an enrolment ends."""
    services.end(
        actor=request.actor, practice=answers.key(request, practice), enrolment=payer_enrolment, ends_on=body.ends_on,
        at=request.actor.at,
    )  # fmt: skip
    with reading():
        return _told(queries.enrolment(payer_enrolment))


def _told(one: PayerEnrolment) -> dict[str, Any]:
    return {
        "id": one.public_id, "clinician": one.clinician, "payer": one.payer, "number": one.number,
        "starts_on": one.starts_on, "ends_on": one.ends_on,
    }  # fmt: skip
