from django.apps import AppConfig


class EquityConfig(AppConfig):
    name = "openmso.equity"
    label = "equity"

    def ready(self) -> None:
        from openmso.equity import contracts, menu
        from openmso.equity.contracts import answering, facilities, yearly
        from openmso.equity.queries import paid
        from openmso.governance import registry as governance
        from openmso.ledger import registry as ledger
        from openmso.platform.access import registry as permissions
        from openmso.platform.access import reserved
        from openmso.platform.audit import registry as sentences
        from openmso.platform.documents import registry as documents
        from openmso.platform.work import registry as work

        for room in (contracts, facilities):
            permissions.add_permissions(room.PERMISSIONS)
            sentences.add_sentences(room.SENTENCES)
            ledger.add_sources(room.SOURCES)
            work.add_kinds(room.KINDS)
        permissions.add_permissions(answering.PERMISSIONS)
        reserved.add_acts(contracts.ACTS)
        work.add_kinds(answering.KINDS)
        sentences.add_sentences(yearly.SENTENCES)
        documents.add_purposes(yearly.PURPOSES)
        governance.add_payments("equity", contracts.READ.code, paid.paid)
        menu.register()
