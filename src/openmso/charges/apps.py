from django.apps import AppConfig


class ChargesConfig(AppConfig):
    name = "openmso.charges"
    label = "charges"

    def ready(self) -> None:
        from openmso.charges import contracts, menu
        from openmso.platform.access import registry as permissions
        from openmso.platform.access import reserved
        from openmso.platform.audit import registry as sentences

        permissions.add_permissions(contracts.PERMISSIONS)
        reserved.add_acts(contracts.ACTS)
        sentences.add_sentences(contracts.SENTENCES)
        menu.register()
