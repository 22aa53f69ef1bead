"""What agreements puts into the shell: its line of the menu."""

from __future__ import annotations

from openmso.platform.ui import registry
from openmso.platform.ui.contracts import MenuEntry


def register() -> None:
    """Put the entry in; called once at start-up."""
    registry.menu(
        MenuEntry("agreements.agreements", "Agreements", "agreements:agreements", "agreements.read", section="Network",
                  icon="pen", order=710, keys="a"),
    )  # fmt: skip
