"""Accounts that go to a collection agency: handed over, given up as bad debt, recalled; and what the agency sends back.

What is on hold, on a plan, ahead of its last notice or barred by its state never goes: it is looked at when the run is
proposed and once more when it is approved (`rules.dunning`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from openmso.billing.contracts import AGENCY, APPROVE, COLLECT, NAMES_AGENCY, SETUP
from openmso.billing.models import Agency, AgencyFile, Placement, Sweep, SweptAccount
from openmso.billing.queries import chasing, owing, policies, tables
from openmso.billing.rules import agency_files, medical_debt
from openmso.billing.rules.agency_files import Said
from openmso.billing.services import chasing as stages
from openmso.billing.services import giving_up, keeping, receiving
from openmso.billing.services.proposing import Proposal
from openmso.billing.services.settling import Act
from openmso.billing.states import PLACEMENT_MOVES, Deed, Placed, Stage, Why
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.kit.money import ZERO, Money
from openmso.kit.states import check_move
from openmso.patients import queries as patients
from openmso.patients.contracts import Patient
from openmso.platform.access import reserved
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic


class NoPlacement(Refused):
    """The agency or the placement cannot be treated so."""

    code = "no_placement"


@atomic
def name_agency(*, actor: Actor, practice: int, name: str, fee_percent: Decimal, at: datetime) -> str:
    """Name a collection agency of a practice, and the percentage that it keeps; its public id."""
    decision = actor.must(SETUP.code, practice)
    if not name.strip():
        raise NoPlacement("An agency has a name.", field="name")
    if not 0 <= fee_percent < 100:
        raise NoPlacement("An agency keeps less than all.", field="fee_percent")
    if Agency.objects.filter(practice_id=practice, name=name.strip()[:120]).exists():
        raise Conflict(f"{name} is named already.", field="name")
    row = Agency.objects.create(practice_id=practice, name=name.strip()[:120], fee_percent=fee_percent)
    reserved.permit(
        actor=actor, practice=practice, act=NAMES_AGENCY, subject=(AGENCY, row.public_id), party=name, at=at,
        words=f"Named {row.name} as collection agency, which keeps {fee_percent} %", under=decision,
    )  # fmt: skip
    audit.record(
        actor=actor, action="billing.agency_named", practice=practice, subject=(AGENCY, row.public_id), at=at,
        decision=decision,
    )  # fmt: skip
    return row.public_id


def propose(practice: int, on: date, only: Collection[int] | None) -> list[Proposal]:
    """The accounts that an agency may have, and of those whose final notice is over why not."""
    found = []
    for patient, (facts, stand) in chasing.stands(practice=practice, on=on, only=only).items():
        if stand.next is Stage.AGENCY:
            found.append(Proposal(patient, Deed.PLACE, facts.owed, stand.words))
        elif stand.stage is Stage.READY:
            found.append(Proposal(patient, Deed.NOTHING, facts.owed, stand.words))
    return found


def do(sweep: Sweep, rows: Sequence[SweptAccount], act: Act) -> None:
    """Hand accounts over: they are bad debt."""
    assert sweep.agency is not None, "what is handed over names an agency"
    mine = [row.patient_id for row in rows]
    lines = owing.lines(practice=sweep.practice_id, patients=mine)
    parts = [part for one in lines.values() for part in giving_up.all_of(one)]
    giving_up.give_up(Why.BAD_DEBT, parts, act, note=f"Handed over to {sweep.agency.name}, {sweep.public_id}")
    made = Placement.objects.bulk_create(
        [Placement(practice_id=sweep.practice_id, patient_id=row.patient_id, agency=sweep.agency, sweep=sweep,
                   amount=row.amount, placed_on=act.on) for row in rows]
    )  # fmt: skip
    for row, placed in zip(rows, made, strict=True):
        row.act = placed.public_id


def finish(sweep: Sweep, act: Act) -> None:
    """The agency gets a file of everything that the run handed over."""
    assert sweep.agency is not None, "what is handed over names an agency"
    made = list(Placement.objects.filter(sweep=sweep).order_by("pk"))
    sweep.sheet = _file(sweep.agency, made, "place", act)


@atomic
def recall(*, actor: Actor, placements: Sequence[str], why: str, at: datetime) -> str:
    """Take accounts of one agency back: they are owed again, and the agency gets a file; its document."""
    rows = list(Placement.objects.select_for_update().filter(public_id__in=list(placements)).order_by("pk"))
    if not rows or len(rows) != len(set(placements)):
        raise NotFound("There is no such placement.")
    if len({(row.practice_id, row.agency_id) for row in rows}) > 1:
        raise NoPlacement("These are accounts of several agencies.", fix="Recall those of one agency.")
    if not why.strip():
        raise NoPlacement("A recall says why.", field="why", fix="Write it in a sentence.")
    practice = rows[0].practice_id
    act = Act(actor, at, tenancy.today(practice, at), actor.must(APPROVE.code, practice))
    keeping.lock(practice, [row.patient_id for row in rows])
    for row in rows:
        check_move(PLACEMENT_MOVES, noun="placement", frm=Placed(row.state), to=Placed.RECALLED)
        row.state, row.ended_on, row.ended_why = Placed.RECALLED, act.on, why.strip()[:300]
    Placement.objects.bulk_update(rows, ["state", "ended_on", "ended_why"])
    giving_up.owe_again(Why.BAD_DEBT, patients=[row.patient_id for row in rows], act=act, note=f"Recalled: {why}")
    sheet = _file(rows[0].agency, rows, "recall", act)
    _finish(practice, [row.patient_id for row in rows], act)
    audit.record(
        actor=actor, action="billing.recalled", practice=practice, subject=(AGENCY, rows[0].agency.public_id), at=at,
        why=why, facts={"count": len(rows)}, decision=act.under,
    )  # fmt: skip
    return sheet


@atomic
def take_file(*, actor: Actor, agency: str, name: str, content: bytes, at: datetime) -> tuple[int, Money]:
    """Take what an agency sends: payments, adjustments and accounts that it gives back; how many lines of how much.

    All of it or nothing. Raises `Unreadable` with line and fix, `NoPlacement`, and `Conflict` for a file that was
    taken already.
    """
    row = Agency.objects.select_for_update().filter(public_id=agency).first()
    if row is None:
        raise NotFound(f"There is no collection agency {agency}.")
    decision = actor.must(COLLECT.code, row.practice_id)
    act = Act(actor, at, tenancy.today(row.practice_id, at), decision)
    digest = hashlib.sha256(content).hexdigest()
    if AgencyFile.objects.filter(practice_id=row.practice_id, agency=row, sha256=digest).exists():
        raise Conflict(f"This file of {row.name} was taken already.", field="file")
    said = agency_files.read(content)
    placed = {
        one.public_id: one
        for one in Placement.objects.select_for_update().filter(
            practice_id=row.practice_id, agency=row, public_id__in={one.placement for one in said}
        )
    }
    keeping.lock(row.practice_id, [one.patient_id for one in placed.values()])
    people = patients.by_ids({one.patient_id for one in placed.values()})
    for one in said:
        found = placed.get(one.placement)
        if found is None:
            raise NoPlacement(f"Line {one.line}: {row.name} does not have {one.placement[:16] or 'nothing'}.",
                              field="file", fix="Ask the agency which account is meant.")  # fmt: skip
        _take(one, found, people[found.patient_id], act)
    total = Money.total(one.amount for one in said if one.type == "payment")
    document = documents.store(
        actor=actor, practice=row.practice_id, name=name, content=content, media_type="text/csv",
        purpose="billing.agency", at=at, under=decision,
    )  # fmt: skip
    _keep(row, document.public_id, digest, len(said), total, f"{len(said)} lines taken", act, is_out=False)
    _finish(row.practice_id, [one.patient_id for one in placed.values()], act)
    audit.record(
        actor=actor, action="billing.agency_file_taken", practice=row.practice_id, subject=(AGENCY, agency), at=at,
        facts={"count": len(said), "amount": str(total)}, decision=decision,
    )  # fmt: skip
    return len(said), total


def _take(one: Said, placed: Placement, who: Patient, act: Act) -> None:
    if Placed(placed.state) is not Placed.OUT:
        raise NoPlacement(
            f"Line {one.line}: {one.placement} is {Placed(placed.state).label.lower()}.", field="file",
            fix="Take the line out, and talk to the agency about it.",
        )  # fmt: skip
    if one.type == "return":
        placed.state, placed.ended_on = Placed.RETURNED, act.on
        placed.ended_why = f"Given back by the agency {one.reference}".strip()[:300]
        placed.save(update_fields=["state", "ended_on", "ended_why"])
    elif one.type == "adjustment":
        giving_up.owe_again(Why.BAD_DEBT, patients=[who.id], act=act, at_most=one.amount, note="Adjusted by the agency")
        lines = owing.lines(practice=who.practice, patients=[who.id]).get(who.id, [])
        giving_up.give_up(Why.SMALL, giving_up.all_of(lines), act, note=f"Adjusted by the agency {one.reference}")
        placed.refresh_from_db()
    else:
        receiving.take_from_agency(who=who, amount=one.amount, fee=one.fee, reference=one.reference, act=act)
        placed.refresh_from_db()


def _file(agency: Agency, rows: Sequence[Placement], deed: str, act: Act) -> str:
    practice = agency.practice_id
    people = patients.by_ids([row.patient_id for row in rows])
    known = chasing.facts(practice=practice, only=[row.patient_id for row in rows])
    oldest = _oldest(practice, [row.patient_id for row in rows])
    is_hospital, laws = bool(policies.current(practice).is_hospital), tables.laws()

    def line(row: Placement) -> list[str]:
        who, facts = people[row.patient_id], known[row.patient_id]
        where = who.person.address
        law = medical_debt.of_state(where.state, is_hospital=is_hospital, known=laws, on=act.on)
        wait = law.agency_wait_days
        return [
            row.public_id, who.public_id, who.person.last_name, who.person.first_name, str(who.person.born_on or ""),
            who.phone, where.line1, where.line2, where.city, where.state, where.zip,
            str(row.amount - row.recovered_amount), str(oldest.get(row.patient_id, "")),
            str(facts.steps.get(Stage.FINAL, "")), str(row.placed_on + timedelta(days=wait)), deed,
        ]  # fmt: skip

    content = agency_files.write(line(row) for row in rows)
    kept = documents.store(
        actor=act.actor, practice=practice, name=f"{deed}-{act.on}-{rows[0].public_id}.csv", content=content,
        media_type="text/csv", purpose="billing.agency", at=act.at, under=act.under,
    )  # fmt: skip
    total = Money.total(Money.of(row.amount) for row in rows)
    words = "Handed over" if deed == "place" else "Recalled"
    _keep(agency, kept.public_id, hashlib.sha256(content).hexdigest(), len(rows), total, words, act, is_out=True)
    return kept.public_id


def _oldest(practice: int, of: Sequence[int]) -> dict[int, date]:
    """The day of the oldest service of what patients' accounts are about: handed over, or owed again."""
    lines = owing.lines(practice=practice, patients=of)
    given = giving_up.standing(Why.BAD_DEBT, practice=practice, patients=of, lines=lines)
    days = {
        patient: [part.line.service_on for part in given.get(patient, ())]
        or [one.service_on for one in lines.get(patient, ()) if one.owed > ZERO]
        for patient in of
    }
    return {patient: min(mine) for patient, mine in days.items() if mine}


def _keep(
    agency: Agency, document: str, digest: str, rows: int, amount: Money, words: str, act: Act, *, is_out: bool
) -> None:
    AgencyFile.objects.create(
        practice_id=agency.practice_id, agency=agency, is_out=is_out, document=document, sha256=digest, rows=rows,
        amount=amount.amount, words=words, at=act.at, by=act.actor.name[:160],
    )  # fmt: skip


def _finish(practice: int, of: Sequence[int], act: Act) -> None:
    keeping.refresh(practice=practice, patients=of)
    stages.refresh(practice=practice, on=act.on)
