from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "openmso.intake"
    label = "intake"

    def ready(self) -> None:
        from openmso.intake import contracts, menu, tiles
        from openmso.platform.access import registry as permissions
        from openmso.platform.audit import registry as sentences
        from openmso.platform.documents import registry as documents
        from openmso.platform.documents.contracts import MEGABYTE, Purpose

        permissions.add_permissions(contracts.PERMISSIONS)
        menu.register()
        tiles.register()
        sentences.add_sentences(contracts.SENTENCES)
        documents.add_purposes(
            (
                Purpose("intake.file", "Visits of a practice", bytes_max=100 * MEGABYTE),
                Purpose("intake.code_map", "Code map of an intake", bytes_max=5 * MEGABYTE),
            )
        )
