"""Questions about terms that end: who gave notice of which."""

from __future__ import annotations

from datetime import date

from openmso.agreements.contracts import Agreement, Notice, Side
from openmso.agreements.models.agreement import NonRenewal


def notices(agreement: Agreement) -> list[Notice]:
    """Every notice that a term is not renewed, the latest first."""
    rows = NonRenewal.objects.filter(practice_id=agreement.practice, agreement__public_id=agreement.public_id)
    return [
        Notice(Side(row.side), row.ends_on, row.given_on, row.why, row.by) for row in rows.order_by("-ends_on", "-pk")
    ]


def notice(agreement: Agreement, ends_on: date) -> Notice | None:
    """The notice for the term that ends on a day, if one was given."""
    return next((one for one in notices(agreement) if one.ends_on == ends_on), None)
