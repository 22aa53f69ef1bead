"""Which payers have which clinicians and practices enrolled, and on which days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from openmso.kit.errors import NotFound
from openmso.parties.contracts import PayerEnrolment
from openmso.parties.models.enrolments import PayerEnrolment as Row
from openmso.parties.queries import providers

Days = tuple[tuple[date, date | None], ...]
"""First days, and the first days after; an open end is None."""
ITSELF = "The practice itself"


def of_practice(practice: int) -> list[PayerEnrolment]:
    """All of a practice, by payer and clinician, the latest first."""
    rows = Row.objects.filter(practice_id=practice).select_related("payer").order_by("payer__name", "-starts_on", "pk")
    names = providers.names_of({row.clinician_id for row in rows if row.clinician_id})
    return [told(row, names.get(row.clinician_id or 0, ITSELF)) for row in rows]


def enrolment(public_id: str) -> PayerEnrolment:
    """One in scope; raises `NotFound`."""
    row = Row.objects.select_related("payer").filter(public_id=public_id).first()
    if row is None:
        raise NotFound("There is no such enrolment.", field="enrolment")
    return told(row, providers.names_of([row.clinician_id])[row.clinician_id] if row.clinician_id else ITSELF)


def days(practices: Collection[int]) -> Mapping[tuple[int, int], Mapping[int | None, Days]]:
    """By practice and payer the days of each clinician who is or was enrolled; one question for any number.

    Under None stand those of the practice itself.
    A payer with which nobody of a practice is recorded has no entry: nothing is known of it.
    """
    found: dict[tuple[int, int], dict[int | None, Days]] = defaultdict(dict)
    rows = Row.objects.filter(practice_id__in=list(practices)).order_by("starts_on")
    for practice, payer, clinician, starts, ends in rows.values_list(
        "practice_id", "payer_id", "clinician_id", "starts_on", "ends_on"
    ):
        mine = found[practice, payer]
        mine[clinician] = (*mine.get(clinician, ()), (starts, ends))
    return found


def told(row: Row, clinician: str) -> PayerEnrolment:
    """A row as it leaves the app."""
    return PayerEnrolment(
        row.public_id, row.practice_id, row.clinician_id, clinician, row.payer_id, row.payer.name, row.number,
        row.starts_on, row.ends_on,
    )  # fmt: skip
