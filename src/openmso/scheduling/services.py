"""Recording visits; the only writer of the table."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.patients.contracts import PlanKind
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.database.updating import update
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import atomic
from openmso.scheduling import contracts, queries, rules
from openmso.scheduling.contracts import Recorded, VisitDraft, VisitStatus
from openmso.scheduling.events import VisitsPlanned
from openmso.scheduling.models import ReasonRoute, Visit

ROUTE_SUBJECT = "scheduling.reasonroute"


class CannotCancel(Refused):
    """A visit that took place cannot be cancelled."""

    code = "visit_took_place"


@atomic
def record_visits(*, actor: Actor, practice: int, drafts: Sequence[VisitDraft], at: datetime) -> Recorded:
    """Record visits, each once: one that is known under its source and id is given back as it is."""
    decision = actor.must(contracts.EDIT.code, practice)
    routes = queries.routing(practice)
    rows = [
        Visit(
            practice_id=practice, patient_id=draft.patient_id, clinician_id=draft.clinician_id, site_id=draft.site_id,
            service_on=draft.service_on, service_through=draft.service_through, reason=draft.reason[:200],
            place_of_service=draft.place_of_service, status=draft.status, source=draft.source,
            source_id=draft.source_id, plan=rules.plan_for(draft.reason, routes) or "",
        )
        for draft in drafts
    ]  # fmt: skip
    made = {row.public_id for row in rows}
    Visit.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
    keys = {draft.source_id for draft in drafts}
    stored = {
        (row.source, row.source_id): row
        for row in Visit.objects.filter(practice_id=practice, source__in={d.source for d in drafts}, source_id__in=keys)
    }
    new = frozenset(row.pk for row in stored.values() if row.public_id in made)
    if new:
        audit.record(
            actor=actor, action="visits.recorded", practice=practice, subject=("scheduling.visit", ""), at=at,
            facts={"count": len(new)}, decision=decision,
        )  # fmt: skip
    planned = tuple(row.public_id for row in stored.values() if row.pk in new and row.status == VisitStatus.PLANNED)
    if planned:
        outbox.publish(VisitsPlanned(planned), practice=practice, at=at, behind=decision.grant)
    return Recorded(tuple(queries.contract(stored[d.source, d.source_id]) for d in drafts), new)


@atomic
def name_clinicians(*, actor: Actor, practice: int, clinicians: Mapping[int, int], at: datetime) -> int:
    """Say who rendered the visits that name nobody yet, by the keys of both; how many there were."""
    decision = actor.must(contracts.EDIT.code, practice)
    rows = list(
        Visit.objects.select_for_update().filter(practice_id=practice, pk__in=clinicians, clinician=None).order_by("pk")
    )
    for row in rows:
        row.clinician_id = clinicians[row.pk]
    update(rows, ["clinician_id"])
    if rows:
        audit.record(
            actor=actor, action="visits.clinicians_named", practice=practice, subject=("scheduling.visit", ""), at=at,
            facts={"count": len(rows)}, decision=decision,
        )  # fmt: skip
    return len(rows)


@atomic
def correct(
    *, actor: Actor, practice: int, visits: Collection[int], at: datetime, clinician_id: int | None = None,
    site_id: int | None = None,
) -> None:  # fmt: skip
    """Say who rendered visits, by their keys, or at which site, whatever was said before; what is None stays."""
    decision = actor.must(contracts.EDIT.code, practice)
    given = {"clinician": clinician_id, "site": site_id}
    told = {f"{name}_id": key for name, key in given.items() if key is not None}
    rows = list(Visit.objects.select_for_update().filter(practice_id=practice, pk__in=visits).order_by("pk"))
    changed = [row for row in rows if any(getattr(row, name) != key for name, key in told.items())]
    for row in changed:
        for name, key in told.items():
            setattr(row, name, key)
    if not changed:
        return
    update(changed, list(told))
    audit.record(
        actor=actor, action="visits.corrected", practice=practice, subject=("scheduling.visit", ""), at=at,
        facts={"count": len(changed), "fields": " and ".join(name for name, key in given.items() if key is not None)},
        decision=decision,
    )  # fmt: skip


@atomic
def cancel(*, actor: Actor, visit: str, at: datetime, no_show: bool = False) -> contracts.Visit:
    """Cancel a planned visit, or say that the patient did not come."""
    row = Visit.objects.select_for_update().filter(public_id=visit).first()
    found = queries.contract(row) if row else queries.get(visit)
    decision = actor.must(contracts.EDIT.code, found.practice)
    if row is None or found.status is not VisitStatus.PLANNED:
        raise CannotCancel("Only a planned visit can be cancelled.", fix="Void its charges instead.")
    row.status = VisitStatus.NO_SHOW if no_show else VisitStatus.CANCELLED
    row.save(update_fields=["status"])
    audit.record(
        actor=actor, action="visits.cancelled", practice=found.practice, subject=("scheduling.visit", visit), at=at,
        decision=decision,
    )  # fmt: skip
    return queries.contract(row)


@atomic
def route_reason(*, actor: Actor, practice: int, words: str, plan: PlanKind, at: datetime) -> str:
    """From now on visits whose reason has these words go to this kind of plan; its public id."""
    decision = actor.must(contracts.ROUTE.code, practice)
    said = " ".join(words.casefold().split())
    if not said:
        raise Refused("No words are given.", field="words", fix="Words of the reason, as: routine eye exam.")
    if ReasonRoute.objects.filter(practice_id=practice, words=said, ended_at=None).exists():
        raise Conflict(f"“{said}” is routed already.", field="words", fix="End that line first.")
    row = ReasonRoute.objects.create(practice_id=practice, words=said[:80], plan=plan, said_at=at, said_by=actor.name)
    audit.record(
        actor=actor, action="visits.reason_routed", practice=practice, subject=(ROUTE_SUBJECT, row.public_id), at=at,
        facts={"words": said, "plan": plan.label.lower()}, decision=decision,
    )  # fmt: skip
    return row.public_id


@atomic
def end_route(*, actor: Actor, route: str, at: datetime) -> None:
    """Visits that are recorded from now on are no longer led by these words."""
    row = ReasonRoute.objects.select_for_update().filter(public_id=route, ended_at=None).first()
    if row is None:
        raise NotFound(f"There is no such line {route} that holds.")
    decision = actor.must(contracts.ROUTE.code, row.practice_id)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    audit.record(
        actor=actor, action="visits.reason_ended", practice=row.practice_id, subject=(ROUTE_SUBJECT, route), at=at,
        facts={"words": row.words, "plan": PlanKind(row.plan).label.lower()}, decision=decision,
    )  # fmt: skip
