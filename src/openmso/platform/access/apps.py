from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "openmso.platform.access"
    label = "access"

    def ready(self) -> None:
        from openmso.platform.access import checks, contracts, registry, sentences
        from openmso.platform.audit import registry as audit

        registry.add_permissions(contracts.PERMISSIONS)
        audit.add_sentences(sentences.SENTENCES)
        audit.add_readings({"access.line": registry.line_words, "access.role": registry.role_words})
        checks.register()
