"""Counting a practice anew: everything it did is read once, and its workpapers are written in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain, groupby
from statistics import median
from typing import Any

from django.db import connection

from openmso.agreements.queries import initiatives
from openmso.analytics import costs, queries
from openmso.analytics.contracts import COSTS, FEWEST, Asked, Counted, Function
from openmso.analytics.models import (
    Age,
    Cell,
    ClaimAge,
    ClaimFact,
    ClaimMoney,
    Cohort,
    Count,
    Curve,
    HourCost,
    Lag,
    NetworkFigure,
    Occurrence,
    OccurrenceSum,
)
from openmso.analytics.rules import curves, measures, occurrences, rework
from openmso.analytics.rules.catalogue import KPIS
from openmso.analytics.rules.curves import Week, WeekKey
from openmso.analytics.rules.measures import (
    AMOUNTS,
    FLAGS,
    Aged,
    AgeKey,
    CellKey,
    CohortKey,
    Decided,
    Fact,
    Key,
    LagKey,
    Sums,
)
from openmso.analytics.rules.occurrences import Of, SumKey
from openmso.billing.queries import measuring as billing
from openmso.claims.contracts import ClaimMeasure
from openmso.claims.queries import measuring as claims
from openmso.denials.queries import measuring as denials
from openmso.eligibility.queries import measuring as eligibility
from openmso.kit.errors import Refused
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.patients import queries as patients
from openmso.platform.access.contracts import Actor
from openmso.platform.audit import services as audit
from openmso.platform.database import copying
from openmso.platform.jobs import services as jobs
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import measures as work
from openmso.remittances.contracts import PaymentMeasure
from openmso.remittances.queries import measuring as remittances
from openmso.scheduling import queries as scheduling
from openmso.settlement import queries as settlement
from openmso.underpayments import queries as underpayments

NOTHING = Decimal(0)
HOURLY_MAX, MINUTES_MAX, AHEAD_MAX = Money.of(1000), Decimal(240), timedelta(days=366)
"""Beyond them a cost was typed wrong."""
MONTHS_AGED = 24
"""How many month ends receivables are told of."""
WEEKS_TESTED = 4
"""The weeks back to which the forecast is put to the test; as many before them must have been seen."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Everything that is told of one practice on one day."""

    facts: tuple[Fact, ...]
    cells: dict[CellKey, Sums]
    lags: dict[LagKey, int]
    stood: tuple[measures.Stood, ...]
    ages: dict[AgeKey, Aged]
    cohorts: dict[CohortKey, Decimal]
    occurred: tuple[occurrences.Occurrence, ...]
    sums: dict[SumKey, occurrences.OccurrenceSum]
    weeks: dict[WeekKey, Week]
    foretold: Decimal | None
    """Cash that would have been foretold, four weeks ago, of the weeks since; none of a practice younger than that."""
    came: Decimal | None


def counted(practice: int, on: date) -> Counts:
    """A practice counted from what claims and remittances tell, as of a day; nothing is written."""
    every = list(claims.claims(practice))
    paid = {key: list(rows) for key, rows in groupby(remittances.payments(practice), key=lambda one: one.claim)}
    decided = list(claims.decisions(practice))
    expected, appealed = claims.expected(practice), denials.appealed(practice)
    facts = tuple(
        measures.fact(one, paid.get(one.id, ()), expected=expected.get(one.id), to_appeal=appealed.get(one.id))
        for one in every
    )
    since = min((one.sent_on for one in every if one.sent_on is not None), default=on)
    by_patients = ((claim, day, NOTHING, -amount) for claim, day, amount in billing.settled(practice))
    stood = tuple(measures.stood(every, chain(decided, by_patients), list(_days(since, on)), expected))
    occurred = tuple(_occurred(practice, on, every, paid))
    tested = _tested(every, decided, paid, since, on)
    weeks = curves.weeks(every, decided, paid, on)
    return Counts(
        facts, measures.cells(facts), measures.lags(facts), stood, measures.ageing(stood), measures.cohorts(facts),
        occurred, occurrences.sums(occurred), weeks, *tested,
    )  # fmt: skip


def _occurred(
    practice: int, on: date, every: Sequence[ClaimMeasure], paid: Mapping[int, Sequence[PaymentMeasure]]
) -> Iterable[occurrences.Occurrence]:
    """Everything that figures count besides claims, up to a day."""
    made = occurrences.Occurrence
    visits = list(scheduling.until(practice=practice, on=on))
    yield from occurrences.of_visits(visits, patients.covered(practice), eligibility.active(practice))
    yield from occurrences.of_cash(billing.payments(practice), visits)
    for one in every:
        yield from occurrences.of_payments(one, paid.get(one.id, ()))
    by_key = {one.id: one for one in every}
    for claim, bears in claims.permitted(practice):
        one = by_key[claim]
        yield made(Of.PERMIT, one.service_on, Key(one.first_payer, one.clinician), one.public_id, hits=int(bears))
    for claim, day, lines in claims.paid_lines(practice):
        one = by_key[claim]
        yield made(Of.PAID_LINE, day, Key(one.first_payer, one.clinician), one.public_id, lines)
    for name, claim, payer, day, missing in underpayments.found(practice):
        yield made(Of.SHORT, day, Key(payer, by_key[claim].clinician), name, amount=missing)
    for name, whose, clinician, day, net in denials.written_off(practice):
        yield made(Of.DENIED_OFF, day, Key(whose, clinician), name, amount=net)
    for claim, name, day, amount in billing.bad_debts(practice):
        one = by_key[claim]
        yield made(Of.BAD_DEBT, day, Key(one.first_payer, one.clinician), name, amount=amount)
    for name, month, fee in settlement.fees_of(practice):
        yield made(Of.FEE, month.last, Key(None, None), name, amount=fee.amount)
    yield from rework.of_rework(
        [rework.Worked(*one) for one in denials.worked(practice)],
        work.touches(practice=practice, kinds=list(rework.KINDS)), costs.every(),
    )  # fmt: skip


def _tested(
    every: Sequence[ClaimMeasure], decided: Sequence[Decided], paid: Mapping[int, Sequence[PaymentMeasure]],
    since: date, on: date,
) -> tuple[Decimal | None, Decimal | None]:  # fmt: skip
    """What would have been foretold four weeks ago from what was known then, and what came."""
    then = on - timedelta(weeks=WEEKS_TESTED)
    if since > then - timedelta(weeks=WEEKS_TESTED):
        return None, None
    ahead = curves.foretell(curves.by_payer(curves.weeks(every, decided, paid, then)))
    foretold = sum((week.waiting + week.coming for week in ahead[:WEEKS_TESTED]), Decimal(0))
    came = (one.paid for rows in paid.values() for one in rows if then < one.applied_on <= on)
    return foretold, sum(came, Decimal(0))


def _days(since: date, on: date) -> Iterable[date]:
    """The last days of the months before this one, and this day."""
    first = max(Month.of(since), Month.of(on).plus(-MONTHS_AGED))
    while first < Month.of(on):
        yield first.last
        first = first.plus(1)
    yield on


@atomic
def count(*, practice: int, at: datetime) -> Counted:
    """Count a practice anew and keep it. Two at once wait for each other; what is kept is what was last counted."""
    Count.objects.get_or_create(practice_id=practice)
    kept = Count.objects.select_for_update().get(practice_id=practice)
    on = tenancy.today(practice, at)
    found = counted(practice, on)
    for model in (ClaimFact, ClaimMoney, ClaimAge, Cell, Lag, Age, Cohort, Occurrence, OccurrenceSum, Curve):
        model.objects.filter(practice_id=practice).delete()
    for model, rows in _rows(practice, found):
        _keep(model, rows)
    kept.counted_at, kept.counted_on, kept.is_stale = at, on, False
    kept.foretold_amount, kept.came_amount = found.foretold, found.came
    kept.save()
    return Counted(practice, len(found.facts), len(found.cells), on)


def _keep(model: Any, rows: list[tuple[Any, ...]]) -> None:
    """Write rows at once; they come by way of a stage, because nothing is copied into a table with row security."""
    table, columns = model._meta.db_table, ", ".join(_columns(model))
    stage = f"counted_{model._meta.model_name}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {stage} ON COMMIT DROP AS SELECT {columns} FROM {table} WHERE false")
        copying.copy(stage, columns, ("\t".join(map(_text, row)) + "\n" for row in rows))
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {stage}; DROP TABLE {stage}")


@atomic
def happened(*, practice: int) -> None:
    """Something has happened in a practice: it is counted again by the worker, once for all that happens until then."""
    row, fresh = Count.objects.get_or_create(practice_id=practice)
    if fresh or Count.objects.filter(pk=row.pk, is_stale=False).update(is_stale=True):
        _later(practice)


@atomic
def count_later(*, practice: int) -> None:
    """Have the worker count a practice."""
    Count.objects.get_or_create(practice_id=practice)
    _later(practice)


def _later(practice: int) -> None:
    jobs.defer("analytics.count", practice=practice, lock=f"analytics.count {practice}")


@atomic
def compare(*, at: datetime) -> int:
    """Compare the figures of the latest month across the practices in scope that take part; for the house's own runs.

    Each figure is told by its lowest, median and highest, where five practices or more have it. Returns how many are.
    """
    month, on = queries.latest_month(), tenancy.network_day(at)
    mine = [one for one in tenancy.tenants_in_scope() if not one.is_mso]
    joined = initiatives.taking_part(initiatives.BENCHMARKING, among=[one.pk for one in mine], on=on)
    if month is None:
        return 0
    NetworkFigure.objects.filter(month=month.first).delete()
    codes, rows = {one.code.lower() for one in mine if one.pk in joined}, []
    for one in KPIS if len(codes) >= FEWEST else ():
        parts = queries.parts(one.code, Asked(month), by="practice")
        told = [part.value.figure for part in parts if part.key in codes and part.value.figure is not None]
        if len(told) >= FEWEST:
            rows.append(
                NetworkFigure(kpi=one.code, month=month.first, practices=len(told), low=min(told), high=max(told),
                              median=median(told), at=at)
            )  # fmt: skip
    NetworkFigure.objects.bulk_create(rows)
    return len(rows)


@atomic
def enter_cost(
    *, actor: Actor, mso: int, function: Function, starts_on: date, hourly: Money, minutes: Decimal, source: str,
    at: datetime, why: str = "",
) -> int:  # fmt: skip
    """Say what an hour of a function costs from a day on, and how long a touch takes; the number of the version.

    What was counted before is counted anew by the next run. Raises `Refused` without a source, or for figures that
    nobody pays.
    """
    decision = actor.must(COSTS.code, mso)
    if not source.strip():
        raise Refused("A cost says where it comes from.", field="source", fix="Name the payroll, offer or study.")
    if not Money.of(0) < hourly <= HOURLY_MAX:
        raise Refused(f"An hour costs more than nothing and at most {HOURLY_MAX}.", field="hourly")
    if not 0 < minutes <= MINUTES_MAX:
        raise Refused(f"A touch takes more than nothing and at most {MINUTES_MAX} minutes.", field="minutes")
    if starts_on > at.date() + AHEAD_MAX:
        raise Refused("A cost begins within a year.", field="starts_on", fix="Look at the year that you typed.")
    last = HourCost.objects.filter(function=function).order_by("-number").first()
    number = last.number + 1 if last else 1
    HourCost.objects.create(
        function=function, number=number, starts_on=starts_on, hourly=hourly.amount, minutes=minutes,
        source=source.strip()[:200], why=why.strip()[:300], at=at, by=actor.name[:160],
    )  # fmt: skip
    audit.record(
        actor=actor, action="analytics.cost_entered", practice=mso, at=at, why=why, decision=decision,
        subject=("analytics.hourcost", f"{function.value}-{number}"),
        facts={"function": function.label.lower(), "hourly": str(hourly), "starts_on": str(starts_on)},
    )  # fmt: skip
    return number


def differences(practice: int) -> list[str]:
    """What is kept of a practice and is not what counting anew as of the same day gives: nothing, when all is right.

    The caller gives a scope and a transaction.
    """
    kept = Count.objects.filter(practice_id=practice).first()
    if kept is None or kept.counted_on is None:
        return ["It was never counted."]
    found = []
    for model, rows in _rows(practice, counted(practice, kept.counted_on)):
        names = _columns(model)
        stands = sorted(map(_words, model.objects.filter(practice_id=practice).values_list(*names)))
        should = sorted(map(_words, rows))
        if stands != should:
            off = len(set(stands) ^ set(should))
            found.append(f"{model._meta.verbose_name}: {len(stands)} kept, {len(should)} counted, {off} that differ")
    return found


def _rows(practice: int, found: Counts) -> Iterable[tuple[Any, list[tuple[Any, ...]]]]:
    """The rows of each workpaper, in the order of its columns."""
    sent = [one for one in found.facts if one.sent_on is not None]
    yield ClaimFact, [
        (practice, one.key.payer, one.key.clinician, one.claim, one.sent_on, one.served_on, one.charge, *_flags(one),
         one.to_build, one.to_send, one.to_resolve, one.to_appeal)
        for one in sent
    ]  # fmt: skip
    yield ClaimMoney, [
        (practice, one.key.payer, one.key.clinician, one.claim, one.served_on, *one.money)
        for one in found.facts if one.has_money
    ]  # fmt: skip
    yield ClaimAge, _stood(practice, found)
    yield (
        Cell,
        [
            (
                practice,
                key.payer,
                key.clinician,
                month,
                *sums.counts.values(),
                *(getattr(sums, name) for name in AMOUNTS),
            )
            for (month, key), sums in found.cells.items()
        ],
    )
    yield (
        Lag,
        [
            (practice, key.payer, key.clinician, month, kind, days, claims)
            for (kind, month, key, days), claims in found.lags.items()
        ],
    )
    yield (
        Age,
        [
            (practice, key.payer, key.clinician, on, bucket, *asdict(aged).values())
            for (on, key, bucket), aged in found.ages.items()
        ],
    )
    yield Cohort, [
        (practice, key.payer, key.clinician, month, start, paid) for (month, key, start), paid in found.cohorts.items()
    ]  # fmt: skip
    yield Occurrence, [
        (practice, one.key.payer, one.key.clinician, one.of.value, one.on, one.source, one.count, one.hits, one.amount)
        for one in found.occurred
    ]  # fmt: skip
    yield (
        OccurrenceSum,
        [
            (practice, key.payer, key.clinician, kind.value, month, *asdict(total).values())
            for (kind, month, key), total in found.sums.items()
        ],
    )
    yield (
        Curve,
        [
            (practice, key.payer, key.clinician, number, *asdict(week).values())
            for (key, number), week in found.weeks.items()
        ],
    )


def _stood(practice: int, found: Counts) -> list[tuple[Any, ...]]:
    served = {one.claim: one.served_on for one in found.facts}
    return [
        (practice, one.key.payer, one.key.clinician, one.claim, served[one.claim], one.on, one.bucket,
         *astuple(one.aged)[1:])
        for one in found.stood
    ]  # fmt: skip


def _flags(one: Fact) -> tuple[bool, ...]:
    return tuple(getattr(one.flags, name) for name in FLAGS)


def _columns(model: Any) -> list[str]:
    return [field.column for field in model._meta.fields if field.column != "id"]


def _text(value: Any) -> str:
    return copying.NULL if value is None else str(value)


def _words(row: Iterable[Any]) -> tuple[str, ...]:
    return tuple(map(_text, row))
