"""What banking puts into the shell."""

from __future__ import annotations

from openmso.platform.ui import registry
from openmso.platform.ui.contracts import MenuEntry


def register() -> None:
    """Put the entries in; called once at start-up."""
    registry.menu(
        MenuEntry("banking.lines", "Bank", "banking:lines", "banking.read", section="Finance", icon="bank", order=520,
                  keys="b"),
    )  # fmt: skip
