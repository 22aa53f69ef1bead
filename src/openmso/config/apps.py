"""The composition root as an app: what only the whole can know is declared here, once, at start-up."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "openmso.config"
    label = "config"

    def ready(self) -> None:
        from openmso.config.api import api
        from openmso.config.roles import ROLES
        from openmso.platform.access import registry
        from openmso.platform.api import checks

        registry.set_roles(ROLES)
        checks.register(api)
