from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TenancyConfig(AppConfig):
    name = "openmso.platform.tenancy"
    label = "tenancy"

    def ready(self) -> None:
        from openmso.platform.tenancy import keys, walls

        keys.register()
        post_migrate.connect(walls.after_migrate, sender=self, dispatch_uid="tenancy.walls")
