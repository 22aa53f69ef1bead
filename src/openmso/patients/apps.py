from django.apps import AppConfig


class PatientsConfig(AppConfig):
    name = "openmso.patients"
    label = "patients"

    def ready(self) -> None:
        from openmso.patients import contracts
        from openmso.platform.access import registry as permissions
        from openmso.platform.audit import registry as sentences

        permissions.add_permissions(contracts.PERMISSIONS)
        sentences.add_sentences(contracts.SENTENCES)
