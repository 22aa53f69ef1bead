from django.apps import AppConfig


class CodesConfig(AppConfig):
    name = "openmso.codes"
    label = "codes"

    def ready(self) -> None:
        from openmso.codes import contracts, menu
        from openmso.platform.access import registry as access
        from openmso.platform.audit import registry as audit
        from openmso.platform.documents import registry as documents

        access.add_permissions(contracts.PERMISSIONS)
        audit.add_sentences(contracts.SENTENCES)
        documents.add_purposes(contracts.PURPOSES)
        menu.register()
