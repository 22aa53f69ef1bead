"""What remittances tell on home pages: money to be matched, in both directions, and what was posted today."""

from __future__ import annotations

from django.urls import reverse

from openmso.kit.words import counted
from openmso.platform.access.contracts import Actor
from openmso.platform.ui import registry
from openmso.platform.ui.cells import money_text
from openmso.platform.ui.contracts import Filters, Term, Tone
from openmso.platform.ui.tiles import Board, Figure, Tile, to_list
from openmso.remittances.contracts import READ, FileState
from openmso.remittances.queries import banked, files, payments

LIST = "remittances:remittances"
STOPPED = (FileState.QUARANTINED, FileState.HELD)


def register() -> None:
    """Put the tile in; called once at start-up."""
    registry.tile(
        Tile("remittances.money", "Money from payers", READ.code, _money, LIST, "All remittances", span=12, late=True),
    )  # fmt: skip


def _money(actor: Actor) -> Board:
    today = actor.today
    posted = files.tally(filters=Filters((Term("posted", "=", today, str(today)),)))
    waiting = banked.tally_awaited(filters=Filters(), on=today)
    lines = banked.tally_unexplained(filters=Filters(), on=today)
    unmatched = payments.tally_unmatched()
    stopped = files.tally_files(states=STOPPED).total
    return Board((
        Figure("Posted today", posted.totals["amount"], to_list(LIST, f"posted:{today}"),
               counted(posted.total, "remittance")),
        Figure("Payments without a claim", unmatched.total, reverse("remittances:unmatched"),
               f"{money_text(unmatched.totals['paid'])} paid" if unmatched.total else "", Tone.WARN),
        Figure("Not in the bank yet", waiting.totals["amount"], reverse("remittances:deposits"),
               counted(waiting.total, "remittance")),
        Figure("In the bank, unexplained", lines.totals["amount"], reverse("remittances:unexplained"),
               counted(lines.total, "bank line"), Tone.WARN),
        Figure("Files stopped", stopped, to_list("remittances:files", "is:quarantined is:held"), tone=Tone.BAD),
    ))  # fmt: skip
