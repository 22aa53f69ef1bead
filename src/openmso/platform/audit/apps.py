from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "openmso.platform.audit"
    label = "audit"

    def ready(self) -> None:
        from openmso.platform.access import registry as permissions
        from openmso.platform.audit import contracts

        permissions.add_permissions(contracts.PERMISSIONS)
