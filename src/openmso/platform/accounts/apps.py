from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "openmso.platform.accounts"
    label = "accounts"

    def ready(self) -> None:
        from openmso.platform.accounts import tiles
        from openmso.platform.ui import registry
        from openmso.platform.ui.contracts import MenuEntry

        registry.menu(
            MenuEntry("people", "People", "accounts:people", "access.read", "Settings", icon="people", order=900),
            MenuEntry("tokens", "API tokens", "accounts:tokens", "tokens.read", "Settings", icon="key", order=920),
        )
        tiles.register()
