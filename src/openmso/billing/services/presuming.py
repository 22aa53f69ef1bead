"""Help that is presumed by a documented fact, taken back with a reason, and proved by files.

Nobody is asked for an income where a fact says enough (26 CFR 1.501(r)-6(c)(2)): the best step of the scale is
proposed, and somebody else decides as of any application.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from openmso.billing.contracts import ASSISTANCE, STATE, OwedLine
from openmso.billing.models import Assistance, Proof, Settlement
from openmso.billing.queries import helping as facts
from openmso.billing.queries import owing, policies, tables
from openmso.billing.rules import charity, letters
from openmso.billing.rules.owing import Part
from openmso.billing.services import chasing, giving_up, keeping
from openmso.billing.services.dunning import letter_head
from openmso.billing.services.helping import NoHelp, keep_proof, letter, locked, none_waits, note_of, tell, wait
from openmso.billing.services.settling import Act
from openmso.billing.states import Ground, Helped, Why
from openmso.kit.errors import Conflict, NotFound
from openmso.kit.money import ZERO, Money
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic


@atomic
def presume(
    *, actor: Actor, patient: str, ground: Ground, evidence: str, at: datetime,
    proof: tuple[str, bytes, str] | None = None,
) -> str:  # fmt: skip
    """Propose help by a fact instead of an income, with what documents it; its public id.

    Medicaid is looked up among the patient's coverages, and is its own evidence. Raises `NoHelp`.
    """
    who = keeping.one_patient(patient)
    decision = actor.must(STATE.code, who.practice)
    none_waits(who)
    on = tenancy.today(who.practice, at)
    found = facts.medicaid(who.id, on) if ground is Ground.MEDICAID else ""
    if ground is Ground.MEDICAID and not found:
        raise NoHelp("No coverage by Medicaid is on record that holds today.", field="ground",
                     fix="Record the coverage first, or name another ground.")  # fmt: skip
    said = " ".join(one for one in (found, evidence.strip()) if one)
    if not said:
        raise NoHelp("A ground is documented.", field="evidence", fix="Write which paper or record shows it.")
    table = charity.guideline(who.person.address.state, on, tables.guidelines())
    row = Assistance.objects.create(
        practice_id=who.practice, patient_id=who.id, household=0, income_amount=0, percent=0,
        poverty_year=table.year if table else on.year, is_presumptive=True, ground=ground, evidence=said[:300],
        discount=charity.best(charity.scale(policies.current(who.practice).charity_scale)),
        paper=keep_proof(proof, actor, who.practice, at, decision), asked_at=at, asked_by=actor.name[:160],
        asked_user=actor.user,
    )  # fmt: skip
    wait(row, actor, at, on, f"{ground.label}, the scale gives {row.discount}%", "what documents it")
    tell("billing.help_presumed", row, actor, at, decision, ground=ground.label.lower())
    return row.public_id


@atomic
def take_back(*, actor: Actor, application: str, why: str, at: datetime) -> Money:
    """Take back what was granted, with the reason that the patient is told: it is owed again by entries of today.

    What it gave stands in the books, and so does what takes it back. How much is owed again. Raises `NoHelp`.
    """
    row, decision = locked(application, actor, Helped.REVERSED)
    if not why.strip():
        raise NoHelp("It says why.", code="no_reason", field="why", fix="The patient reads it.")
    act = Act(actor, at, tenancy.today(row.practice_id, at), decision)
    again = -giving_up.give_up(Why.CHARITY, _given(row), act, note=f"Taken back: {row.public_id}")
    row.state, row.reversed_at, row.reversed_by = Helped.REVERSED, at, actor.name[:160]
    row.reversed_why, row.reversed_amount, row.valid_until = why.strip()[:300], again.amount, act.on
    head = letter_head(row.practice_id, act.on)
    row.letter = letter(row, letters.taken_back(row.public_id, why.strip(), again, head), act)
    row.save()
    keeping.refresh(practice=row.practice_id, patients=[row.patient_id])
    chasing.refresh(practice=row.practice_id, on=act.on)
    tell("billing.help_taken_back", row, actor, at, decision, why=why, amount=str(again))
    return again


def _given(row: Assistance) -> list[Part[OwedLine]]:
    """What an application gave of each line and still stands, as parts that take it back."""
    lines = owing.lines(practice=row.practice_id, patients=[row.patient_id])
    standing = giving_up.standing(Why.CHARITY, practice=row.practice_id, patients=[row.patient_id], lines=lines)
    mine: defaultdict[tuple[int, int], Money] = defaultdict(lambda: ZERO)
    gave = Settlement.objects.filter(practice_id=row.practice_id, patient_id=row.patient_id, why=Why.CHARITY.value)
    for claim, line, amount in gave.filter(note=note_of(row)).values_list("claim_id", "line", "amount"):
        mine[claim, line] += Money.of(amount)
    parts = [
        Part(part.line, -min(part.amount, mine[part.line.claim_id, part.line.line]))
        for part in standing.get(row.patient_id, ())
    ]
    return [part for part in parts if part.amount]


@atomic
def prove(*, actor: Actor, application: str, proof: tuple[str, bytes, str], at: datetime) -> str:
    """Keep another proof (name, bytes, media type) with an application; the document. The same bytes are kept once."""
    row = Assistance.objects.select_for_update().filter(public_id=application).first()
    if row is None:
        raise NotFound(f"There is no application {application}.")
    decision = actor.must(STATE.code, row.practice_id)
    name, content, _ = proof
    if not content:
        raise NoHelp("The file is empty.", field="proof", fix="Choose another one.")
    document = keep_proof(proof, actor, row.practice_id, at, decision)
    if document == row.paper or Proof.objects.filter(application=row, document=document).exists():
        raise Conflict("The application has this file already.", field="proof")
    Proof.objects.create(
        practice_id=row.practice_id, application=row, document=document, name=name[:120], at=at, by=actor.name[:160]
    )
    audit.record(
        actor=actor, action="billing.help_proved", practice=row.practice_id, subject=(ASSISTANCE, application), at=at,
        decision=decision,
    )  # fmt: skip
    return document
