from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "openmso.compliance"
    label = "compliance"

    def ready(self) -> None:
        from openmso.compliance import contracts, menu, tiles
        from openmso.compliance.queries import runs
        from openmso.governance import registry as governance
        from openmso.platform.access import registry as permissions
        from openmso.platform.audit import registry as sentences
        from openmso.platform.documents import registry as documents
        from openmso.platform.work import registry as work

        permissions.add_permissions(contracts.PERMISSIONS)
        sentences.add_sentences(contracts.SENTENCES)
        documents.add_purposes(contracts.PURPOSES)
        work.add_kinds(contracts.KINDS)
        governance.add_payments("compliance", contracts.READ.code, runs.paid)
        menu.register()
        tiles.register()
