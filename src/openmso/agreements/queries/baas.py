"""Questions about business associate agreements."""

from __future__ import annotations

from datetime import date

from openmso.agreements.contracts import Baa
from openmso.agreements.models.baa import BusinessAssociateAgreement
from openmso.kit.periods import DayRange


def of(practice: int) -> list[Baa]:
    """The business associate agreements of a practice, the newest first."""
    rows = BusinessAssociateAgreement.objects.filter(practice_id=practice).order_by("-starts_on", "-pk")
    return [_baa(row) for row in rows]


def in_force(practice: int, on: date) -> Baa | None:
    """The one in force on a day, if any."""
    return next((one for one in of(practice) if on in one.days), None)


def covered(on: date) -> frozenset[int]:
    """The practices in scope that have one in force on a day."""
    return frozenset(row.practice_id for row in BusinessAssociateAgreement.objects.all() if on in _baa(row).days)


def _baa(row: BusinessAssociateAgreement) -> Baa:
    ends = min((day for day in (row.ends_on, row.ended_on) if day is not None), default=None)
    days = DayRange(row.starts_on, ends if ends is None else max(ends, row.starts_on))
    return Baa(
        row.public_id, row.practice_id, days, row.incident_notice_hours, row.document, row.document_sha256,
        row.ended_why,
    )  # fmt: skip
