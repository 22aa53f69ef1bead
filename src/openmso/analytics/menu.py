"""What analytics puts into the shell: its line of the menu, and figures in the palette."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from openmso.analytics.contracts import READ
from openmso.analytics.rules.catalogue import KPIS
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import MenuEntry, PaletteItem, PaletteSource


def register() -> None:
    """Put the entries in; called once at start-up."""
    registry.menu(
        MenuEntry("analytics.board", "Key figures", "analytics:board", READ.code, section="Revenue", icon="chart",
                  order=290, keys="f"),
    )  # fmt: skip
    registry.palette(PaletteSource("analytics.find", "Key figures", "find", READ.code, _find, order=450))


def _find(actor: Any, text: str, limit: int) -> Sequence[PaletteItem]:
    words = text.strip().lower()
    found = [one for one in KPIS if words and words in one.title.lower()]
    return [
        PaletteItem(one.title, reverse("analytics:figure", args=[one.code]), "Key figure", "chart")
        for one in found[:limit]
    ]
