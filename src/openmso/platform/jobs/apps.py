from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "openmso.platform.jobs"
    label = "jobs"

    def ready(self) -> None:
        from openmso.platform.access import registry as permissions
        from openmso.platform.audit import registry as sentences
        from openmso.platform.jobs import contracts, tasks, tiles
        from openmso.platform.ui import registry as ui
        from openmso.platform.ui.contracts import MenuEntry

        permissions.add_permissions(contracts.PERMISSIONS)
        sentences.add_sentences(contracts.SENTENCES)
        autodiscover_modules("jobs")
        tasks.declare()
        ui.menu(
            MenuEntry("dead", "Dead letters", "jobs:dead-jobs", contracts.READ.code, "Settings", icon="job", order=950)
        )
        tiles.register()
