from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "openmso.billing"
    label = "billing"

    def ready(self) -> None:
        from django.conf import settings

        from openmso.billing import contracts, mailing, menu, registry, subscribers  # noqa: F401 - subscribes
        from openmso.ledger import registry as sources
        from openmso.platform.access import registry as access
        from openmso.platform.audit import registry as audit
        from openmso.platform.documents import registry as documents
        from openmso.platform.work import registry as work

        access.add_permissions(contracts.PERMISSIONS)
        audit.add_sentences(contracts.SENTENCES)
        audit.add_ungranted(contracts.UNGRANTED)
        documents.add_purposes(contracts.PURPOSES)
        work.add_kinds(contracts.KINDS)
        sources.add_sources(
            {
                contracts.PAYMENT: ("billing:payment", "Patient's payment"),
                contracts.SLIP: ("billing:slip", "Deposit of patients' payments"),
                contracts.REFUND: ("billing:refund", "Refund"),
                contracts.OVERPAYMENT: ("billing:overpayment", "Overpayment"),
            }
        )
        if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
            registry.connect(mailing.Mail(), contracts.Way.EMAIL)
        menu.register()
