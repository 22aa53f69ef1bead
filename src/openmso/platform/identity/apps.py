from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "openmso.platform.identity"
    label = "identity"

    def ready(self) -> None:
        from openmso.platform.access import registry
        from openmso.platform.audit import registry as audit
        from openmso.platform.identity import contracts, receivers, sentences

        registry.add_permissions(contracts.PERMISSIONS)
        audit.add_sentences(sentences.SENTENCES)
        audit.add_readings(sentences.READINGS)
        audit.add_ungranted(sentences.UNGRANTED)
        receivers.connect()
