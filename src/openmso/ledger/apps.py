from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "openmso.ledger"
    label = "ledger"

    def ready(self) -> None:
        from openmso.ledger import contracts, events, menu, tiles
        from openmso.platform.access import registry as access
        from openmso.platform.audit import registry as audit

        access.add_permissions(contracts.PERMISSIONS)
        audit.add_sentences(events.SENTENCES)
        menu.register()
        tiles.register()
