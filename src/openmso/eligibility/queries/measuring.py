"""When payers said that patients' coverage was active, as whole columns: for those who measure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models.functions import TruncDate

from openmso.eligibility.models import Check
from openmso.eligibility.states import S, Verdict
from openmso.platform.tenancy import queries as tenancy

AT_A_TIME = 2_000


def active(practice: int) -> Iterator[tuple[int, date, date]]:
    """Patient, the day the payer was asked about, and the practice's day of the answer, of each active coverage."""
    rows = Check.objects.filter(practice_id=practice, state=S.ANSWERED, verdict=Verdict.ACTIVE).order_by("pk")
    day = TruncDate("answered_at", tzinfo=ZoneInfo(tenancy.zone(practice)))
    yield from rows.values_list("patient_id", "asked_for", day).iterator(chunk_size=AT_A_TIME)
