"""Questions about visits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import starmap

from django.db.models import Count, F, Q, QuerySet

from openmso.agreements.registry import Record
from openmso.kit.errors import NotFound
from openmso.kit.periods import DayRange, Month
from openmso.patients import queries as patients
from openmso.patients.contracts import Coverage, PlanKind
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui import paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.platform.ui.narrowing import by_terms
from openmso.scheduling import rules
from openmso.scheduling.contracts import BULK_MAX, Cause, CoverageChoice, ReasonRoute, Visit, VisitStatus
from openmso.scheduling.contracts import VisitMark as Mark
from openmso.scheduling.models import CoverageChoice as ChoiceRow
from openmso.scheduling.models import ReasonRoute as RouteRow
from openmso.scheduling.models import Visit as Row
from openmso.scheduling.models import VisitMark as MarkRow
from openmso.scheduling.states import OPEN

UNMARKED = "unmarked"
"""What a list is asked for to see the visits of days gone by of which nobody has said what became of them."""


def get(public_id: str) -> Visit:
    """One visit; raises `NotFound`."""
    row = Row.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no visit {public_id}.")
    return contract(row)


def by_ids(ids: Collection[int]) -> dict[int, Visit]:
    """Visits by their keys."""
    return {row.pk: contract(row) for row in Row.objects.filter(pk__in=ids)}


def every(practice: int) -> Iterator[Visit]:
    """Every visit of a practice, one after the other, for whoever takes them all away."""
    found = Row.objects.filter(practice_id=practice).order_by("pk")
    yield from map(contract, found.iterator(chunk_size=2_000))


def keys_of(public_ids: Collection[str]) -> list[int]:
    """The keys of visits by their public ids."""
    return list(Row.objects.filter(public_id__in=public_ids).values_list("pk", flat=True))


def count_done(*, practice: int, month: Month) -> int:
    """How many visits of a month took place: the unit of per-visit fees."""
    return done_by_practice([practice], days=month.range).get(practice, 0)


def done_by_practice(practices: Collection[int], *, days: DayRange) -> dict[int, int]:
    """How many visits of some days took place in each of some practices; those without any are left out."""
    rows = Row.objects.filter(
        practice_id__in=list(practices), status=VisitStatus.DONE, service_on__gte=days.starts_on,
        service_on__lt=days.ends_on,
    )  # fmt: skip
    return dict(rows.order_by().values_list("practice_id").annotate(n=Count("pk")))


def done_within(practices: Collection[int], days: DayRange) -> Iterator[Record]:
    """The visits of some practices that took place within some days: what per-visit fees are charged by."""
    rows = Row.objects.filter(status=VisitStatus.DONE)
    yield from starmap(Record, tenancy.named_by_day(rows, "service_on", practices, days))


def until(*, practice: int, on: date) -> Iterator[tuple[str, int, int | None, date, VisitStatus]]:
    """Public id, patient, clinician, day and status of every visit up to a day that was not cancelled."""
    rows = Row.objects.filter(practice_id=practice, service_on__lte=on).exclude(status=VisitStatus.CANCELLED)
    told = rows.order_by("pk").values_list("public_id", "patient_id", "clinician_id", "service_on", "status")
    for name, patient, clinician, day, status in told.iterator(chunk_size=2_000):
        yield name, patient, clinician, day, VisitStatus(status)


def planned(*, practice: int, starts_on: date, ends_on: date) -> list[Visit]:
    """The visits of a practice that are planned from a day to before another, by day."""
    rows = Row.objects.filter(
        practice_id=practice, status=VisitStatus.PLANNED, service_on__gte=starts_on, service_on__lt=ends_on
    )
    return [contract(row) for row in rows.order_by("service_on", "pk")]


def with_reason(*, practice: int, words: str, since: date, until: date, most: int) -> list[int]:
    """The keys of the latest visits of a practice with some words in their reason, between two days."""
    rows = Row.objects.filter(
        practice_id=practice, reason__icontains=words, service_on__gte=since, service_on__lte=until
    ).exclude(status__in=[VisitStatus.CANCELLED, VisitStatus.NO_SHOW])
    return list(rows.order_by("-service_on", "-pk").values_list("pk", flat=True)[:most])


def listing(*, today: date, filters: Filters, page: PageAsk, patients: Collection[int] | None = None) -> Page[Visit]:
    """A page of the visits in scope by day, of some patients when they are given; as `_filtered` narrows them."""
    rows = _filtered(today, filters, patients)
    order = ("-service_on", "-pk") if page.desc else ("service_on", "pk")
    shown = paging.rows(rows, order, page) if patients is None else list(paging.sorted_whole(rows, order, page))
    return Page([contract(row) for row in shown], rows.count(), page)


def named(
    *, today: date, filters: Filters, public_ids: Collection[str] = (), patients: Collection[int] | None = None
) -> list[str]:
    """The visits that the filters leave, or those that are named, by day; at most one more than are marked at once."""
    found = Row.objects.filter(public_id__in=public_ids) if public_ids else _filtered(today, filters, patients)
    return list(found.order_by("service_on", "pk").values_list("public_id", flat=True)[: BULK_MAX + 1])


def _filtered(today: date, filters: Filters, patients: Collection[int] | None) -> QuerySet[Row]:
    """Narrowed by practice, day (`on`) and state (`is`); where neither is asked for, what is ahead from today on."""
    rows = Row.objects.filter(by_terms(filters, {"on": "service_on"}))
    states = filters.many("is")
    if states:
        asked = Q(status__in=states)
        if UNMARKED in states:
            asked |= Q(status__in=OPEN, service_on__lt=today)
        rows = rows.filter(asked)
    elif not filters.many("on"):
        rows = rows.filter(status__in=OPEN, service_on__gte=today)
    if patients is not None:
        rows = rows.filter(patient_id__in=list(patients))
    if codes := filters.many("practice"):
        rows = rows.filter(practice_id__in=tenancy.keys_of(codes))
    return rows


def may_become(status: VisitStatus, *, service_on: date, today: date) -> frozenset[VisitStatus]:
    """What may be said of a visit that stands so, on a day."""
    return frozenset(to for to in VisitStatus if rules.why_not(status, to, service_on=service_on, today=today) is None)


def marks(visit: int) -> list[Mark]:
    """What was said of a visit, the latest first."""
    return [
        Mark(
            row.at, row.actor_name, VisitStatus(row.frm), VisitStatus(row.to), Cause(row.cause) if row.cause else None,
            row.why, row.takes_back_id is not None,
        )
        for row in MarkRow.objects.filter(visit_id=visit).order_by("-pk")
    ]  # fmt: skip


def choices(visits: Collection[int]) -> dict[int, list[CoverageChoice]]:
    """Who chose which coverage some visits ask first, and why, by visit; the latest first."""
    found: dict[int, list[CoverageChoice]] = {}
    for row in ChoiceRow.objects.filter(visit_id__in=visits).order_by("-pk"):
        told = CoverageChoice(row.at, row.actor_name, row.coverage_id, row.why)
        found.setdefault(row.visit_id, []).append(told)
    return found


def asked_first(visit: Visit, covers: Iterable[Coverage], *, on: date | None = None) -> Coverage | None:
    """The coverage that a visit asks first: the one that a person chose, else the one that its reason leads to.

    `on` is another day than the visit's, for a service of such a day.
    """
    held = list(covers)
    day = on or visit.service_on
    chosen = next((one for one in held if one.id == visit.coverage_id and one.holds_on(day)), None)
    return chosen or patients.paying(held, on=day, kind=visit.plan)


def of_patient(patient_id: int, *, limit: int) -> list[Visit]:
    """The latest visits of a patient, planned ones first."""
    return [contract(row) for row in Row.objects.filter(patient_id=patient_id).order_by("-service_on", "-pk")[:limit]]


def routes(*, page: PageAsk) -> Page[ReasonRoute]:
    """A page of the words that lead visits to a kind of plan, those that hold first."""
    found = RouteRow.objects.all()
    shown = found.order_by(F("ended_at").desc(nulls_first=True), "words", "pk")[page.offset : page.offset + page.size]
    return Page(_routes(list(shown)), found.count(), page)


def route(public_id: str) -> ReasonRoute:
    """One line of them; raises `NotFound`."""
    row = RouteRow.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no reason {public_id}.")
    return _routes([row])[0]


def _routes(rows: Sequence[RouteRow]) -> list[ReasonRoute]:
    names = {one.pk: one.name for one in tenancy.tenants()} if rows else {}
    return [
        ReasonRoute(
            row.public_id, row.practice_id, names.get(row.practice_id, ""), row.words, PlanKind(row.plan), row.said_at,
            row.said_by, row.ended_at,
        )
        for row in rows
    ]  # fmt: skip


def routing(practice: int) -> list[tuple[str, PlanKind]]:
    """The words that lead visits of a practice to a kind of plan now."""
    rows = RouteRow.objects.filter(practice_id=practice, ended_at=None).values_list("words", "plan")
    return [(words, PlanKind(plan)) for words, plan in rows]


def contract(row: Row) -> Visit:
    """A row as it leaves the app."""
    return Visit(
        row.pk, row.public_id, row.practice_id, row.patient_id, row.clinician_id, row.site_id, row.service_on,
        row.service_through, row.place_of_service, row.reason, VisitStatus(row.status), row.source, row.source_id,
        PlanKind(row.plan) if row.plan else None, row.undo_on, row.coverage_id,
    )  # fmt: skip
