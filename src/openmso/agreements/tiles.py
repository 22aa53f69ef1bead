"""What agreements tell on home pages: how many are in force, are drafted or come to an end; and what was agreed."""

from __future__ import annotations

from django.urls import reverse

from openmso.agreements.contracts import READ, InForce
from openmso.agreements.queries import agreements
from openmso.kit.words import counted
from openmso.platform.access.contracts import Actor
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import Filters, PageAsk, Tone
from openmso.platform.ui.tiles import Board, Figure, Line, Tile, to_list

LIST = "agreements:agreements"
ALL = 10_000
TERMS_SHOWN = 5
TOLD = {
    InForce.NOW: Tone.NONE, InForce.AHEAD: Tone.NONE, InForce.DRAFT: Tone.NONE, InForce.ENDING: Tone.WARN,
    InForce.WINDING_DOWN: Tone.WARN,
}  # fmt: skip


def register() -> None:
    """Put the tile in; called once at start-up."""
    registry.tile(
        Tile("agreements.standing", "Agreements", READ.code, _standing, LIST, "All agreements", span=12, late=True)
    )
    registry.tile(Tile("agreements.terms", "The agreement", READ.code, _terms, LIST, "All agreements", span=12))


def _terms(actor: Actor) -> Board:
    """The terms of each agreement in words; those of a draft too, for whoever thinks of joining."""
    rows = agreements.listing(filters=Filters(), page=PageAsk(size=TERMS_SHOWN), on=actor.today).rows
    lines = [
        Line(
            f"{row.mode.label} of {row.practice_name}", reverse("agreements:agreement", args=[row.public_id]),
            (row.standing, row.fee, row.starts_on), hint=counted(row.lines, "service line"),
        )
        for row in rows
    ]  # fmt: skip
    words = "" if lines else "No agreement is drafted yet."
    return Board(heads=("Agreement", "Standing", "Fee", "From") if lines else (), lines=lines, words=words)


def _standing(actor: Actor) -> Board:
    rows = agreements.listing(filters=Filters(), page=PageAsk(size=ALL), on=actor.today).rows
    return Board([
        Figure(one.label, sum(row.standing is one for row in rows), to_list(LIST, f"is:{one.value}"), tone=tone)
        for one, tone in TOLD.items()
    ])  # fmt: skip
