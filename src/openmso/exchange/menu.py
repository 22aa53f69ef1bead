"""What exchange puts into the shell."""

from __future__ import annotations

from openmso.exchange.contracts import KEEP, READ
from openmso.platform.ui import registry
from openmso.platform.ui.contracts import MenuEntry


def register() -> None:
    """Put the entries in; called once at start-up."""
    registry.menu(
        MenuEntry("exchange.transmissions", "Transmissions", "exchange:transmissions", READ.code, section="Revenue",
                  icon="send", order=215),
        MenuEntry("exchange.enrolments", "EDI enrolments", "exchange:enrolments", READ.code, section="Network",
                  icon="doc", order=742),
        MenuEntry("exchange.routes", "Routes", "exchange:routes", READ.code, section="Network", icon="go", order=740),
        MenuEntry("exchange.mailbox", "Mailbox", "exchange:arrivals", KEEP.code, section="Network", icon="inbox",
                  order=745),
    )  # fmt: skip
