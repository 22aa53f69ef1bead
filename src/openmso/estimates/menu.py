"""What estimates puts into the shell: its lines of the menu."""

from __future__ import annotations

from openmso.estimates.contracts import READ
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import MenuEntry


def register() -> None:
    """Put them in; called once at start-up."""
    registry.menu(
        MenuEntry("estimates.desk", "Front desk", "estimates:desk", READ.code, section="Front office", icon="inbox",
                  order=140),
        MenuEntry("estimates.estimates", "Estimates", "estimates:estimates", READ.code, section="Front office",
                  icon="doc", order=155),
    )  # fmt: skip
