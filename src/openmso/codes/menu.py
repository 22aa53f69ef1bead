"""What codes puts into the shell."""

from __future__ import annotations

from openmso.platform.ui import registry
from openmso.platform.ui.contracts import MenuEntry


def register() -> None:
    """Put the entry in; called once at start-up."""
    registry.menu(
        MenuEntry("codes.codes", "Code sets", "codes:codes", "codes.read", section="Network", icon="doc", order=725)
    )
