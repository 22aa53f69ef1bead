"""What parties puts into the shell: its lines of the menu and its places in the palette."""

from __future__ import annotations

from openmso.platform.ui import registry
from openmso.platform.ui.contracts import MenuEntry


def register() -> None:
    """Put the entries in; called once at start-up."""
    registry.menu(
        MenuEntry("parties.practices", "Practices", "parties:practices", "parties.read", section="Network",
                  icon="people", order=700, keys="p"),
        MenuEntry("parties.payers", "Payers", "parties:payers", "parties.read", section="Network", icon="bank",
                  order=720),
        MenuEntry("parties.mso", "The MSO", "parties:mso", "parties.read", section="Network", icon="shield", order=730),
    )  # fmt: skip
