from django.apps import AppConfig


class RemittancesConfig(AppConfig):
    name = "openmso.remittances"
    label = "remittances"

    def ready(self) -> None:
        from openmso.agreements import registry as agreements
        from openmso.exchange import registry as exchange
        from openmso.ledger import registry as sources
        from openmso.platform.access import registry as access
        from openmso.platform.audit import registry as audit
        from openmso.platform.documents import registry as documents
        from openmso.platform.work import registry as work
        from openmso.remittances import contracts, menu, tiles
        from openmso.remittances.queries import metered
        from openmso.remittances.services import taking

        access.add_permissions(contracts.PERMISSIONS)
        audit.add_sentences(contracts.SENTENCES)
        documents.add_purposes(contracts.PURPOSES)
        work.add_kinds(contracts.KINDS)
        sources.add_sources(
            {
                contracts.PAYMENT: ("remittances:payment", "Payment"),
                contracts.ADJUSTMENT: ("remittances:adjustment", "Provider adjustment"),
                contracts.DEPOSIT: ("remittances:deposit", "Deposit"),
            }
        )
        exchange.add_takers(taking.TAKES, app="remittances")
        agreements.add_meters(
            agreements.Meter("payments_posted", metered.posted, "remittances:payment", contracts.READ.code)
        )
        menu.register()
        tiles.register()
