"""What compliance tells on home pages: how the arrangements stand, what runs out, and which payments are stopped."""

from __future__ import annotations

from datetime import timedelta

from openmso.compliance.contracts import READ, Standing
from openmso.compliance.queries import register as arrangements
from openmso.compliance.queries import runs
from openmso.platform.access.contracts import Actor
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import Filters, PageAsk, Term, Tone
from openmso.platform.ui.tiles import Board, Figure, Tile, to_list

LIST, RUNS = "compliance:arrangements", "compliance:runs"
AHEAD_DAYS = 90
ALL = 10_000


def register() -> None:
    """Put the tile in; called once at start-up."""
    registry.tile(
        Tile("compliance.arrangements", "Arrangements with referral sources", READ.code, _standing, LIST,
             "All arrangements", span=12, late=True)
    )  # fmt: skip


def _standing(actor: Actor) -> Board:
    rows = arrangements.listing(filters=Filters(), page=PageAsk(size=ALL), at=actor.at).rows
    until = actor.today + timedelta(days=AHEAD_DAYS)

    def stands(one: Standing, tone: Tone = Tone.NONE) -> Figure:
        return Figure(one.label, sum(row.standing is one for row in rows), to_list(LIST, f"is:{one.value}"), tone=tone)

    ends = sum(row.last_on is not None and actor.today <= row.last_on <= until for row in rows)
    opined = sum(row.fmv_on is not None and actor.today <= row.fmv_on <= until for row in rows)
    stopped = runs.runs(filters=Filters((Term("stopped", "=", "yes", "yes"),)), page=PageAsk(size=1)).total or 0
    return Board([
        stands(Standing.ACTIVE),
        stands(Standing.HOLDOVER, Tone.WARN),
        stands(Standing.EXPIRED, Tone.BAD),
        Figure("Ends within 90 days", ends, to_list(LIST, f"ends:>={actor.today} ends:<={until}"), tone=Tone.WARN),
        Figure("Value expires within 90 days", opined, to_list(LIST, f"value:>={actor.today} value:<={until}"),
               tone=Tone.WARN),
        Figure("Runs with stopped payments", stopped, to_list(RUNS, "stopped:yes"), tone=Tone.WARN),
    ])  # fmt: skip
