"""Clinicians of a practice: the only writer of that table."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from openmso.kit.errors import NotFound
from openmso.parties import contracts, rules
from openmso.parties.contracts import EDIT, HIRES, LETS_GO, Person
from openmso.parties.models.clinicians import Clinician, ClinicianTime
from openmso.parties.queries import providers as queries
from openmso.parties.services.fitness import NotFit, refuse_if, refuse_when
from openmso.platform.access import reserved
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic


@atomic
def add(
    *, actor: Actor, practice: int, person: Person, npi: str, taxonomy: str, starts_on: date, at: datetime,
    ssn: str = "",
) -> contracts.Clinician:  # fmt: skip
    """Add a clinician from their first day; the SSN is sealed, and kept only where payroll or payers ask for it.

    Who treats is the practice's to decide: the MSO takes in whom it agreed to (`NotPermitted`).
    """
    decision = actor.must(EDIT.code, practice)
    refuse_if(rules.clinician(person, npi_number=npi, taxonomy_code=taxonomy))
    refuse_if(rules.ssn(ssn) if ssn else [])
    there = Clinician.objects.filter(practice_id=practice, npi=npi).exists()
    refuse_when(there, f"A clinician with the NPI {npi} is on file.", field="npi")
    row = Clinician.objects.create(
        practice_id=practice, npi=npi, taxonomy=taxonomy, starts_on=starts_on, ssn=ssn or None, **_columns(person)
    )
    reserved.permit(
        actor=actor, practice=practice, act=HIRES, subject=("parties.clinician", row.public_id), at=at, under=decision,
        words=f"Took in {person.last_name} from {starts_on:%-d %B %Y}", party=f"{person.first_name} {person.last_name}",
    )  # fmt: skip
    audit.record(
        actor=actor, action="parties.clinician_added", practice=practice, at=at, decision=decision,
        subject=("parties.clinician", row.public_id), facts={"name": person.last_name, "npi": npi},
    )  # fmt: skip
    return queries.clinician(row.pk)


@atomic
def change(
    *, actor: Actor, practice: int, clinician: str, person: Person, taxonomy: str, at: datetime, ssn: str = ""
) -> contracts.Clinician:
    """Correct a clinician's name, licence or taxonomy; an SSN that is given replaces the one on file."""
    decision = actor.must(EDIT.code, practice)
    row = _clinician(practice, clinician)
    refuse_if(rules.clinician(person, npi_number=row.npi, taxonomy_code=taxonomy))
    refuse_if(rules.ssn(ssn) if ssn else [])
    row.taxonomy = taxonomy
    for column, value in _columns(person).items():
        setattr(row, column, value)
    if ssn:
        row.ssn = ssn
    row.save()
    audit.record(
        actor=actor, action="parties.clinician_changed", practice=practice, at=at, decision=decision,
        subject=("parties.clinician", clinician), facts={"ssn_replaced": bool(ssn)},
    )  # fmt: skip
    return queries.clinician(row.pk)


@atomic
def leave(*, actor: Actor, practice: int, clinician: str, ends_on: date, at: datetime) -> contracts.Clinician:
    """Record that a clinician leaves: `ends_on` is the first day they are no longer there."""
    decision = actor.must(EDIT.code, practice)
    row = _clinician(practice, clinician)
    if ends_on < row.starts_on:
        raise NotFit(f"They came on {row.starts_on}.", field="ends_on", fix="Give a later day.")
    row.ends_on = ends_on
    row.save(update_fields=["ends_on"])
    reserved.permit(
        actor=actor, practice=practice, act=LETS_GO, subject=("parties.clinician", clinician), at=at, under=decision,
        words=f"Recorded that {row.last_name} leaves on {ends_on:%-d %B %Y}",
        party=f"{row.first_name} {row.last_name}",
    )  # fmt: skip
    audit.record(
        actor=actor, action="parties.clinician_left", practice=practice, at=at, decision=decision,
        subject=("parties.clinician", clinician), facts={"ends_on": str(ends_on)},
    )  # fmt: skip
    return queries.clinician(row.pk)


@atomic
def state_time(
    *, actor: Actor, practice: int, clinician: str, share: Decimal, starts_on: date, shows: str, at: datetime
) -> contracts.Clinician:
    """State how much of full time a clinician works from a day on, as a part of one, and what shows it.

    Fees by full-time equivalents count it day by day; months that are settled stay as they were. A later statement of
    the same day takes its place, and both stay on file.
    """
    decision = actor.must(EDIT.code, practice)
    row = _clinician(practice, clinician)
    refuse_if(rules.share_of_time(share, shows))
    if starts_on < row.starts_on:
        raise NotFit(f"They came on {row.starts_on}.", field="starts_on", fix="Give that day, or a later one.")
    ClinicianTime.objects.create(
        practice_id=practice, clinician=row, share=share, shows=shows.strip(), starts_on=starts_on, recorded_at=at,
        recorded_by=actor.name[:160],
    )  # fmt: skip
    audit.record(
        actor=actor, action="parties.clinician_time_stated", practice=practice, at=at, decision=decision,
        subject=("parties.clinician", clinician),
        facts={"share": f"{(share * 100).normalize():f}", "starts_on": str(starts_on)},
    )  # fmt: skip
    return queries.clinician(row.pk)


def _clinician(practice: int, public_id: str) -> Clinician:
    row = Clinician.objects.select_for_update().filter(practice_id=practice, public_id=public_id).first()
    if row is None:
        raise NotFound("There is no such clinician.", field="clinician")
    return row


def _columns(person: Person) -> dict[str, str]:
    return {
        "last_name": person.last_name.strip(), "first_name": person.first_name.strip(),
        "middle_name": person.middle_name.strip(), "suffix": person.suffix.strip(),
        "credential": person.credential.strip(), "licence_number": person.licence_number.strip(),
        "licence_state": person.licence_state.strip(),
    }  # fmt: skip
