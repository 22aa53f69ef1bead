from django.apps import AppConfig


class TreasuryConfig(AppConfig):
    name = "openmso.treasury"
    label = "treasury"

    def ready(self) -> None:
        from openmso.governance import registry as governance
        from openmso.ledger import registry as ledger
        from openmso.platform.access import registry as access
        from openmso.platform.audit import registry as audit
        from openmso.platform.documents import registry as documents
        from openmso.platform.work import registry as work
        from openmso.treasury import contracts, menu, subscribers  # noqa: F401 - subscribes
        from openmso.treasury.queries import paying

        access.add_permissions(contracts.PERMISSIONS)
        audit.add_sentences(contracts.SENTENCES)
        ledger.add_sources({contracts.RUNS: ("treasury:run", "Run of payments")})
        documents.add_purposes(contracts.PURPOSES)
        work.add_kinds(contracts.KINDS)
        governance.add_payments("treasury", contracts.READ.code, paying.paid)
        menu.register()
