"""Estimates are worked out, and given to patients."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from openmso.estimates import paper, queries
from openmso.estimates.contracts import MAKE, PAPER, EstimateDraft, Kind, Line, Way
from openmso.estimates.models import Estimate, EstimateLine
from openmso.estimates.services import reckoning
from openmso.estimates.services.common import SUBJECT, current, end, key_of, locked, visit_of
from openmso.estimates.states import MOVES, S
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import Money
from openmso.kit.states import check_move
from openmso.patients import queries as patients
from openmso.patients.contracts import Patient
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.scheduling.contracts import Visit


@atomic
def make(*, actor: Actor, draft: EstimateDraft, at: datetime, owed: str = "") -> str:
    """Work an estimate out; its public id. What was made before for the same visit is replaced by it.

    `owed` names the one that is owed, which it fills, or an earlier one, whose place it takes. Without services it is
    of those that the reason usually comes to. Raises `CannotEstimate` where a price, a contract's answer or a benefit
    is missing, naming it.
    """
    one = patients.get(draft.patient)
    decision = actor.must(MAKE.code, one.practice)
    seen = visit_of(one, draft.visit)
    draft = reckoning.with_usual(one.practice, draft)
    cover = reckoning.coverage(one, draft, seen) if draft.kind is Kind.SHARE else None
    priced = reckoning.lines(one.practice, draft, reckoning.plan_of(cover) if cover else None)
    row = _row(one, draft, seen, owed, at)
    row.state, row.made_at, row.made_by = S.MADE, at, actor.name
    row.service_on, row.reason, row.diagnoses = draft.service_on, draft.reason[:200], list(draft.diagnoses)
    row.place_of_service, row.coverage_id = draft.place_of_service, cover.id if cover else None
    row.charge_amount = Money.total(line.charge for line in priced).amount
    row.share_amount = Money.total(line.share for line in priced).amount
    row.save()
    EstimateLine.objects.bulk_create(_lines(row, priced))
    audit.record(
        actor=actor, action="estimates.made", practice=one.practice, subject=(SUBJECT, row.public_id), at=at,
        facts={"amount": str(Money.of(row.share_amount))}, decision=decision,
    )  # fmt: skip
    return row.public_id


def _row(one: Patient, draft: EstimateDraft, seen: Visit | None, owed: str, at: datetime) -> Estimate:
    """The one that is owed, or a new one in the place of what was made before."""
    row = Estimate.objects.select_for_update().filter(public_id=owed).first() if owed else None
    if owed and (row is None or row.patient_id != one.id):
        raise NotFound(f"There is no estimate {owed} of this patient.")
    before = row or (current(seen, draft.kind) if seen else None)
    if before is not None and before.state == S.DUE:
        check_move(MOVES, noun="estimate", frm=S.DUE, to=S.MADE)
        return before
    due_on = None
    if before is not None:
        check_move(MOVES, noun="estimate", frm=S(before.state), to=S.REPLACED)
        due_on = before.due_on if before.state == S.MADE else None
        before.state = S.REPLACED
        before.save(update_fields=["state"])
    return Estimate(
        practice_id=one.practice, patient_id=one.id, visit_id=seen.id if seen else None, kind=draft.kind,
        asked=before.asked if before else draft.asked, asked_at=before.asked_at if before else at, due_on=due_on,
    )  # fmt: skip


def _lines(row: Estimate, priced: Sequence[Line]) -> list[EstimateLine]:
    return [
        EstimateLine(
            practice_id=row.practice_id, estimate=row, number=one.number, code=one.code, modifiers=list(one.modifiers),
            words=one.words, units=one.units, charge_amount=one.charge.amount, is_charge_typed=one.is_charge_typed,
            allowed_amount=None if one.allowed is None else one.allowed.amount, share_amount=one.share.amount,
            steps=[[step.words, None if step.amount is None else str(step.amount)] for step in one.steps],
        )
        for one in priced
    ]  # fmt: skip


@atomic
def give(*, actor: Actor, estimate: str, way: Way, at: datetime) -> None:
    """Keep the paper as it is given to the patient, and say how it was; what was owed is done."""
    row = locked(estimate)
    decision = actor.must(MAKE.code, row.practice_id)
    check_move(MOVES, noun="estimate", frm=S(row.state), to=S.GIVEN)
    content = paper.pdf(queries.estimate(estimate))
    stored = documents.store(
        actor=actor, practice=row.practice_id, name=f"{row.public_id}.pdf", content=content,
        media_type="application/pdf", purpose=PAPER, at=at, under=decision,
    )  # fmt: skip
    row.state, row.given_at, row.way, row.document = S.GIVEN, at, way, stored.public_id
    row.save(update_fields=["state", "given_at", "way", "document"])
    work.close_item(
        practice=row.practice_id, key=key_of(row), actor=actor, at=at, outcome="Given to the patient", under=decision
    )
    audit.record(
        actor=actor, action="estimates.given", practice=row.practice_id, subject=(SUBJECT, estimate), at=at,
        facts={"way": way.label.lower()}, decision=decision,
    )  # fmt: skip


@atomic
def drop(*, actor: Actor, estimate: str, why: str, at: datetime) -> None:
    """Say that an estimate is not owed, or not wanted, and why."""
    row = locked(estimate)
    actor.must(MAKE.code, row.practice_id)
    if not why.strip():
        raise Refused("Say why it is not owed.", code="no_reason", field="why", fix="A few words will do.")
    end(row, actor, why.strip(), at)
