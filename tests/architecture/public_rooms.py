"""An import contract: an app enters another app only by its public rooms."""

from __future__ import annotations

from typing import Any

from importlinter import Contract, ContractCheck, fields, output


class PublicRooms(Contract):
    """Direct imports across apps end in a public room (or in the app's own sign); tests may look."""

    container = fields.StringField()
    public = fields.SetField(fields.StringField())
    exempt = fields.SetField(fields.StringField(), required=False, default=set())

    def check(self, graph: Any, verbose: bool) -> ContractCheck:
        apps = {child for child in graph.find_children(self.container) if child.split(".")[1] not in self.exempt}
        trespasses = [
            (importer, room)
            for app in sorted(apps)
            for room in sorted(graph.find_descendants(app))
            if room.removeprefix(f"{app}.").split(".")[0] not in self.public
            for importer in sorted(graph.find_modules_that_directly_import(room))
            if (owner := ".".join(importer.split(".")[:2])) in apps and owner != app and ".tests." not in importer
        ]
        return ContractCheck(kept=not trespasses, metadata={"trespasses": trespasses})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, room in check.metadata["trespasses"]:
            output.print_error(f"{importer} enters a private room: {room}")
