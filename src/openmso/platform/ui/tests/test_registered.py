"""What the apps really put into the shell."""

from __future__ import annotations

from openmso.platform.ui import registry


def test_every_registered_entry_leads_somewhere_and_asks_for_a_permission_that_exists() -> None:
    assert list(registry.faults()) == []


def test_every_entry_of_the_menu_asks_for_a_permission() -> None:
    """The home page and one's own settings are for anybody signed in; everything else is guarded."""
    unguarded = {entry.key for entry in registry._menu.values() if not entry.permission}

    assert unguarded <= {"home"}
