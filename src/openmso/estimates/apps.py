from django.apps import AppConfig


class EstimatesConfig(AppConfig):
    name = "openmso.estimates"
    label = "estimates"

    def ready(self) -> None:
        from openmso.estimates import contracts, menu, subscribers  # noqa: F401 - subscribes
        from openmso.platform.access import registry as permissions
        from openmso.platform.audit import registry as sentences
        from openmso.platform.documents import registry as documents
        from openmso.platform.work import registry as work

        permissions.add_permissions(contracts.PERMISSIONS)
        sentences.add_sentences(contracts.SENTENCES)
        documents.add_purposes(contracts.PURPOSES)
        work.add_kinds(contracts.KINDS)
        menu.register()
