from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "openmso.scheduling"
    label = "scheduling"

    def ready(self) -> None:
        from openmso.agreements import registry as agreements
        from openmso.platform.access import registry as permissions
        from openmso.platform.audit import registry as sentences
        from openmso.scheduling import contracts, queries

        permissions.add_permissions(contracts.PERMISSIONS)
        sentences.add_sentences(contracts.SENTENCES)
        agreements.add_meters(agreements.Meter("visits", queries.done_within, "estimates:visit", "estimates.read"))
