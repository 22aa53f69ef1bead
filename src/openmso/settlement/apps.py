from django.apps import AppConfig


class SettlementConfig(AppConfig):
    name = "openmso.settlement"
    label = "settlement"

    def ready(self) -> None:
        from openmso.agreements import registry as agreements
        from openmso.governance import registry as governance
        from openmso.ledger import registry as ledger
        from openmso.platform.access import registry as access
        from openmso.platform.audit import registry as audit
        from openmso.platform.documents import registry as documents
        from openmso.platform.work import registry as work
        from openmso.settlement import contracts, formulas, screens, tiles
        from openmso.settlement.queries import costs

        agreements.add_figures(*formulas.figures())
        access.add_permissions(contracts.PERMISSIONS)
        audit.add_sentences(contracts.SENTENCES)
        ledger.add_sources(
            {
                contracts.SOURCE: ("settlement:statement", "Statement"),
                contracts.REBATE: ("settlement:rebate", "Rebate"),
            }
        )
        documents.add_purposes(contracts.PURPOSES)
        work.add_kinds(contracts.WORK_KINDS)
        governance.add_subjects({contracts.DISPUTED: ("settlement:dispute", "Dispute of an invoice")})
        governance.add_payments("settlement", contracts.READ.code, costs.paid)
        screens.register()
        tiles.register()
