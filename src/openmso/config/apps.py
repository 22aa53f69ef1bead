"""The composition root as an app: what only the whole can know is declared here, once, at start-up."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "openmso.config"
    label = "config"

    def ready(self) -> None:
        from openmso.config.roles import ROLES
        from openmso.platform.access import registry

        registry.set_roles(ROLES)
