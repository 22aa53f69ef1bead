"""What leaving puts into the shell: its line of the menu and its place in the palette."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from openmso.leaving.contracts import LEAVE, READ
from openmso.platform.access.contracts import Actor
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import MenuEntry, PaletteItem, PaletteSource


def register() -> None:
    """Put them in; called once at start-up."""
    registry.menu(
        MenuEntry("leaving.exits", "Exits", "leaving:exits", READ.code, section="Agreements", icon="out", order=625)
    )
    registry.palette(PaletteSource("leaving.leave", "Leaving", "do", LEAVE.code, _leave, order=726))


def _leave(actor: Actor, text: str, limit: int) -> Sequence[PaletteItem]:
    words = "Leave the MSO: give notice"
    return [PaletteItem(words, reverse("leaving:new"), icon="out")] if text.lower() in words.lower() else []
