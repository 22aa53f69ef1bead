from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "openmso.billing"
    label = "billing"

    def ready(self) -> None:
        from openmso.billing import contracts, menu, subscribers  # noqa: F401 - subscribes
        from openmso.ledger import registry as sources
        from openmso.platform.access import registry as access
        from openmso.platform.audit import registry as audit
        from openmso.platform.work import registry as work

        access.add_permissions(contracts.PERMISSIONS)
        audit.add_sentences(contracts.SENTENCES)
        work.add_kinds(contracts.KINDS)
        sources.add_sources({contracts.PAYMENT: ("billing:payment", "Patient's payment")})
        menu.register()
