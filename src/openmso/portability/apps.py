from django.apps import AppConfig


class PortabilityConfig(AppConfig):
    name = "openmso.portability"
    label = "portability"

    def ready(self) -> None:
        from openmso.platform.access import registry as permissions
        from openmso.platform.audit import registry as sentences
        from openmso.platform.ui import registry as ui
        from openmso.platform.ui.contracts import MenuEntry
        from openmso.portability import contracts

        permissions.add_permissions(contracts.PERMISSIONS)
        sentences.add_sentences(contracts.SENTENCES)
        sentences.add_ungranted(contracts.UNGRANTED)
        ui.menu(
            MenuEntry("portability.take", "Take your data away", "portability:take", contracts.TAKE.code, icon="down",
                      order=940)
        )  # fmt: skip
