from django.apps import AppConfig


class EligibilityConfig(AppConfig):
    name = "openmso.eligibility"
    label = "eligibility"

    def ready(self) -> None:
        from openmso.agreements import registry as agreements
        from openmso.eligibility import contracts, menu
        from openmso.eligibility.queries import metered
        from openmso.exchange import registry as exchange
        from openmso.platform.access import registry as access
        from openmso.platform.audit import registry as audit
        from openmso.platform.documents import registry as documents
        from openmso.platform.work import registry as work

        access.add_permissions(contracts.PERMISSIONS)
        audit.add_sentences(contracts.SENTENCES)
        documents.add_purposes(contracts.PURPOSES)
        work.add_kinds(contracts.KINDS)
        exchange.add_takers(("271", "278"), app="eligibility")
        agreements.add_meters(
            agreements.Meter("eligibility_checks", metered.answered, "eligibility:check", contracts.READ.code),
            agreements.Meter("authorizations", metered.asked, "eligibility:request", contracts.READ.code),
        )
        menu.register()
