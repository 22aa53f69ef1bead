"""Payers' enrolment of clinicians: recorded when the payer says so, ended, never rewritten."""

from __future__ import annotations

from datetime import date, datetime

from openmso.kit.errors import NotFound
from openmso.parties.contracts import EDIT
from openmso.parties.models.enrolments import PayerEnrolment
from openmso.parties.queries import payers, practices, providers
from openmso.parties.services.fitness import NotFit, refuse_when
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic


@atomic
def record(
    *, actor: Actor, practice: int, payer: str, starts_on: date, at: datetime, clinician: str = "", number: str = "",
    ends_on: date | None = None,
) -> str:  # fmt: skip
    """Record from when (and until when) a payer has a clinician enrolled, or the practice itself; its public id.

    Claims of this payer are then held where whoever rendered, or the practice, is not enrolled on the day. Raises
    `NotFit`, `NotFound`.
    """
    decision = actor.must(EDIT.code, practice)
    who, whom = providers.clinician_by_public_id(clinician) if clinician else None, payers.by_public_id(payer)
    if who is not None and who.practice != practice:
        raise NotFound("There is no such clinician.", field="clinician")
    if ends_on is not None and ends_on <= starts_on:
        raise NotFit("It would end before it begins.", field="ends_on", fix="Correct one of the days.")
    same = PayerEnrolment.objects.filter(practice_id=practice, payer_id=whom.id)
    same = same.filter(clinician_id=who.id) if who else same.filter(clinician=None)
    meets = same.exclude(ends_on__lte=starts_on)
    meets = meets.filter(starts_on__lt=ends_on) if ends_on else meets
    refuse_when(
        meets.exists(),
        f"{whom.name} has {who.name if who else 'the practice'} enrolled in these days already.",
        field="starts_on",
    )
    row = PayerEnrolment.objects.create(
        practice_id=practice, clinician_id=who.id if who else None, payer_id=whom.id, number=number.strip()[:30],
        starts_on=starts_on, ends_on=ends_on, recorded_at=at, recorded_by=actor.name[:160],
    )  # fmt: skip
    audit.record(
        actor=actor, action="parties.enrolment_recorded", practice=practice, at=at, decision=decision,
        subject=_subject(row), facts={"payer": whom.name, "starts_on": str(starts_on)},
    )  # fmt: skip
    return row.public_id


def _subject(row: PayerEnrolment) -> tuple[str, str]:
    """Who is enrolled, as the trail names it."""
    if row.clinician_id is None:
        return "parties.practice", practices.practice(row.practice_id, on=row.starts_on).public_id
    return "parties.clinician", providers.clinician(row.clinician_id).public_id


@atomic
def end(*, actor: Actor, practice: int, enrolment: str, ends_on: date, at: datetime) -> None:
    """Record the first day of which the payer takes no services any more. Raises `NotFit`, `NotFound`."""
    decision = actor.must(EDIT.code, practice)
    row = PayerEnrolment.objects.select_for_update().filter(practice_id=practice, public_id=enrolment).first()
    if row is None:
        raise NotFound("There is no such enrolment.", field="enrolment")
    if ends_on <= row.starts_on:
        raise NotFit(f"It began on {row.starts_on}.", field="ends_on", fix="Give a later day.")
    refuse_when(row.ends_on is not None, "It has ended already.", field="ends_on")
    row.ends_on = ends_on
    row.save(update_fields=["ends_on"])
    audit.record(
        actor=actor, action="parties.enrolment_ended", practice=practice, at=at, decision=decision,
        subject=_subject(row),
        facts={"payer": payers.payer(row.payer_id).name, "ends_on": str(ends_on)},
    )  # fmt: skip
