from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "openmso.platform.access"
    label = "access"

    def ready(self) -> None:
        from openmso.platform.access import checks, contracts, registry

        registry.add_permissions(contracts.PERMISSIONS)
        checks.register()
