from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "openmso.platform.ui"
    label = "ui"

    def ready(self) -> None:
        from openmso.platform.audit import registry as audit
        from openmso.platform.ui import registry, trail

        audit.add_sentences(trail.SENTENCES)
        audit.add_readings({"ui.format": str.upper})
        registry.register_checks()
