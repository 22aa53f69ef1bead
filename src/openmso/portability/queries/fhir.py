"""A practice in FHIR R4, a file of lines for each kind of resource, written while it is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from edi.health import written
from edi.health.fhir import Json, Place
from openmso.claims.queries import whole as claims
from openmso.claims.queries.whole import WholeClaim, WholeDecision
from openmso.parties.queries import payers, providers
from openmso.patients import queries as patients
from openmso.patients.contracts import Person
from openmso.portability.contracts import Lines, Part
from openmso.portability.queries.revenue import Practice
from openmso.scheduling import queries as visits
from openmso.scheduling.contracts import Visit, VisitStatus

BOOKED = {VisitStatus.PLANNED: "booked", VisitStatus.CANCELLED: "cancelled", VisitStatus.NO_SHOW: "noshow"}
"""Visits that did not take place, or not yet, are appointments; the others are encounters."""
HELD = (
    ("fhir/Patient.ndjson", "Patients as FHIR R4"), ("fhir/Coverage.ndjson", "Coverages as FHIR R4"),
    ("fhir/Organization.ndjson", "Payers and billing providers as FHIR R4"),
    ("fhir/Practitioner.ndjson", "Clinicians as FHIR R4"),
    ("fhir/Appointment.ndjson", "Visits to come, cancelled and missed as FHIR R4"),
    ("fhir/Encounter.ndjson", "Visits that took place as FHIR R4"),
    ("fhir/Claim.ndjson", "Claims with their lines as FHIR R4, each tagged with its state"),
    ("fhir/ExplanationOfBenefit.ndjson", "What payers decided of claims, as FHIR R4"),
)  # fmt: skip


@dataclass(slots=True)
class Names:
    """Public ids by key, as far as resources need them to point at each other."""

    patients: dict[int, str]
    coverages: dict[int, str]
    payers: dict[int, tuple[str, str]]
    clinicians: dict[int, str]
    billers: dict[int, str]


def parts(of: Practice) -> Iterator[Part]:
    """The files of resources, in an order in which nothing points ahead."""
    names = _names(of)
    ways = (
        _patients(of), _coverages(of, names), _organizations(of), _practitioners(of),
        _visits(of, names, planned=True), _visits(of, names, planned=False), _claims(of, names), _benefits(of, names),
    )  # fmt: skip
    for (path, words), resources in zip(HELD, ways, strict=True):
        yield Lines(path, words, map(written.line, resources))


def _names(of: Practice) -> Names:
    return Names(
        {one.id: one.public_id for one in patients.everybody(of.id)},
        {one.id: one.public_id for one in patients.every_coverage(of.id)},
        {one.id: (one.public_id, one.name) for one in payers.every()},
        {one.id: one.public_id for one in providers.clinicians(of.id)},
        {one.id: one.public_id for one in providers.billers(of.id, on=of.on)},
    )


def _human(one: Person) -> written.Human:
    at = one.address
    return written.Human(one.last_name, one.first_name, one.middle_name, one.suffix, one.born_on, one.sex.value,
                         Place(at.line1, at.line2, at.city, at.state, at.zip))  # fmt: skip


def _patients(of: Practice) -> Iterator[Json]:
    for one in patients.everybody(of.id):
        yield written.patient(one.public_id, one.mrn, _human(one.person), phone=one.phone, email=one.email)


def _coverages(of: Practice, names: Names) -> Iterator[Json]:
    for one in patients.every_coverage(of.id):
        payer, payer_name = names.payers[one.payer_id]
        yield written.coverage(
            one.public_id, patient=names.patients[one.patient_id], payer=payer, payer_name=payer_name,
            member_id=one.member_id, relationship=one.relationship.value, order=one.order.value, group=one.group_number,
            plan=one.plan_name, starts_on=one.starts_on,
            ends_on=one.ends_on - timedelta(days=1) if one.ends_on else None,
            subscriber=_human(one.subscriber) if one.subscriber else None,
        )  # fmt: skip


def _organizations(of: Practice) -> Iterator[Json]:
    for payer in payers.every():
        yield written.organization(payer.public_id, payer.name, payer.edi_id)
    for biller in providers.billers(of.id, on=of.on):
        yield written.provider(biller.public_id, biller.name, biller.npi)


def _practitioners(of: Practice) -> Iterator[Json]:
    for one in providers.clinicians(of.id):
        who = written.Human(one.last_name, one.first_name, one.middle_name, one.suffix)
        yield written.practitioner(one.public_id, one.npi, who)


def _visits(of: Practice, names: Names, *, planned: bool) -> Iterator[Json]:
    for one in visits.every(of.id):
        if (one.status in BOOKED) is planned:
            yield _appointment(one, names) if planned else _encounter(one, names)


def _appointment(one: Visit, names: Names) -> Json:
    return written.appointment(
        one.public_id, status=BOOKED[one.status], on=one.service_on, reason=one.reason,
        patient=names.patients[one.patient_id], practitioner=names.clinicians.get(one.clinician_id or 0, ""),
    )  # fmt: skip


def _encounter(one: Visit, names: Names) -> Json:
    return written.encounter(
        one.public_id, status="finished" if one.status is VisitStatus.DONE else "arrived", starts_on=one.service_on,
        ends_on=one.service_through or one.service_on, reason=one.reason, patient=names.patients[one.patient_id],
        practitioner=names.clinicians.get(one.clinician_id or 0, ""),
    )  # fmt: skip


def _claims(of: Practice, names: Names) -> Iterator[Json]:
    for one in claims.every(of.id):
        yield written.claim(_asked(one, names))


def _benefits(of: Practice, names: Names) -> Iterator[Json]:
    for one in claims.every(of.id):
        decided: defaultdict[tuple[str, date], list[WholeDecision]] = defaultdict(list)
        for decision in one.decisions:
            decided[decision.source, decision.on].append(decision)
        for number, ((_, on), lines) in enumerate(decided.items(), start=1):
            told = [written.Amounts(each.line, each.paid, each.adjusted, each.patient, each.denied) for each in lines]
            yield written.benefit(_asked(one, names), id_=f"{one.public_id}.{number}", on=on, lines=told)


def _asked(one: WholeClaim, names: Names) -> written.Asked:
    items = [
        written.Item(line.number, line.code, line.modifiers, line.pointers, line.units, line.amount, line.service_on,
                     line.place_of_service)
        for line in one.lines
    ]  # fmt: skip
    return written.Asked(
        one.public_id, one.control, one.state.value, one.form == "I", one.is_draft, one.is_void,
        names.patients[one.patient_id], names.billers.get(one.biller_id or 0, ""),
        names.clinicians.get(one.rendering_id or 0, ""), names.payers.get(one.payer_id or 0, ("", ""))[0],
        names.coverages.get(one.coverage_id or 0, ""), one.service_on, one.service_through or one.service_on,
        one.built_on, one.place_of_service, one.diagnoses, items, one.total,
    )  # fmt: skip
