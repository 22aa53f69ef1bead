from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "openmso.intake"
    label = "intake"

    def ready(self) -> None:
        from openmso.intake import contracts
        from openmso.platform.access import registry as permissions
        from openmso.platform.audit import registry as sentences

        permissions.add_permissions(contracts.PERMISSIONS)
        sentences.add_sentences(contracts.SENTENCES)
