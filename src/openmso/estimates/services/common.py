"""What the verbs of estimates share: a row to change, the visit it is about, what ends an estimate that is owed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from openmso.codes.queries import sets
from openmso.estimates.contracts import MAKE, OWED, ItemDraft, Kind
from openmso.estimates.models import Estimate
from openmso.estimates.states import MOVES, S
from openmso.kit.errors import NotFound, Refused
from openmso.kit.states import check_move
from openmso.patients.contracts import Patient
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.work import services as work
from openmso.scheduling import queries as scheduling
from openmso.scheduling.contracts import Visit

SUBJECT = "estimates.estimate"
CURRENT = (S.DUE, S.MADE, S.GIVEN)


class CannotEstimate(Refused):
    """Something that an estimate needs is not known."""

    code = "cannot_estimate"


def locked(public_id: str) -> Estimate:
    """An estimate, to be changed; raises `NotFound`."""
    row = Estimate.objects.select_for_update().filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no estimate {public_id}.")
    return row


def visit_of(one: Patient, public_id: str) -> Visit | None:
    """A visit of a patient, if one is named; raises `NotFound` for another's."""
    if not public_id:
        return None
    seen = scheduling.get(public_id)
    if seen.patient_id != one.id:
        raise NotFound(f"Visit {public_id} is another patient's.", field="visit")
    return seen


def current(seen: Visit, kind: Kind) -> Estimate | None:
    """The estimate of a kind that a visit has now, to be changed."""
    return Estimate.objects.select_for_update().filter(visit_id=seen.id, kind=kind, state__in=CURRENT).first()


def key_of(row: Estimate) -> str:
    """Under which key it waits as work while it is owed."""
    return f"{OWED}:{row.public_id}"


def end(row: Estimate, actor: Actor, why: str, at: datetime) -> None:
    """It is not owed any more."""
    decision = actor.must(MAKE.code, row.practice_id)
    check_move(MOVES, noun="estimate", frm=S(row.state), to=S.DROPPED)
    row.state, row.why = S.DROPPED, why[:200]
    row.save(update_fields=["state", "why"])
    work.close_item(practice=row.practice_id, key=key_of(row), actor=actor, at=at, outcome=why[:200], under=decision)
    audit.record(
        actor=actor, action="estimates.dropped", practice=row.practice_id, subject=(SUBJECT, row.public_id), at=at,
        facts={"why": why}, decision=decision,
    )  # fmt: skip


def worded(items: Sequence[ItemDraft], on: date) -> list[str]:
    """What each service is, in words of the patient: as they were given, else the label of the code set."""
    bare = {(item.code, on) for item in items if not item.words}
    labels = {code: entry.label for (code, _), entry in sets.entries("hcpcs", bare).items()} if bare else {}
    said = [item.words or labels.get(item.code, "") for item in items]
    for item, words in zip(items, said, strict=True):
        if not words:
            raise CannotEstimate(
                f"Say in plain words what {item.code} is.", field="items",
                fix=f"Write the words behind the code: {item.code} Office visit.",
            )  # fmt: skip
    return [words[:120] for words in said]
