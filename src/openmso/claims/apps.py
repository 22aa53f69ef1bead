from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "openmso.claims"
    label = "claims"

    def ready(self) -> None:
        from openmso.claims import contracts
        from openmso.platform.access import registry as permissions
        from openmso.platform.audit import registry as sentences

        permissions.add_permissions(contracts.PERMISSIONS)
        sentences.add_sentences(contracts.SENTENCES)
