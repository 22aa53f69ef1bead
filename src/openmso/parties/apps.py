from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "openmso.parties"
    label = "parties"

    def ready(self) -> None:
        from openmso.parties import contracts, menu, tiles
        from openmso.platform.access import registry as permissions
        from openmso.platform.access import reserved
        from openmso.platform.audit import registry as sentences

        permissions.add_permissions(contracts.PERMISSIONS)
        reserved.add_acts(contracts.ACTS)
        sentences.add_sentences(contracts.SENTENCES)
        menu.register()
        tiles.register()
