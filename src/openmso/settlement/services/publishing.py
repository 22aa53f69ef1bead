"""What the MSO shows of its own finances with a statement: what the agreement promises, of the month before."""

from __future__ import annotations

from datetime import datetime

from openmso.agreements.contracts import Terms
from openmso.kit.periods import Month
from openmso.ledger.queries.books import NoBook
from openmso.settlement import health as rules
from openmso.settlement.models import Settlement as SettlementModel
from openmso.settlement.models import ShownFigure
from openmso.settlement.queries import health


def show(row: SettlementModel, terms: Terms, *, at: datetime) -> None:
    """Keep the figures that the agreement promises to show, of the month before: its fees are all in the MSO's book.

    What is not promised is not reckoned; nothing is shown of a month before the MSO had books.
    """
    if not terms.shows:
        return
    month = Month.of(row.month).plus(-1)
    try:
        book = health.book_of(row.mso_entity_id, month, party=row.practice.public_id)
    except NoBook:
        return
    ShownFigure.objects.bulk_create(
        ShownFigure(
            practice_id=row.practice_id, settlement=row, month=month.first, code=one.code, value=one.value,
            formula=one.formula[:300], shown_at=at,
        )
        for one in (rules.reckoned(code, book) for code in terms.shows)
    )  # fmt: skip
