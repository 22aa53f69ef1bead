from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "openmso.platform.ui"
    label = "ui"

    def ready(self) -> None:
        from openmso.platform.ui import registry

        registry.register_checks()
