"""Business associate agreements: recorded and ended. While none is in force, patient data is closed to the MSO."""

from __future__ import annotations

from datetime import date, datetime

from openmso.agreements.contracts import EXECUTE, TERMINATE, SignedDocument
from openmso.agreements.events import BaaEnded
from openmso.agreements.models.baa import BusinessAssociateAgreement
from openmso.agreements.services.scans import refuse_paper
from openmso.kit import clock
from openmso.kit.errors import NotFound, Refused
from openmso.platform.access import services as access
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import atomic

PURPOSE = "agreements.baa"
NOTICE_HOURS_MAX = 1440
"""Sixty days (45 CFR 164.410(b)): the longest a business associate may take to tell of an incident."""


class BadBaa(Refused):
    """The dates or the notice of a business associate agreement cannot be."""

    code = "bad_baa"


@atomic
def sign(
    *, actor: Actor, practice: int, starts_on: date, document: SignedDocument, at: datetime,
    ends_on: date | None = None, incident_notice_hours: int = 48,
) -> str:  # fmt: skip
    """Record a signed business associate agreement; patient data of the lines in scope opens with it.

    `incident_notice_hours` is how soon the practice is told of an incident. Returns the public id.
    """
    decision = actor.must(EXECUTE.code, practice)
    refuse_paper(document)
    if ends_on is not None and ends_on <= starts_on:
        raise BadBaa("It ends after it starts.", field="ends_on")
    if not 1 <= incident_notice_hours <= NOTICE_HOURS_MAX:
        raise BadBaa("An incident is told within sixty days.", field="incident_notice_hours", fix="Such as 48 hours.")
    kept = documents.store(
        actor=actor, practice=practice, name=document.name, content=document.content, media_type="application/pdf",
        purpose=PURPOSE, at=at, under=decision,
    )  # fmt: skip
    row = BusinessAssociateAgreement.objects.create(
        practice_id=practice, starts_on=starts_on, ends_on=ends_on, incident_notice_hours=incident_notice_hours,
        document=kept.public_id, document_sha256=kept.sha256, recorded_at=at,
    )  # fmt: skip
    access.cover(
        actor=actor, practice=practice, agreement=row.public_id, starts_on=starts_on, ends_on=ends_on,
        document_sha256=kept.sha256, at=at, under=decision,
    )  # fmt: skip
    documents.became(document=kept, subject=("agreements.baa", row.public_id), practice=practice, at=at)
    audit.record(
        actor=actor, action="agreements.baa_signed", practice=practice, subject=("agreements.baa", row.public_id),
        at=at, facts={"starts_on": str(starts_on), "sha256": kept.sha256}, decision=decision,
    )  # fmt: skip
    return row.public_id


@atomic
def end(*, actor: Actor, baa: str, ends_on: date, why: str, at: datetime) -> None:
    """End a business associate agreement from a day on, today at the earliest; patient data closes with it."""
    row = BusinessAssociateAgreement.objects.select_for_update().filter(public_id=baa).first()
    if row is None:
        raise NotFound("There is no such business associate agreement.", field="baa")
    decision = actor.must(TERMINATE.code, row.practice_id)
    today = clock.day_in(row.practice.zone, at)
    if ends_on < today:
        raise BadBaa(f"{ends_on} is past.", field="ends_on", fix=f"End it today, {today}, or on a later day.")
    if not why.strip():
        raise BadBaa("Say why it ends.", field="why")
    row.ended_on, row.ended_why = ends_on, why.strip()[:200]
    row.save(update_fields=["ended_on", "ended_why"])
    access.end_cover(
        actor=actor, practice=row.practice_id, agreement=baa, ends_on=ends_on, why=row.ended_why, at=at, under=decision
    )
    outbox.publish(BaaEnded(baa, ends_on), practice=row.practice_id, at=at)
    audit.record(
        actor=actor, action="agreements.baa_ended", practice=row.practice_id, subject=("agreements.baa", baa), at=at,
        facts={"ends_on": str(ends_on)}, why=row.ended_why, decision=decision,
    )  # fmt: skip
