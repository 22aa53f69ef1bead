"""What agreements puts into the shell: its line of the menu and its place in the palette."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from openmso.platform.access.contracts import Actor
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import Filters, MenuEntry, PageAsk, PaletteItem, PaletteSource


def register() -> None:
    """Put the entry in; called once at start-up."""
    registry.menu(
        MenuEntry("agreements.agreements", "Agreements", "agreements:agreements", "agreements.read",
                  section="Agreements", icon="pen", order=600, keys="a"),
        MenuEntry("agreements.scope", "Scope", "agreements:scope", "agreements.read",
                  section="Agreements", icon="columns", order=605),
        MenuEntry("agreements.initiatives", "Initiatives", "agreements:initiatives", "agreements.read",
                  section="Agreements", icon="link", order=620),
        MenuEntry("agreements.papers", "Companion papers", "agreements:companions", "agreements.read",
                  section="Agreements", icon="copy", order=610),
        MenuEntry("agreements.clauses", "Clauses", "agreements:clauses", "agreements.read",
                  section="Agreements", icon="doc", order=615),
        MenuEntry("agreements.law", "Rules of law", "agreements:law-rules", "agreements.read",
                  section="Compliance", icon="shield", order=660),
    )  # fmt: skip
    registry.palette(PaletteSource("agreements.find", "Agreements", "find", "agreements.read", _find, order=710))


def _find(actor: Actor, text: str, limit: int) -> Sequence[PaletteItem]:
    """Agreements by the name of their practice."""
    from openmso.agreements.queries import agreements

    found = (
        agreements.listing(filters=Filters(text=text), page=PageAsk(size=limit), on=actor.today).rows if text else ()
    )
    return [
        PaletteItem(row.practice_name, reverse("agreements:agreement", args=[row.public_id]), row.public_id, "pen")
        for row in found
    ]
