"""Writing and ending notes: the only writer of their tables. Notes for every practice are in the trail of the MSO."""

from __future__ import annotations

from datetime import date, datetime

from openmso.kit.errors import NotFound
from openmso.parties import contracts
from openmso.parties.contracts import NOTE
from openmso.parties.models.notes import PayerNote, PracticeNote
from openmso.parties.queries import notes as queries
from openmso.parties.queries import payers
from openmso.parties.services.fitness import NotFit
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic

LONGEST = 500


@atomic
def write(
    *, actor: Actor, practice: int, words: str, at: datetime, payer: str = "", until: date | None = None
) -> contracts.Note:
    """Say what is to be known of a practice, or of a payer (by its public id) in this practice alone."""
    decision = actor.must(NOTE.code, practice)
    _check(words, until, at)
    row = PracticeNote.objects.create(
        practice_id=practice, payer_id=payers.by_public_id(payer).id if payer else None, words=words.strip(),
        until=until, written_at=at, written_by=actor.name,
    )  # fmt: skip
    _tell(actor, "parties.note_written", practice, row.public_id, at, decision)
    return queries.note(row.public_id)


@atomic
def write_for_all(
    *, actor: Actor, mso: int, payer: str, words: str, at: datetime, until: date | None = None
) -> contracts.Note:
    """Say what is to be known of a payer in every practice; `mso` is the tenant whose people say so."""
    decision = actor.must(NOTE.code, mso)
    _check(words, until, at)
    row = PayerNote.objects.create(
        payer_id=payers.by_public_id(payer).id, words=words.strip(), until=until, written_at=at, written_by=actor.name
    )
    _tell(actor, "parties.note_written", mso, row.public_id, at, decision)
    return queries.note(row.public_id)


@atomic
def end(*, actor: Actor, mso: int, note: str, at: datetime) -> None:
    """A note no longer holds; `mso` is the tenant that speaks for every practice. Ended twice is ended once."""
    everywhere = note.startswith("NTP")
    model = PayerNote if everywhere else PracticeNote
    row = model.objects.select_for_update().filter(public_id=note).first()
    if row is None:
        raise NotFound(f"There is no note {note}.")
    practice = row.practice_id if isinstance(row, PracticeNote) else mso
    decision = actor.must(NOTE.code, practice)
    if row.ended_at is not None:
        return
    row.ended_at, row.ended_by = at, actor.name
    row.save(update_fields=["ended_at", "ended_by"])
    _tell(actor, "parties.note_ended", practice, note, at, decision)


def _tell(actor: Actor, action: str, practice: int, note: str, at: datetime, decision: Decision) -> None:
    audit.record(
        actor=actor, action=action, practice=practice, subject=("parties.note", note), at=at, facts={"note": note},
        decision=decision,
    )  # fmt: skip


def _check(words: str, until: date | None, at: datetime) -> None:
    if not words.strip():
        raise NotFit("A note says something.", field="words")
    if len(words) > LONGEST:
        raise NotFit(f"A note has at most {LONGEST} characters; this has {len(words)}.", field="words",
                     fix="Shorten it.")  # fmt: skip
    if until is not None and until < at.date():
        raise NotFit("A note holds until a day to come.", field="until", fix="Choose a later day, or none.")
