from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "openmso.governance"
    label = "governance"

    def ready(self) -> None:
        from openmso.governance import contracts, menu, registry
        from openmso.governance.services import permits
        from openmso.platform.access import registry as permissions
        from openmso.platform.access import reserved
        from openmso.platform.audit import registry as sentences
        from openmso.platform.documents import registry as documents
        from openmso.platform.work import registry as work

        permissions.add_permissions(contracts.PERMISSIONS)
        sentences.add_sentences(contracts.SENTENCES)
        documents.add_purposes(contracts.PURPOSES)
        work.add_kinds(contracts.KINDS)
        registry.add_subjects(
            {
                contracts.SUBJECT: ("governance:proposal", "Proposal"),
                contracts.MEETING: ("governance:meeting", "Meeting"),
                contracts.BUDGET: ("governance:budget", "Budget"),
            }
        )
        reserved.attach(permits.keep)
        menu.register()
