from django.apps import AppConfig


class DenialsConfig(AppConfig):
    name = "openmso.denials"
    label = "denials"

    def ready(self) -> None:
        from openmso.agreements import registry as agreements
        from openmso.claims import registry as claims
        from openmso.denials import contracts, menu
        from openmso.denials.queries import metered, queue
        from openmso.ledger import registry as sources
        from openmso.platform.access import registry as access
        from openmso.platform.audit import registry as audit
        from openmso.platform.documents import registry as documents
        from openmso.platform.work import registry as work

        access.add_permissions(contracts.PERMISSIONS)
        audit.add_sentences(contracts.SENTENCES)
        documents.add_purposes(contracts.PURPOSES)
        work.add_kinds(contracts.KINDS)
        sources.add_sources({contracts.DENIAL: ("denials:denial", "Denial")})
        claims.pursues(queue.words_of_claims)
        agreements.add_meters(
            agreements.Meter("denials_worked", metered.worked, "denials:denial", contracts.READ.code),
            agreements.Meter("appeals", metered.appeals, "denials:appeal", contracts.READ.code),
        )
        menu.register()
