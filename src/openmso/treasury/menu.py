"""What treasury puts into the shell."""

from __future__ import annotations

from openmso.platform.ui import registry
from openmso.platform.ui.contracts import MenuEntry
from openmso.treasury.contracts import READ


def register() -> None:
    """Put the entries in; called once at start-up."""
    registry.menu(
        MenuEntry("treasury.runs", "Waterfall", "treasury:runs", READ.code, section="Finance", icon="down", order=430),
        MenuEntry("treasury.accounts", "Deposit accounts", "treasury:accounts", READ.code, section="Finance",
                  icon="lock", order=432),
        MenuEntry("treasury.loans", "Deficit loans", "treasury:loans", READ.code, section="Finance", icon="ledger",
                  order=434),
        MenuEntry("treasury.files", "Bank files", "treasury:files", READ.code, section="Finance", icon="send",
                  order=436),
    )  # fmt: skip
