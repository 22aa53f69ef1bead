"""What agreements tell on home pages: how many are in force, are drafted or come to an end."""

from __future__ import annotations

from openmso.agreements.contracts import READ, InForce
from openmso.agreements.queries import agreements
from openmso.platform.access.contracts import Actor
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import Filters, PageAsk, Tone
from openmso.platform.ui.tiles import Board, Figure, Tile, to_list

LIST = "agreements:agreements"
ALL = 10_000
TOLD = {
    InForce.NOW: Tone.NONE, InForce.AHEAD: Tone.NONE, InForce.DRAFT: Tone.NONE, InForce.ENDING: Tone.WARN,
    InForce.WINDING_DOWN: Tone.WARN,
}  # fmt: skip


def register() -> None:
    """Put the tile in; called once at start-up."""
    registry.tile(
        Tile("agreements.standing", "Agreements", READ.code, _standing, LIST, "All agreements", span=12, late=True)
    )


def _standing(actor: Actor) -> Board:
    rows = agreements.listing(filters=Filters(), page=PageAsk(size=ALL), on=actor.today).rows
    return Board([
        Figure(one.label, sum(row.standing is one for row in rows), to_list(LIST, f"is:{one.value}"), tone=tone)
        for one, tone in TOLD.items()
    ])  # fmt: skip
