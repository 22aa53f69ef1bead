"""What claims puts into the shell: its lines of the menu and its place in the palette."""

from __future__ import annotations

from collections.abc import Sequence

from openmso.platform.access.contracts import Actor
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import MenuEntry, PaletteItem, PaletteSource


def register() -> None:
    """Put the entries in; called once at start-up."""
    registry.menu(
        MenuEntry(
            "claims.worklist",
            "Claims",
            "claims:worklist",
            "claims.read",
            section="Revenue",
            icon="claim",
            order=200,
            keys="c",
            count=_waiting,
        ),
        MenuEntry(
            "claims.batches", "Batches", "claims:batches", "claims.read", section="Revenue", icon="send", order=210
        ),
    )
    registry.menu(
        MenuEntry(
            "claims.rules", "Scrub rules", "claims:rules", "claims.read", section="Revenue", icon="check", order=220
        ),
        MenuEntry(
            "claims.follow_up", "Follow-up", "claims:follow_up", "claims.read", section="Revenue", icon="go", order=212
        ),
    )
    registry.palette(PaletteSource("claims.find", "Claims", "find", "claims.read", _find, order=200))


def _waiting(actor: Actor) -> int:
    """How many claims wait for a biller."""
    from openmso.claims.queries import worklist

    return worklist.waiting_count()


def _find(actor: Actor, text: str, limit: int) -> Sequence[PaletteItem]:
    """Claims by their number, or by the patient's name."""
    from openmso.claims.queries import worklist

    return [
        PaletteItem(row.public_id, f"/claims/{row.public_id}/", f"{row.patient}, {row.state.label.lower()}", "claim")
        for row in worklist.found(text, limit=limit)
    ]
