"""Answering denials: corrected, asked anew, asked about, moved to the patient, taken up again; who caused one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from openmso.claims.queries import decided, stories
from openmso.claims.services import correcting, parting
from openmso.denials.contracts import DENIAL, Cause
from openmso.denials.events import DenialMovedToPatient
from openmso.denials.models import Denial
from openmso.denials.rules import patients
from openmso.denials.services import keeping, money
from openmso.denials.states import WORKED, S
from openmso.kit.errors import Conflict, Refused
from openmso.kit.ids import public_id
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic

LOOK_AGAIN = timedelta(days=30)
"""When whoever waits for a payer looks again, unless they say otherwise."""


class AlreadyCorrected(Conflict):
    """A corrected claim was made of it, and the payer has not decided on that one yet."""

    code = "already_corrected"


@atomic
def correct(*, actor: Actor, denials: Sequence[str], why: str, at: datetime) -> str:
    """Make a replacement of the claim of some denials, to be mended and sent; its public id.

    All of them are of one claim. Raises `AlreadyCorrected`, and what `claims` refuses.
    """
    rows, decision = keeping.locked(denials, actor)
    if len({row.claim_name for row in rows}) > 1:
        raise Refused(
            "These denials are of several claims.", code="several_claims", fix="Correct each claim by itself."
        )
    for row in rows:
        keeping.refuse_unless_worked(row)
        if row.resent_name and S(row.state) is S.RESENT:
            raise AlreadyCorrected(
                f"{row.claim_name} was corrected as {row.resent_name}.", fix="Mend that one, or wait for its answer."
            )
    new = correcting.correct(
        actor=actor, claim=rows[0].resent_name or rows[0].claim_name, frequency="7", why=why, at=at
    )
    for row in rows:
        keeping.tell(row, "corrected", actor=actor, at=at, under=decision, why=why)
    resent(
        actor=actor, practice=rows[0].practice_id, claim=new, original=rows[0].resent_name or rows[0].claim_name, at=at
    )
    return new


@atomic
def resubmit(*, actor: Actor, denials: Sequence[str], frequency: str, why: str, at: datetime) -> str:
    """Ask anew for the denied lines alone, as a new claim (1) or a corrected one (7); the public id of that claim.

    All denials are of lines of one claim. Raises what `claims` refuses: a line that was paid in part goes with its
    whole claim.
    """
    rows, decision = keeping.locked(denials, actor)
    asked = {row.resent_name or row.claim_name for row in rows}
    if len(asked) > 1:
        raise Refused(
            "These denials are of several claims.", code="several_claims", fix="Resubmit those of each claim by itself."
        )
    for row in rows:
        keeping.refuse_unless_worked(row)
        if S(row.state) is S.RESENT:
            raise AlreadyCorrected(
                f"{row.claim_name} was corrected as {row.resent_name}.", fix="Mend that one, or wait for its answer."
            )
    claim = stories.key(asked.pop())
    charges = decided.charges_of(practice=claim.practice, claim=claim.id)
    lines = {number for number, charge in charges.items() if charge in {row.charge_line_id for row in rows}}
    if any(row.charge_line_id is None for row in rows):
        lines = set(charges)
    new = parting.resubmit(
        actor=actor, claim=claim.public_id, lines=lines, frequency=frequency, why=why, at=at
    )  # fmt: skip
    for row in rows:
        keeping.tell(row, "asked anew for", actor=actor, at=at, under=decision, why=why)
    resent(actor=actor, practice=claim.practice, claim=new, original=claim.public_id, lines=tuple(lines), at=at)
    return new


@atomic
def resent(
    *, actor: Actor, practice: int, claim: str, original: str, at: datetime, lines: Collection[int] = ()
) -> int:  # fmt: skip
    """A claim was made that asks anew for another one, or for some `lines` of it, here or on its own page.

    Their denials wait for what becomes of that.
    """
    new = stories.key(claim)
    if new.is_voided:
        return 0  # it was dropped before this was heard of
    of_claim = Q(claim_name=original) | Q(resent_name=original)
    found = Denial.objects.select_for_update().filter(of_claim, practice_id=practice, state__in=sorted(WORKED))
    if lines:
        anew = decided.charges_of(practice=practice, claim=new.id).values()
        of_lines = Q(charge_line_id__in=list(anew))
        if not decided.charges_of(practice=practice, claim=stories.key(original).id):
            of_lines |= Q(charge_line=None)
        found = found.filter(of_lines)
    rows = list(found.exclude(resent_name=claim).order_by("pk"))
    for row in rows:
        row.resent_as_id, row.resent_name = new.id, claim
    keeping.move(rows, to=S.RESENT, what=f"{'Asked anew' if lines else 'Corrected'} as {claim}", actor=actor, at=at)
    keeping.queue(rows, at=at, due_at=at + LOOK_AGAIN)
    return len(rows)


@atomic
def dropped(*, actor: Actor, practice: int, claim: str, at: datetime) -> int:
    """A claim that was to ask anew was dropped before it left: its denials are to be worked on again."""
    found = Denial.objects.select_for_update().filter(practice_id=practice, resent_name=claim, state__in=sorted(WORKED))
    rows = list(found.order_by("pk"))
    for row in rows:
        row.resent_as_id, row.resent_name = None, ""
    keeping.move(rows, to=S.NEW, what=f"{claim} was dropped", actor=actor, at=at)
    keeping.queue(rows, at=at)
    return len(rows)


@atomic
def ask_payer(*, actor: Actor, denial: str, note: str, until: date | None, at: datetime) -> None:
    """Note what the payer was asked, and when to look again."""
    row, decision = keeping.one(denial, actor)
    keeping.refuse_unless_worked(row)
    if not note.strip():
        raise Refused("Say what you asked and whom.", code="no_note", field="note", fix="A sentence is enough.")
    keeping.move([row], to=S.ASKED, what="Payer asked", actor=actor, at=at, note=note)
    keeping.queue([row], at=at, due_at=_on(row.practice_id, until, at))
    keeping.tell(row, "asked the payer about", actor=actor, at=at, under=decision)


@atomic
def take_up(*, actor: Actor, denial: str, why: str, at: datetime) -> None:
    """Work on a denial again that waited for the payer."""
    row, decision = keeping.one(denial, actor)
    keeping.refuse_unless_worked(row)
    keeping.move([row], to=S.NEW, what="Taken up again", actor=actor, at=at, note=why)
    keeping.queue([row], at=at)
    keeping.tell(row, "took up again", actor=actor, at=at, under=decision, why=why)


@atomic
def to_patient(*, actor: Actor, denial: str, why: str, at: datetime) -> str:
    """Make what is open the patient's, where group and reason allow it; the public id of the entry.

    Raises `NotThePatients` under CO, and `Refused` without a reason: under OA and PI a person has looked.
    """
    row, decision = keeping.one(denial, actor)
    keeping.refuse_unless_worked(row)
    if no := patients.why_not(row.group, row.reason):
        raise no
    if not why.strip():
        raise Refused(
            "Say why the patient owes it.", code="no_reason", field="why", fix="Name the benefit or the notice."
        )
    amount = money.open_of(row)
    entry = money.move(row, amount, to_patient=True, source=public_id("DTP"), actor=actor, at=at, under=decision)
    row.patient_amount = amount.amount
    keeping.move(
        [row], to=S.PATIENT, what="Moved to the patient", actor=actor, at=at, note=f"{why} Entry {entry}",
        amounts=[amount.amount],
    )  # fmt: skip
    keeping.close([row], actor=actor, at=at, under=decision, outcome="Moved to the patient")
    audit.record(
        actor=actor, action="denials.to_patient", practice=row.practice_id, subject=(DENIAL, denial), at=at, why=why,
        facts={"amount": str(amount)}, decision=decision,
    )  # fmt: skip
    outbox.publish(DenialMovedToPatient(denial, row.claim_name, amount.amount, entry), practice=row.practice_id, at=at)
    return entry


@atomic
def say_cause(*, actor: Actor, denial: str, cause: Cause, why: str, at: datetime) -> None:
    """Overrule who is taken to have caused a denial, with the reason; the report and promises follow it."""
    row, decision = keeping.one(denial, actor)
    if not why.strip():
        raise Refused("Say what shows it.", code="no_reason", field="why", fix="A sentence is enough.")
    row.cause, row.cause_why = cause.value, f"{why.strip()} ({actor.name})"[:300]
    row.save(update_fields=["cause", "cause_why"])
    audit.record(
        actor=actor, action="denials.caused", practice=row.practice_id, subject=(DENIAL, denial), at=at, why=why,
        facts={"cause": cause.label}, decision=decision,
    )  # fmt: skip


def _on(practice: int, day: date | None, at: datetime) -> datetime:
    """The morning of a day in the practice's zone; without one, in thirty days. Raises `Refused` for the past."""
    if day is None:
        return at + LOOK_AGAIN
    if day <= tenancy.today(practice, at):
        raise Refused("Choose a day that is still to come.", code="past_day", field="until")
    return datetime.combine(day, time(8), tzinfo=ZoneInfo(tenancy.zone(practice)))
