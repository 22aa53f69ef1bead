from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "openmso.platform.work"
    label = "work"

    def ready(self) -> None:
        from openmso.platform.access import registry as permissions
        from openmso.platform.audit import registry as sentences
        from openmso.platform.work import contracts

        permissions.add_permissions(contracts.PERMISSIONS)
        sentences.add_sentences(contracts.SENTENCES)
