"""Builders for tests of all apps; they walk the real services. All people are invented."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count

from openmso.parties.contracts import Address
from openmso.patients import services
from openmso.patients.contracts import Coverage, CoverageDraft, Order, Patient, PatientDraft, Person, Relationship, Sex
from openmso.platform.access.contracts import Actor

_numbers = count(1)
LONG_AGO = date(2020, 1, 1)


def person(last: str = "Okafor", first: str = "Daniel", **known: object) -> Person:
    """Somebody with everything an insurer asks for."""
    given = {
        "born_on": date(1968, 2, 14),
        "sex": Sex.MALE,
        "address": Address("7 Elm Street", "", "Rockland", "ME", "04841"),
    }
    return Person(last, first, **(given | known))  # type: ignore[arg-type]


def patient(
    *, practice: int, at: datetime, who: Person | None = None, mrn: str = "", actor: Actor | None = None
) -> Patient:
    """A registered patient; without a coverage."""
    draft = PatientDraft(who or person(), mrn or f"MRN{next(_numbers):06d}", "2075550142")
    return services.register(
        actor=actor or Actor.system("building a test", at=at), practice=practice, draft=draft, at=at
    )


def coverage(
    patient: Patient,
    *,
    payer_id: int,
    at: datetime,
    order: Order = Order.PRIMARY,
    starts_on: date = LONG_AGO,
    ends_on: date | None = None,
    member_id: str = "W123456789",
    relationship: Relationship = Relationship.SELF,
    subscriber: Person | None = None,
    actor: Actor | None = None,
) -> Coverage:
    """A coverage of a patient."""
    draft = CoverageDraft(
        payer_id, member_id, starts_on, ends_on, order, relationship=relationship, subscriber=subscriber,
        group_number="4410",
    )  # fmt: skip
    return services.cover(
        actor=actor or Actor.system("building a test", at=at), practice=patient.practice, patient_id=patient.id,
        draft=draft, at=at,
    )  # fmt: skip
