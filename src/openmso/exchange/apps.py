from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "openmso.exchange"
    label = "exchange"

    def ready(self) -> None:
        from openmso.exchange import contracts, menu
        from openmso.platform.access import registry as access
        from openmso.platform.audit import registry as audit
        from openmso.platform.documents import registry as documents
        from openmso.platform.work import registry as work

        access.add_permissions(contracts.PERMISSIONS)
        audit.add_sentences(contracts.SENTENCES)
        documents.add_purposes(contracts.PURPOSES)
        work.add_kinds(contracts.KINDS)
        menu.register()
