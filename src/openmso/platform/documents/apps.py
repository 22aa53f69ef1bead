from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "openmso.platform.documents"
    label = "documents"

    def ready(self) -> None:
        from openmso.platform.access import registry as permissions
        from openmso.platform.audit import registry as sentences
        from openmso.platform.documents import contracts

        permissions.add_permissions(contracts.PERMISSIONS)
        sentences.add_sentences(contracts.SENTENCES)
