from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "openmso.platform.vault"
    label = "vault"

    def ready(self) -> None:
        from openmso.platform.access import registry as permissions
        from openmso.platform.audit import registry as sentences
        from openmso.platform.vault import contracts

        permissions.add_permissions(contracts.PERMISSIONS)
        sentences.add_sentences(contracts.SENTENCES)
