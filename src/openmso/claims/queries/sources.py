"""What a claim is made of and may be made of instead: the visit's clinicians and sites, the patient, the coverages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from openmso.charges import queries as charges
from openmso.claims.contracts import LineRow, Sources
from openmso.claims.models.claims import Claim, ClaimLine
from openmso.claims.queries import stories
from openmso.kit.ids import npi_is_valid
from openmso.parties.contracts import Clinician
from openmso.parties.queries import providers
from openmso.patients import queries as patients
from openmso.patients.contracts import Person


def of(public_id: str) -> Sources:
    """The sources of one claim; raises `NotFound`."""
    found = stories.claim(public_id)
    row = Claim.objects.get(pk=found.id)
    covers = patients.coverages_of([row.patient_id]).get(row.patient_id, ())
    who = clinicians(row.practice_id, on=row.service_on)
    where = tuple(
        site for site in providers.sites(row.practice_id, on=row.service_on)
        if site.closed_on is None or row.service_on < site.closed_on
    )  # fmt: skip
    return Sources(
        found, patients.by_ids([row.patient_id])[row.patient_id], covers,
        next((one.public_id for one in covers if one.id == row.coverage_id), ""), who,
        next((one.public_id for one in who if one.id == row.rendering_id), ""), where,
        next((one.public_id for one in where if one.id == row.site_id), ""),
    )  # fmt: skip


def holder(public_id: str, coverage: str) -> Person:
    """Who holds a coverage of a claim's patient; of a new one, somebody who lives where the patient does."""
    found = of(public_id)
    held = next((one.subscriber for one in found.coverages if one.public_id == coverage), None)
    return held or Person("", "", address=found.patient.person.address)


def clinicians(practice: int, *, on: date) -> tuple[Clinician, ...]:
    """Who can be named as rendering: the practice's clinicians of a day with a valid NPI."""
    return tuple(one for one in providers.clinicians(practice, on=on) if npi_is_valid(one.npi))


def lines(public_id: str) -> tuple[LineRow, ...]:
    """The lines of a claim with the drugs of their charges, as a form begins; raises `NotFound`."""
    found = stories.claim(public_id)
    by_line = dict(ClaimLine.objects.filter(claim_id=found.id).values_list("pk", "charge_id"))
    known = charges.by_ids(by_line.values())
    return tuple(replace(line, drug=known[by_line[line.id]].drug) for line in found.lines)
