"""What eligibility puts into the shell: its line of the menu, its place in the palette, a panel on patients' pages."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from openmso.platform.access.contracts import Actor
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import MenuEntry, PaletteItem, PaletteSource

READ = "eligibility.read"


def register() -> None:
    """Put the entries in; called once at start-up."""
    registry.menu(
        MenuEntry("eligibility.checks", "Coverage", "eligibility:checks", READ, section="Front office", icon="claim",
                  order=150, keys="v", count=_waiting),
        MenuEntry("eligibility.authorizations", "Authorizations", "eligibility:authorizations", READ,
                  section="Front office", icon="shield", order=160),
    )  # fmt: skip
    registry.palette(PaletteSource("eligibility.find", "Coverage checks", "find", READ, _find, order=220))


def _waiting(actor: Actor) -> int:
    """How many checks wait for a person."""
    from openmso.eligibility.queries import checks as queries

    return queries.waiting_count()


def _find(actor: Actor, text: str, limit: int) -> Sequence[PaletteItem]:
    """Checks by their number."""
    from openmso.eligibility.queries import checks as queries

    return [
        PaletteItem(row.public_id, reverse("eligibility:check", args=[row.public_id]),
                    f"{row.patient}, {row.state.label.lower()}", "claim")
        for row in queries.found(text, limit=limit)
    ]  # fmt: skip
