from django.apps import AppConfig


class SettlementConfig(AppConfig):
    name = "openmso.settlement"
    label = "settlement"

    def ready(self) -> None:
        from openmso.ledger import registry as ledger
        from openmso.platform.access import registry as access
        from openmso.platform.audit import registry as audit
        from openmso.platform.documents import registry as documents
        from openmso.platform.work import registry as work
        from openmso.settlement import contracts, screens, tiles

        access.add_permissions(contracts.PERMISSIONS)
        audit.add_sentences(contracts.SENTENCES)
        ledger.add_sources({contracts.SOURCE: ("settlement:statement", "Statement")})
        documents.add_purposes(contracts.PURPOSES)
        work.add_kinds(contracts.WORK_KINDS)
        screens.register()
        tiles.register()
