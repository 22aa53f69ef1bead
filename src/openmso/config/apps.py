"""The composition root as an app: what only the whole can know is declared here, once, at start-up."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "openmso.config"
    label = "config"

    def ready(self) -> None:
        from openmso.config import home, retired  # noqa: F401 - hooks its check into the start
        from openmso.config.roles import ROLES
        from openmso.platform.access import registry
        from openmso.platform.api import checks
        from openmso.platform.ui import registry as ui
        from openmso.platform.ui.contracts import MenuEntry

        registry.set_roles(ROLES)
        ui.house(home.house)
        ui.role(home.role)
        ui.menu(MenuEntry("home", "Home", "home", "", icon="home", order=10, keys="h"))
        checks.register("openmso.config.api.api")
