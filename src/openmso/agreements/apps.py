from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "openmso.agreements"
    label = "agreements"

    def ready(self) -> None:
        from openmso.agreements import contracts, menu, registry, tiles
        from openmso.agreements.initiatives import contracts as initiatives
        from openmso.agreements.paper import companions
        from openmso.agreements.paper import contracts as paper
        from openmso.agreements.queries import agreements, metered
        from openmso.agreements.tasks import contracts as tasks
        from openmso.platform.access import registry as permissions
        from openmso.platform.audit import registry as sentences
        from openmso.platform.documents import registry as documents
        from openmso.platform.work import registry as work

        permissions.add_permissions(
            [*contracts.PERMISSIONS, *paper.PERMISSIONS, *tasks.PERMISSIONS, *initiatives.PERMISSIONS]
        )
        permissions.add_signers(agreements.signers_for)
        sentences.add_sentences(
            {
                **contracts.SENTENCES,
                **paper.SENTENCES,
                **companions.SENTENCES,
                **tasks.SENTENCES,
                **initiatives.SENTENCES,
            }
        )
        documents.add_purposes([*contracts.PURPOSES, *paper.PURPOSES, companions.PURPOSE])
        work.add_kinds([*contracts.KINDS, *paper.KINDS, companions.WORK])
        registry.add_meters(
            registry.Meter("providers", metered.at_work, "parties:clinician", again=True),
            registry.Meter("ftes", metered.full_time, "parties:clinician", again=True),
            registry.Meter("tasks", metered.closed, "work:item", find_of_kind=metered.closed_of_kind),
        )
        menu.register()
        tiles.register()
