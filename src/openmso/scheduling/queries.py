"""Questions about visits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from openmso.kit.errors import NotFound
from openmso.kit.periods import Month
from openmso.scheduling.contracts import Visit, VisitStatus
from openmso.scheduling.models import Visit as Row


def get(public_id: str) -> Visit:
    """One visit; raises `NotFound`."""
    row = Row.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no visit {public_id}.")
    return contract(row)


def by_ids(ids: Collection[int]) -> dict[int, Visit]:
    """Visits by their keys."""
    return {row.pk: contract(row) for row in Row.objects.filter(pk__in=ids)}


def keys_of(public_ids: Collection[str]) -> list[int]:
    """The keys of visits by their public ids."""
    return list(Row.objects.filter(public_id__in=public_ids).values_list("pk", flat=True))


def count_done(*, practice: int, month: Month) -> int:
    """How many visits of a month took place: the unit of per-visit fees."""
    days = month.range
    return Row.objects.filter(
        practice_id=practice, status=VisitStatus.DONE, service_on__gte=days.starts_on, service_on__lt=days.ends_on
    ).count()


def planned(*, practice: int, starts_on: date, ends_on: date) -> list[Visit]:
    """The visits of a practice that are planned from a day to before another, by day."""
    rows = Row.objects.filter(
        practice_id=practice, status=VisitStatus.PLANNED, service_on__gte=starts_on, service_on__lt=ends_on
    )
    return [contract(row) for row in rows.order_by("service_on", "pk")]


def of_patient(patient_id: int, *, limit: int) -> list[Visit]:
    """The latest visits of a patient, planned ones first."""
    return [contract(row) for row in Row.objects.filter(patient_id=patient_id).order_by("-service_on", "-pk")[:limit]]


def contract(row: Row) -> Visit:
    """A row as it leaves the app."""
    return Visit(
        row.pk, row.public_id, row.practice_id, row.patient_id, row.clinician_id, row.site_id, row.service_on,
        row.service_through, row.place_of_service, row.reason, VisitStatus(row.status), row.source, row.source_id,
    )  # fmt: skip
