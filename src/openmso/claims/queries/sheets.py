"""The sheets of claims and what else the rules must know, for any number of claims in a dozen questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from openmso.claims.models.claims import Claim
from openmso.claims.queries.desk import Desk
from openmso.claims.rules.sheet import ClaimSheet, Context


def sheets(rows: Sequence[Claim], *, today: date) -> dict[int, tuple[ClaimSheet, Context]]:
    """The sheet and context of every claim, by its key, in the order given."""
    desk = Desk(rows, today=today)
    return {row.id: desk.whole(row) for row in rows}
