"""Charges of visits are captured, and taken up by claims."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from openmso.charges import contracts, queries, rules
from openmso.charges.contracts import Charge, Stay, VisitCharges
from openmso.charges.models import Charge as ChargeModel
from openmso.charges.models import Coding
from openmso.charges.models import Stay as StayModel
from openmso.charges.services.common import SUBJECT, row_of, tell_captured
from openmso.charges.services.pricing import expect
from openmso.charges.states import S
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic
from openmso.scheduling import services as scheduling


@atomic
def capture(*, actor: Actor, practice: int, visits: Sequence[VisitCharges], at: datetime) -> list[Charge]:
    """Record what was done at visits, priced by the fee schedule of the service day.

    Set-wise: a few statements for any number of visits. A visit that has charges already is left as it is and its
    charges are given back, so that capturing twice is capturing once. A visit that was planned is done by it.
    """
    decision = actor.must(contracts.CAPTURE.code, practice)
    known = set(
        ChargeModel.objects.filter(visit_id__in=[v.visit_id for v in visits]).values_list("visit_id", flat=True)
    )
    fresh = [visit for visit in visits if visit.visit_id not in known]
    fees = queries.fees_of(practice=practice, codes={line.code for visit in fresh for line in visit.lines})
    rows = [
        row_of(practice, visit, number, line, fees, at)
        for visit in fresh
        for number, line in enumerate(visit.lines, start=1)
    ]
    Coding.objects.bulk_create(
        [
            Coding(
                practice_id=practice, visit_id=visit.visit_id, diagnoses=list(visit.diagnoses),
                system=visit.diagnosis_system, coded_at=at,
            )
            for visit in fresh
        ],
        batch_size=2000,
    )  # fmt: skip
    StayModel.objects.bulk_create(
        [_stay(practice, visit.visit_id, visit.stay) for visit in fresh if visit.stay is not None], batch_size=2000
    )
    expect(rows)
    ChargeModel.objects.bulk_create(rows, batch_size=2000)
    if rows:
        visits_done = {row.visit_id for row in rows}
        scheduling.take_place(actor=actor, practice=practice, visits=visits_done, at=at, under=decision)
        tell_captured(actor, practice, rows, at, decision)
    return queries.of_visits([visit.visit_id for visit in visits])


@atomic
def keep_stay(*, actor: Actor, practice: int, visit_id: int, stay: Stay, at: datetime, subject: str = "") -> None:
    """Write down, or anew, what the facility says of a visit. `subject` is the claim that is mended by it, if any.

    Whoever calls it looks after the claims of the visit.
    """
    decision = actor.must(contracts.CAPTURE.code, practice)
    rules.judge_stay(stay)
    row = _stay(practice, visit_id, stay)
    known = StayModel.objects.select_for_update().filter(practice_id=practice, visit_id=visit_id).first()
    if known is not None:
        row.pk = known.pk
    row.save(force_insert=known is None, force_update=known is not None)
    audit.record(
        actor=actor, action="charges.stay_kept", practice=practice, at=at, decision=decision,
        subject=("claims.claim" if subject else SUBJECT, subject),
    )  # fmt: skip


def _stay(practice: int, visit_id: int, stay: Stay) -> StayModel:
    return StayModel(
        practice_id=practice, visit_id=visit_id, bill_type=stay.bill_type, admission_type=stay.admission_type,
        admission_source=stay.admission_source, patient_status=stay.patient_status, admitted_on=stay.admitted_on,
        admitted_hour=stay.admitted_hour, discharged_hour=stay.discharged_hour,
        admitting_diagnosis=stay.admitting_diagnosis, conditions=list(stay.conditions),
        occurrences=[[one.code, str(one.on), str(one.through or "")] for one in stay.occurrences],
        values=[[one.code, str(one.amount)] for one in stay.values], attending_id=stay.attending_id,
        operating_id=stay.operating_id, visit_reasons=list(stay.visit_reasons),
        procedures=[[one.code, str(one.on)] for one in stay.procedures],
    )  # fmt: skip


@atomic
def capture_more(*, actor: Actor, practice: int, visits: Sequence[VisitCharges], at: datetime) -> int:
    """Add what visits with charges lack: the lines whose source id they do not have; how many there were.

    They wait for a claim like any other. Whoever calls it looks after the claims of these visits.
    """
    decision = actor.must(contracts.CAPTURE.code, practice)
    there: dict[int, list[ChargeModel]] = {visit.visit_id: [] for visit in visits}
    for row in ChargeModel.objects.select_for_update().filter(visit_id__in=there):
        there[row.visit_id].append(row)
    fees = queries.fees_of(practice=practice, codes={line.code for visit in visits for line in visit.lines})
    rows = []
    for visit in visits:
        known = {row.source_id for row in there[visit.visit_id]}
        last = max((row.number for row in there[visit.visit_id]), default=0)
        lines = [line for line in visit.lines if line.source_id not in known]
        rows += [row_of(practice, visit, number, line, fees, at) for number, line in enumerate(lines, start=last + 1)]
    expect(rows)
    ChargeModel.objects.bulk_create(rows, batch_size=2000)
    if rows:
        tell_captured(actor, practice, rows, at, decision)
    return len(rows)


@atomic
def take_up(*, practice: int, at: datetime, visit_ids: Collection[int] | None = None) -> list[Charge]:
    """Give claims the charges that wait, marked as billed; two callers never get the same one.

    Called by claims, in the transaction that puts them on claims.
    """
    rows = ChargeModel.objects.select_for_update().filter(practice_id=practice, state=S.CAPTURED)
    if visit_ids is not None:
        rows = rows.filter(visit_id__in=visit_ids)
    taken = list(rows.order_by("pk"))
    ChargeModel.objects.filter(pk__in=[row.pk for row in taken]).update(state=S.BILLED, state_at=at)
    return [queries.contract(row) for row in sorted(taken, key=lambda row: (row.visit_id, row.number))]


@atomic
def mark_waiting(*, practice: int, charge_ids: Collection[int], at: datetime) -> int:
    """Say that the claim of these charges was dropped: they wait again."""
    billed = ChargeModel.objects.filter(practice_id=practice, pk__in=charge_ids, state=S.BILLED)
    return billed.update(state=S.CAPTURED, state_at=at)
