from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "openmso.claims"
    label = "claims"

    def ready(self) -> None:
        from openmso.agreements import registry as agreements
        from openmso.claims import contracts, menu, tiles
        from openmso.claims.queries import metered, patients, permitted
        from openmso.claims.services import taking, waiting
        from openmso.eligibility import registry as eligibility
        from openmso.exchange import registry as exchange
        from openmso.ledger import registry as ledger
        from openmso.platform.access import registry as permissions
        from openmso.platform.audit import registry as sentences
        from openmso.platform.documents import registry as documents
        from openmso.platform.documents.contracts import MEGABYTE, Purpose
        from openmso.platform.work import registry as work

        permissions.add_permissions(contracts.PERMISSIONS)
        work.add_kinds(waiting.KINDS)
        ledger.add_sources({"claims.claim": ("claims:claim", "Claim")})
        exchange.add_takers(taking.TAKES, app="claims")
        eligibility.tell_usage(permitted.used_of)
        agreements.add_meters(agreements.Meter("claims", metered.sent, "claims:claim", "claims.read"))
        eligibility.tell_served(patients.served)
        menu.register()
        tiles.register()
        sentences.add_sentences(contracts.SENTENCES)
        documents.add_purposes(
            (
                Purpose("claims.batch", "Claims sent", "claims.read", bytes_max=200 * MEGABYTE, look_inside=False),
                Purpose("claims.inquiry", "Question to a payer", "claims.read", bytes_max=50 * MEGABYTE),
                Purpose("claims.acknowledgement", "Acknowledgement of a payer", "claims.read", bytes_max=50 * MEGABYTE),
            )
        )
