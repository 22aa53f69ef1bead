"""Recording visits and what became of them, and the reasons that lead them to a plan; the only writer of its tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db.models import Q

from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.patients import queries as patients
from openmso.patients.contracts import PlanKind
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.database.writing import update
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.scheduling import contracts, queries, rules
from openmso.scheduling.contracts import BULK_MAX, LeftOut, MarkDraft, Marked, Recorded, VisitDraft, VisitStatus
from openmso.scheduling.events import CoverageChosen, VisitsCalledOff, VisitsPlanned
from openmso.scheduling.models import CoverageChoice, ReasonRoute, Visit, VisitMark
from openmso.scheduling.states import CALLED_OFF, OPEN

SUBJECT, ROUTE_SUBJECT = "scheduling.visit", "scheduling.reasonroute"


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
            actor=actor, action="visits.recorded", practice=practice, subject=(SUBJECT, ""), at=at,
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
            actor=actor, action="visits.clinicians_named", practice=practice, subject=(SUBJECT, ""), at=at,
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
        actor=actor, action="visits.corrected", practice=practice, subject=(SUBJECT, ""), at=at,
        facts={"count": len(changed), "fields": " and ".join(name for name, key in given.items() if key is not None)},
        decision=decision,
    )  # fmt: skip


@atomic
def mark(*, actor: Actor, visits: Collection[str], draft: MarkDraft, at: datetime) -> Marked:
    """Say what became of visits: arrived, done, no-show, cancelled; where it cannot be said of one, that is told.

    Raises `Refused` where the mark lacks its reason or too many visits are named, `NotFound` where none of them is.
    """
    if len(visits) > BULK_MAX:
        raise Refused(f"That is more than {BULK_MAX} visits at once.", code="too_many", fix="Narrow the list first.")
    found: dict[int, list[Visit]] = defaultdict(list)
    for row in Visit.objects.select_for_update().filter(public_id__in=visits).order_by("pk"):
        found[row.practice_id].append(row)
    if not found:
        raise NotFound("There is no such visit.")
    rules.judge(draft)
    done, left_out = [], []
    for practice, rows in found.items():
        decision = actor.must(contracts.EDIT.code, practice)
        today = tenancy.today(practice, at)
        noes = {
            row.public_id: no for row in rows
            if (no := rules.why_not(VisitStatus(row.status), draft.to, service_on=row.service_on, today=today))
        }  # fmt: skip
        moved = [row for row in rows if row.public_id not in noes]
        _move(moved, draft, actor=actor, at=at, undo_on=today)
        _tell_marked(practice, moved, draft, actor=actor, at=at, decision=decision)
        done += [row.public_id for row in moved]
        left_out += [LeftOut(name, no.sentence, no.fix) for name, no in noes.items()]
    return Marked(tuple(done), tuple(left_out))


def mark_one(*, actor: Actor, visit: str, draft: MarkDraft, at: datetime) -> None:
    """The same of one visit; raises `CannotMark` where it cannot be said of it."""
    for no in mark(actor=actor, visits=[visit], draft=draft, at=at).left_out:
        raise rules.CannotMark(no.words, fix=no.fix)


def _move(rows: Sequence[Visit], draft: MarkDraft, *, actor: Actor, at: datetime, undo_on: date | None) -> None:
    VisitMark.objects.bulk_create(
        [
            VisitMark(
                practice_id=row.practice_id, visit=row, frm=row.status, to=draft.to, at=at,
                actor_name=actor.name[:160], user=actor.user_id, cause=draft.cause or "", why=draft.why.strip()[:200],
            )
            for row in rows
        ],
        batch_size=2000,
    )  # fmt: skip
    for row in rows:
        row.status, row.undo_on = draft.to, undo_on
    update(rows, ["status", "undo_on"])


def _tell_marked(
    practice: int, rows: Sequence[Visit], draft: MarkDraft, *, actor: Actor, at: datetime, decision: Decision
) -> None:
    if not rows:
        return
    subject = rows[0].public_id if len(rows) == 1 else ""
    cause = ": ".join(part for part in (draft.cause.label if draft.cause else "", draft.why.strip()) if part)
    audit.record(
        actor=actor, action="visits.marked", practice=practice, subject=(SUBJECT, subject), at=at, why=cause,
        facts={"count": len(rows), "state": draft.to.label.lower()}, decision=decision,
    )  # fmt: skip
    if draft.to in CALLED_OFF:
        fact = VisitsCalledOff(tuple(row.public_id for row in rows))
        outbox.publish(fact, practice=practice, at=at, behind=decision.grant)


@atomic
def take_place(*, actor: Actor, practice: int, visits: Collection[int], at: datetime, under: Decision) -> int:
    """Charges say that visits, by their keys, took place: what was open is done, for good; how many there were.

    `under` is what allows the capture of the charges: whoever may say what was done may say that it was.
    """
    settled = Q(status__in=OPEN) | Q(status=VisitStatus.DONE, undo_on__isnull=False)
    rows = list(Visit.objects.select_for_update().filter(settled, practice_id=practice, pk__in=visits).order_by("pk"))
    moved = [row for row in rows if row.status in OPEN]
    _move(moved, MarkDraft(VisitStatus.DONE, why="Charges were captured"), actor=actor, at=at, undo_on=None)
    for row in rows:
        row.undo_on = None
    update(rows, ["undo_on"])
    if moved:
        audit.record(
            actor=actor, action="visits.took_place", practice=practice, subject=(SUBJECT, ""), at=at,
            facts={"count": len(moved)}, decision=under,
        )  # fmt: skip
    return len(moved)


@atomic
def take_back(*, actor: Actor, visit: str, at: datetime) -> None:
    """Take the latest mark of a visit back, on the day on which it was made; it stands again as it stood before.

    Raises `CannotMark` on another day, or once its charges say that it took place.
    """
    row = Visit.objects.select_for_update().filter(public_id=visit).first()
    if row is None:
        raise NotFound(f"There is no visit {visit}.")
    decision = actor.must(contracts.EDIT.code, row.practice_id)
    if no := rules.why_not_undone(row.undo_on, tenancy.today(row.practice_id, at)):
        raise no
    gone = VisitMark.objects.filter(visit=row, takes_back__isnull=False).values("takes_back")
    standing = list(VisitMark.objects.filter(visit=row, takes_back=None).exclude(pk__in=gone).order_by("-pk")[:2])
    last, before = standing[0], standing[1:]
    VisitMark.objects.create(
        practice_id=row.practice_id, visit=row, frm=row.status, to=last.frm, at=at, actor_name=actor.name[:160],
        user=actor.user_id, takes_back=last,
    )  # fmt: skip
    row.status, row.undo_on = last.frm, tenancy.today(row.practice_id, before[0].at) if before else None
    row.save(update_fields=["status", "undo_on"])
    audit.record(
        actor=actor, action="visits.unmarked", practice=row.practice_id, subject=(SUBJECT, visit), at=at,
        facts={"state": VisitStatus(last.to).label.lower()}, decision=decision,
    )  # fmt: skip
    if last.to in CALLED_OFF:
        outbox.publish(VisitsPlanned((visit,)), practice=row.practice_id, at=at, behind=decision.grant)


@atomic
def choose_coverage(*, actor: Actor, visit: str, coverage: str, why: str, at: datetime) -> None:
    """Say by its public id which coverage of the patient a visit asks first, whatever its reason says; claims follow.

    Raises `Refused` without a reason, and for a coverage that is not the patient's or does not hold on the day.
    """
    row, decision = _to_choose(actor, visit, why)
    mine = patients.coverages_of([row.patient_id]).get(row.patient_id, ())
    chosen = next((one for one in mine if one.public_id == coverage), None)
    if chosen is None:
        raise Refused("The patient has no such coverage.", field="coverage", fix="Record it from the card first.")
    if not chosen.holds_on(row.service_on):
        raise Refused(
            f"That coverage does not hold on {row.service_on:%-d %B %Y}.", field="coverage", fix="Choose one that does."
        )
    if row.coverage_id == chosen.id:
        raise Conflict("It is asked first already.", field="coverage", fix="Choose another, or leave it.")
    _choose(row, chosen.id, actor, at, decision, why)


@atomic
def go_by_reason(*, actor: Actor, visit: str, why: str, at: datetime) -> None:
    """Take a choice back: the visit asks first what its reason leads to; with a reason, as the choice had one."""
    row, decision = _to_choose(actor, visit, why)
    if row.coverage_id is None:
        raise Conflict("Nobody chose a coverage for this visit.", fix="It goes by its reason.")
    _choose(row, None, actor, at, decision, why)


def _to_choose(actor: Actor, visit: str, why: str) -> tuple[Visit, Decision]:
    row = Visit.objects.select_for_update().filter(public_id=visit).first()
    if row is None:
        raise NotFound(f"There is no visit {visit}.")
    decision = actor.must(contracts.EDIT.code, row.practice_id)
    if not why.strip():
        raise Refused("Say why.", field="why", fix="A few words that the biller can check.")
    if row.status in CALLED_OFF:
        raise Conflict("The visit does not take place.", fix="Nothing is asked of any plan for it.")
    return row, decision


def _choose(row: Visit, chosen: int | None, actor: Actor, at: datetime, decision: Decision, why: str) -> None:
    row.coverage_id = chosen
    row.save(update_fields=["coverage"])
    CoverageChoice.objects.create(
        practice_id=row.practice_id, visit=row, coverage_id=chosen, at=at, actor_name=actor.name[:160],
        user=actor.user_id, why=why.strip()[:200],
    )  # fmt: skip
    audit.record(
        actor=actor, action="visits.coverage_chosen" if chosen else "visits.coverage_by_reason", at=at, why=why.strip(),
        practice=row.practice_id, subject=(SUBJECT, row.public_id), facts={}, decision=decision,
    )  # fmt: skip
    outbox.publish(CoverageChosen(row.public_id), practice=row.practice_id, at=at, behind=decision.grant)


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
