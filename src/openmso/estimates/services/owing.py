"""Good faith estimates become due, are asked for, stop being owed, and are compared with what is billed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from openmso.agreements.queries import clocks
from openmso.claims.queries import patients as claims
from openmso.estimates import queries
from openmso.estimates.contracts import EXCEEDED, MAKE, OWED, Asked, Kind
from openmso.estimates.models import Estimate
from openmso.estimates.rules import clocks as owing
from openmso.estimates.services.common import SUBJECT, CannotEstimate, current, end, key_of, visit_of
from openmso.estimates.states import S
from openmso.kit.money import Money
from openmso.kit.words import day
from openmso.patients import queries as patients
from openmso.patients.contracts import Coverage
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.database.writing import update
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem, when
from openmso.scheduling import queries as scheduling
from openmso.scheduling.contracts import Visit, VisitStatus

COMPARED_DAYS = 400
"""What is billed so long after the day of an estimate is no longer compared with it."""
CALLED_OFF = "The visit was cancelled"


@atomic
def owe(*, actor: Actor, practice: int, visits: Collection[str], at: datetime) -> int:
    """Open the good faith estimates that scheduling makes due: of patients whom nobody covers on the day.

    How many days there are is told by 45 CFR 149.610(b)(1)(vi) (`rules.clocks`); how many became due is returned.
    """
    decision = actor.must(MAKE.code, practice)
    today = tenancy.today(practice, at)
    planned = scheduling.by_ids(scheduling.keys_of(visits)).values()
    covered = _covers(planned)
    bare = [one for one in planned if one.status is VisitStatus.PLANNED and one.id not in covered]
    there = set(
        Estimate.objects.filter(visit_id__in=[one.id for one in bare], kind=Kind.GOOD_FAITH)
        .exclude(state=S.DROPPED, why=CALLED_OFF)
        .values_list("visit_id", flat=True)
    )
    rows = []
    for one in bare:
        within = owing.within(Asked.SCHEDULED, clocks.business_days(today, one.service_on))
        if within is not None and one.id not in there:
            rows.append(
                Estimate(
                    practice_id=practice, patient_id=one.patient_id, visit_id=one.id, kind=Kind.GOOD_FAITH,
                    asked=Asked.SCHEDULED, asked_at=at, due_on=clocks.business_day(today, within),
                    service_on=one.service_on, place_of_service=one.place_of_service, reason=one.reason, state=S.DUE,
                )
            )  # fmt: skip
    Estimate.objects.bulk_create(rows, batch_size=1000)
    if rows:
        work.open_items(practice=practice, items=[_owed(row) for row in rows], at=at)
        audit.record(
            actor=actor, action="estimates.owed", practice=practice, subject=(SUBJECT, ""), at=at,
            facts={"count": len(rows)}, decision=decision,
        )  # fmt: skip
    return len(rows)


def _covers(visits: Collection[Visit]) -> dict[int, Coverage]:
    """The coverage of each visit that has one, by the visit."""
    held = patients.coverages_of({one.patient_id for one in visits})
    found = {one.id: queries.cover_of(one, held.get(one.patient_id, ())) for one in visits}
    return {key: cover for key, cover in found.items() if cover is not None}


def _owed(row: Estimate) -> NewItem:
    assert row.due_on is not None, "what is owed has a day"
    cause = (
        "The visit was scheduled and nobody covers it" if row.asked == Asked.SCHEDULED else "The patient asked for it"
    )
    return NewItem(
        kind=OWED, subject=(SUBJECT, row.public_id), title=f"Good faith estimate for {day(row.service_on)}",
        why=f"{cause}: the estimate is to be given to the patient by {day(row.due_on)}.",
        priority=80, priority_why=f"the federal deadline is {when(row.due_on)} (45 CFR 149.610)",
        due_at=clocks.closing(row.practice_id, row.due_on), key=key_of(row),
    )  # fmt: skip


@atomic
def tidy(*, actor: Actor, practice: int, at: datetime) -> int:
    """Drop what is no longer owed: the visit was cancelled, or a coverage was found; how many there were."""
    actor.must(MAKE.code, practice)
    rows = list(Estimate.objects.select_for_update().filter(practice_id=practice, state=S.DUE, visit__isnull=False))
    seen = scheduling.by_ids([row.visit_id for row in rows if row.visit_id])
    covered = _covers(seen.values())
    gone = 0
    for row in rows:
        visit = seen.get(row.visit_id or 0)
        if visit is None or visit.status in {VisitStatus.CANCELLED, VisitStatus.NO_SHOW}:
            end(row, actor, CALLED_OFF, at)
        elif visit.id in covered and row.asked == Asked.SCHEDULED:
            end(row, actor, "A coverage was found", at)
        else:
            continue
        gone += 1
    return gone


@atomic
def request(*, actor: Actor, patient: str, service_on: date, reason: str, at: datetime, visit: str = "") -> str:
    """A patient asks for a good faith estimate: it is owed within three business days. Its public id."""
    one = patients.get(patient)
    actor.must(MAKE.code, one.practice)
    seen = visit_of(one, visit)
    today = tenancy.today(one.practice, at)
    within = owing.within(Asked.REQUESTED, 0)
    assert within is not None, "what is asked for is owed"
    row = current(seen, Kind.GOOD_FAITH) if seen else None
    if row is not None and row.state == S.DUE:
        return row.public_id
    if row is not None:
        raise CannotEstimate(f"{row.public_id} is there for this visit.", field="visit", fix="Give it to the patient.")
    row = Estimate.objects.create(
        practice_id=one.practice, patient_id=one.id, visit_id=seen.id if seen else None, kind=Kind.GOOD_FAITH,
        asked=Asked.REQUESTED, asked_at=at, due_on=clocks.business_day(today, within), service_on=service_on,
        reason=reason[:200], state=S.DUE,
    )  # fmt: skip
    work.open_items(practice=one.practice, items=[_owed(row)], at=at)
    return row.public_id


@atomic
def compare(*, actor: Actor, practice: int, at: datetime) -> int:
    """Compare given good faith estimates with what the patients were billed since; how many are far above.

    A bill of one provider that is above its estimate by 400.00 or more is work: the patient may dispute it (45 CFR
    149.620). What a payer is asked for is no bill of the patient's.
    """
    actor.must(MAKE.code, practice)
    since = tenancy.today(practice, at) - timedelta(days=COMPARED_DAYS)
    rows = list(
        Estimate.objects.select_for_update().filter(
            practice_id=practice, state=S.GIVEN, kind=Kind.GOOD_FAITH, visit__isnull=False, service_on__gte=since
        )
    )
    billed = claims.billed_themselves(practice=practice, visits=[row.visit_id for row in rows if row.visit_id])
    changed = []
    for row in rows:
        now = billed.get(row.visit_id or 0)
        if now is not None and now.amount != row.billed_amount:
            row.billed_amount = now.amount
            changed.append(row)
    update(changed, ["billed_amount"])
    above = [
        row for row in changed
        if row.billed_amount is not None
        and owing.is_substantially_above(Money.of(row.charge_amount), Money.of(row.billed_amount))
    ]  # fmt: skip
    due = clocks.sla_due(practice, MAKE.line, EXCEEDED, at)
    if above:
        work.open_items(practice=practice, items=[_exceeded(row, due) for row in above], at=at)
    return len(above)


def _exceeded(row: Estimate, due: datetime) -> NewItem:
    estimated, billed = Money.of(row.charge_amount), Money.of(row.billed_amount or 0)
    return NewItem(
        kind=EXCEEDED, subject=(SUBJECT, row.public_id), title=f"{billed} billed, {estimated} estimated",
        why=f"{billed - estimated} above the good faith estimate: the patient may dispute it within "
        f"{owing.DISPUTE_DAYS} days of the first bill. Correct the bill, or explain it before it leaves.",
        priority=85, priority_why=f"{billed - estimated} above the estimate, {owing.THRESHOLD} or more", due_at=due,
        key=f"{EXCEEDED}:{row.public_id}", amount=(billed - estimated).amount,
    )  # fmt: skip
