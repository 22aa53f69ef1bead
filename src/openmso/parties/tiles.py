"""What parties tell on home pages: the practices one serves."""

from __future__ import annotations

from django.urls import reverse

from openmso.parties.contracts import READ
from openmso.parties.queries import practices
from openmso.platform.access.contracts import Actor
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.platform.ui.tiles import Board, Line, Tile

LIST = "parties:practices"
SHOWN_MAX = 12


def register() -> None:
    """Put the tile in; called once at start-up."""
    registry.tile(Tile("parties.practices", "Practices", READ.code, _practices, LIST, "All practices", span=6))


def _practices(actor: Actor) -> Board:
    found = practices.listing(filters=Filters(), page=PageAsk(size=SHOWN_MAX))
    if not found.rows:
        return Board(words="No practice is assigned to you yet.")
    lines = [
        Line(row.name, reverse("parties:practice", args=[row.public_id]),
             (row.specialty.label, row.state, row.clinicians, row.sites))
        for row in found.rows
    ]  # fmt: skip
    return Board(heads=("Practice", "Specialty", "State", "Clinicians", "Sites"), lines=lines)
