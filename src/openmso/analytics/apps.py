from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "openmso.analytics"
    label = "analytics"

    def ready(self) -> None:
        from openmso.analytics import contracts, menu
        from openmso.platform.access import registry as access
        from openmso.platform.audit import registry as audit

        access.add_permissions(contracts.PERMISSIONS)
        audit.add_sentences(contracts.SENTENCES)
        menu.register()
