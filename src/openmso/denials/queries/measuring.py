"""What became of denials, claim by claim, as whole columns: for those who measure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db.models import F

from openmso.denials.models import AppealItem, Denial
from openmso.denials.states import FINAL

AT_A_TIME = 2_000


def written_off(practice: int) -> Iterator[tuple[str, int | None, int | None, date, Decimal]]:
    """Denial, payer, clinician, day of its end and what was written off of it, net of what came in on it all the same.

    Contractual reductions and notes that only had to be looked at are none (HFMA MAP Key AR-6).
    """
    rows = Denial.objects.filter(
        practice_id=practice, is_denial=True, state__in=sorted(FINAL), written_off_amount__gt=F("recovered_amount")
    ).order_by("pk")
    for name, payer, clinician, ended_on, off, came in rows.values_list(
        "public_id", "payer_id", "clinician_id", "resolved_on", "written_off_amount", "recovered_amount"
    ).iterator(chunk_size=AT_A_TIME):
        if ended_on is not None:
            yield name, payer, clinician, ended_on, off - came


def worked(practice: int) -> Iterator[tuple[str, int | None, int | None, str]]:
    """Denial, payer, clinician, and the claim that was sent in place of the denied one (empty: none)."""
    rows = Denial.objects.filter(practice_id=practice, is_denial=True).order_by("pk")
    yield from rows.values_list("public_id", "payer_id", "clinician_id", "resent_name").iterator(chunk_size=AT_A_TIME)


def appealed(practice: int) -> dict[int, int]:
    """Days from the payer's answer until the first appeal left, of each claim with one."""
    rows = AppealItem.objects.filter(practice_id=practice, appeal__level=1, denial__is_denial=True)
    told = rows.order_by("-appeal__sent_on", "-pk").values_list(
        "denial__claim_id", "appeal__sent_on", "denial__denied_on"
    )  # fmt: skip
    return {claim: (sent - denied).days for claim, sent, denied in told if sent is not None}
