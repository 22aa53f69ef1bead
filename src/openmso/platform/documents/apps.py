from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "openmso.platform.documents"
    label = "documents"

    def ready(self) -> None:
        from openmso.platform.access import registry as permissions
        from openmso.platform.audit import registry as sentences
        from openmso.platform.documents import contracts, registry
        from openmso.platform.ui import registry as ui
        from openmso.platform.ui.contracts import MenuEntry

        permissions.add_permissions(contracts.PERMISSIONS)
        sentences.add_sentences(contracts.SENTENCES)
        sentences.add_readings({"documents.purpose": registry.words_of})
        ui.menu(MenuEntry("files", "Files", "documents:documents", contracts.READ.code, icon="doc", order=190))
