from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "openmso.platform.audit"
    label = "audit"

    def ready(self) -> None:
        from openmso.platform.access import registry as permissions
        from openmso.platform.audit import contracts, tiles
        from openmso.platform.ui import registry as ui
        from openmso.platform.ui.contracts import MenuEntry

        permissions.add_permissions(contracts.PERMISSIONS)
        ui.menu(
            MenuEntry(
                "audit", "Audit trail", "audit:events", contracts.READ_TRAIL.code, "Settings", icon="history", order=940
            )
        )
        tiles.register()
