from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "openmso.platform.work"
    label = "work"

    def ready(self) -> None:
        from openmso.platform.access import registry as permissions
        from openmso.platform.audit import registry as sentences
        from openmso.platform.ui import registry as ui
        from openmso.platform.ui.contracts import MenuEntry
        from openmso.platform.work import contracts, queries, tiles

        permissions.add_permissions(contracts.PERMISSIONS)
        sentences.add_sentences(contracts.SENTENCES)
        ui.menu(
            MenuEntry(
                "work", "Inbox", "work:inbox", contracts.USE.code, icon="inbox", order=100, keys="i",
                count=lambda actor: queries.waiting_count(actor=actor, at=actor.at),
            )
        )  # fmt: skip
        ui.menu(
            MenuEntry(
                "work.measures", "How work is done", "work:measures", contracts.OVERSEE.code, icon="doc", order=105
            )
        )
        tiles.register()
        ui.reasons(queries.whys)
