from django.apps import AppConfig


class LeavingConfig(AppConfig):
    name = "openmso.leaving"
    label = "leaving"

    def ready(self) -> None:
        from openmso.leaving import contracts, menu
        from openmso.platform.access import registry as permissions
        from openmso.platform.audit import registry as sentences
        from openmso.platform.documents import registry as documents
        from openmso.platform.work import registry as work

        permissions.add_permissions(contracts.PERMISSIONS)
        sentences.add_sentences(contracts.SENTENCES)
        documents.add_purposes(contracts.PURPOSES)
        work.add_kinds(contracts.KINDS)
        menu.register()
