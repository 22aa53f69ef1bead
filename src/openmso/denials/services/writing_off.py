"""Giving up what a payer left open: with a reason, and above the network's limit with the consent of somebody else."""

from __future__ import annotations

from datetime import datetime

from openmso.agreements.queries import clocks
from openmso.denials.contracts import APPROVE, DENIAL, LINE, TO_APPROVE
from openmso.denials.events import DenialWrittenOff
from openmso.denials.models import Denial, WriteOff
from openmso.denials.queries import network
from openmso.denials.services import keeping, money
from openmso.denials.services.closing import approval_key
from openmso.denials.states import ASKED_MOVES, Asked, S
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import Money
from openmso.kit.states import check_move
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work


@atomic
def ask(*, actor: Actor, denial: str, why: str, at: datetime) -> WriteOff:
    """Write a denial off; above the limit it waits for another person. Raises `Refused` without a reason.

    What is written off is what is still open of it.
    """
    row, decision = keeping.one(denial, actor)
    keeping.refuse_unless_worked(row)
    _say_why(why)
    amount = money.open_of(row)
    asked = WriteOff.objects.create(
        practice_id=row.practice_id, denial=row, amount=amount.amount, why=why.strip()[:300], state=Asked.WAITING,
        asked_at=at, asked_by=actor.name[:160], asked_user=actor.user,
    )  # fmt: skip
    if amount <= network.limit():
        _write_off(row, asked, actor=actor, at=at, under=decision, why="Within what one person may write off alone")
        return asked
    keeping.move([row], to=S.APPROVAL, what="Asked to write off", actor=actor, at=at, note=why, amounts=[amount.amount])
    keeping.close([row], actor=actor, at=at, under=decision, outcome="A write-off waits for approval")
    work.open_item(
        practice=row.practice_id, kind=TO_APPROVE, subject=(DENIAL, row.public_id), at=at, amount=amount.amount,
        title=f"Write off {amount} of {row.claim_name}?", why=f"{actor.name}: {why.strip()}",
        priority=40, priority_why=f"{amount} is above what one person may write off alone",
        key=approval_key(asked.public_id),
        due_at=clocks.sla_due(row.practice_id, LINE, TO_APPROVE, at),
    )  # fmt: skip
    _tell("denials.asked_write_off", row, asked, actor, at, decision, why)
    return asked


@atomic
def approve(*, actor: Actor, write_off: str, at: datetime, why: str = "") -> WriteOff:
    """Agree to a write-off; never to one's own (`SamePerson`)."""
    asked, row, decision = _locked(write_off, actor)
    duties.another(actor, did=asked.asked_user, first="asked for this write-off", then="approve it")
    _write_off(row, asked, actor=actor, at=at, under=decision, why=why)
    return asked


@atomic
def refuse(*, actor: Actor, write_off: str, why: str, at: datetime) -> WriteOff:
    """Say no to a write-off, with the reason; the denial is to be worked on again."""
    asked, row, decision = _locked(write_off, actor)
    _say_why(why)
    _decide(asked, Asked.REFUSED, actor, at, why)
    keeping.move([row], to=S.NEW, what="Write-off not approved", actor=actor, at=at, note=why)
    keeping.queue([row], at=at)
    _close(asked, actor, at, decision, f"Not approved: {why}")
    _tell("denials.refused_write_off", row, asked, actor, at, decision, why)
    return asked


def _say_why(why: str) -> None:
    if not why.strip():
        raise Refused("A write-off says why.", code="no_reason", field="why", fix="Write the reason in a sentence.")


def _locked(write_off: str, actor: Actor) -> tuple[WriteOff, Denial, Decision]:
    found = WriteOff.objects.filter(public_id=write_off).first()
    if found is None:
        raise NotFound(f"There is no write-off {write_off}.")
    row = Denial.objects.select_for_update().get(practice_id=found.practice_id, pk=found.denial_id)
    asked = WriteOff.objects.select_for_update().get(practice_id=found.practice_id, pk=found.pk)
    decision = actor.must(APPROVE.code, asked.practice_id)
    asked.denial = row
    check_move(ASKED_MOVES, noun="write-off", frm=Asked(asked.state), to=Asked.APPROVED)
    return asked, row, decision


def _write_off(row: Denial, asked: WriteOff, *, actor: Actor, at: datetime, under: Decision, why: str) -> None:
    amount = Money(asked.amount)
    asked.entry = money.move(row, amount, to_patient=False, source=asked.public_id, actor=actor, at=at, under=under)
    _decide(asked, Asked.APPROVED, actor, at, why)
    row.written_off_amount = amount.amount
    keeping.move(
        [row], to=S.WRITTEN_OFF, what="Written off", actor=actor, at=at, note=f"{asked.why} Entry {asked.entry}",
        amounts=[amount.amount],
    )  # fmt: skip
    keeping.close([row], actor=actor, at=at, under=under, outcome=f"Written off: {asked.why}")
    _close(asked, actor, at, under, "Approved")
    _tell("denials.written_off", row, asked, actor, at, under, asked.why)
    outbox.publish(
        DenialWrittenOff(row.public_id, row.claim_name, amount.amount, asked.entry), practice=row.practice_id, at=at
    )


def _decide(asked: WriteOff, to: Asked, actor: Actor, at: datetime, why: str) -> None:
    asked.state, asked.decided_at, asked.decided_by = to, at, actor.name[:160]
    asked.decided_why = why.strip()[:300]
    asked.save(update_fields=["state", "decided_at", "decided_by", "decided_why", "entry"])


def _close(asked: WriteOff, actor: Actor, at: datetime, under: Decision, outcome: str) -> None:
    work.close_item(
        practice=asked.practice_id, key=approval_key(asked.public_id), actor=actor, at=at, outcome=outcome, under=under
    )


def _tell(
    action: str, row: Denial, asked: WriteOff, actor: Actor, at: datetime, under: Decision, why: str
) -> None:  # fmt: skip
    audit.record(
        actor=actor, action=action, practice=row.practice_id, subject=(DENIAL, row.public_id), at=at, why=why,
        facts={"amount": str(asked.amount)}, decision=under,
    )  # fmt: skip
