"""The registries of the shell: menu, palette, panels and tiles. Filled in `AppConfig.ready`, then read only.

    registry.menu(MenuEntry("claims", "Claims", "claims:claims", "claims.read", section="Revenue", icon="claim"))

What is double or malformed stops the start at once; what needs the whole site to be loaded (do the URLs exist,
are the permissions declared?) is asked by the start-up checks at the end of this module.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from django.core.checks import CheckMessage, Tags
from django.core.checks import Warning as Caution
from django.core.checks import register as register_check
from django.urls import NoReverseMatch, reverse

from openmso.platform.access import registry as access
from openmso.platform.ui.contracts import Actor, MenuEntry, PaletteItem, PaletteSource, PanelEntry
from openmso.platform.ui.tiles import Tile

Told = Mapping[str, str]
Reasons = Callable[[Any, str, Sequence[str], Sequence[str]], Told]
Entry = TypeVar("Entry", MenuEntry, PaletteSource, PanelEntry, Tile)
ICONS = frozenset(re.findall(r'id="i-([a-z]+)"', (Path(__file__).parent / "static/ui/icons.svg").read_text()))

_menu: dict[str, MenuEntry] = {}
_sources: dict[str, PaletteSource] = {}
_panels: dict[str, PanelEntry] = {}
_tiles: dict[str, Tile] = {}
_house: list[Callable[[Any], str]] = []
_role: list[Callable[[Any], str]] = []
_reasons: list[Reasons] = []


GO = PaletteSource("ui.go", "Go", "go", "", lambda actor, text, limit: [], order=900)


def menu(*entries: MenuEntry) -> None:
    """Put lines into the side menu."""
    for entry in entries:
        if entry.icon not in ICONS:
            raise ValueError(f"menu entry {entry.key}: the sprite has no icon {entry.icon!r}")
        if entry.keys and any(entry.keys == other.keys for other in _menu.values()):
            raise ValueError(f"menu entry {entry.key}: the jump g {entry.keys} is taken")
        _add(_menu, entry.key, entry)


def palette(*sources: PaletteSource) -> None:
    """Let the palette look in more places."""
    for source in sources:
        _add(_sources, source.key, source)


def panel(*entries: PanelEntry) -> None:
    """Show parts on pages of lower apps."""
    for entry in entries:
        _add(_panels, f"{entry.page}/{entry.key}", entry)


def tile(*entries: Tile) -> None:
    """Put parts on the home pages of roles."""
    for entry in entries:
        _add(_tiles, entry.key, entry)


def house(name: Callable[[Any], str]) -> None:
    """Say whose house this is: the name at the head of the menu."""
    _house[:] = [name]


def house_of(actor: Actor | None) -> str:
    """The name at the head of the menu."""
    return (_house[0](actor) if _house and actor is not None else "") or "OpenMSO"


def reasons(told: Reasons) -> None:
    """Say who knows why a thing stands where it stands in its queue."""
    _reasons[:] = [told]


def reasons_of(actor: Actor | None, subject_kind: str, public_ids: Sequence[str], kinds: Sequence[str]) -> Told:
    """Why each of some things waits, in words; what waits for nobody is left out."""
    return _reasons[0](actor, subject_kind, public_ids, kinds) if _reasons and actor is not None else {}


def role(words: Callable[[Any], str]) -> None:
    """Say what a person's role is called, for the foot of the menu."""
    _role[:] = [words]


def role_of(actor: Actor | None) -> str:
    """What the person's role is called."""
    return _role[0](actor) if _role and actor is not None else ""


def places(actor: Actor | None, text: str, most: int) -> tuple[PaletteSource, list[PaletteItem]] | None:
    """The lines of the menu that some words name, as the palette's own source."""
    words = text.lower().split()
    found = [
        PaletteItem(one.label, reverse(one.url_name), section, one.icon, f"g{one.keys}" if one.keys else "")
        for section, entries in menu_for(actor)
        for one in entries
        if all(word in f"{one.label} {section}".lower() for word in words)
    ]
    return (GO, found[:most]) if found else None


def allowed(actor: Actor | None, permission: str, practice: int | None = None) -> bool:
    """Whether an entry may be shown, anywhere or in one practice; without an actor only what asks for no permission."""
    return not permission or (actor is not None and actor.can(permission, practice))


def menu_for(actor: Actor | None) -> list[tuple[str, list[MenuEntry]]]:
    """The menu of a person, by section; sections stand in the order of their first entry."""
    sections: dict[str, list[MenuEntry]] = {}
    for entry in sorted(_menu.values(), key=lambda one: (one.order, one.label)):
        if allowed(actor, entry.permission):
            sections.setdefault(entry.section, []).append(entry)
    return list(sections.items())


def sources_for(actor: Actor | None) -> list[PaletteSource]:
    """Where the palette of a person looks."""
    found = [source for source in _sources.values() if allowed(actor, source.permission)]
    return sorted(found, key=lambda one: (one.order, one.label))


def panels_for(page: str, actor: Actor | None, column: str = "main", practice: int | None = None) -> list[PanelEntry]:
    """The registered panels of a page, for a person and a column; of one practice where the page shows what is of it.

    Who may read a panel's part in some practices is not shown it on a page of another.
    """
    found = [one for one in _panels.values() if one.page == page and one.column == column]
    shown = (one for one in found if allowed(actor, one.permission, practice))
    return sorted(shown, key=lambda one: (one.order, one.title))


def tiles_for(keys: Iterable[str], actor: Actor | None) -> list[Tile]:
    """Those of the tiles that a person may be told, in the order of the keys; an unknown key is a mistake."""
    return [tile for tile in (_tiles[key] for key in dict.fromkeys(keys)) if allowed(actor, tile.permission)]


def _add(registered: dict[str, Entry], key: str, entry: Entry) -> None:
    if key in registered and registered[key] != entry:
        raise ValueError(f"{type(entry).__name__} {key} is registered twice")
    registered[key] = entry


def register_checks() -> None:
    """Hook the checks into Django's start-up."""
    register_check(every_entry_leads_somewhere, Tags.urls)


def every_entry_leads_somewhere(**_: Any) -> list[CheckMessage]:
    """Menu entries and tiles name URLs that exist, and every entry a permission that an app declares."""
    return [Caution(fault, id="ui.W001") for fault in faults()]


def faults() -> Iterator[str]:
    """What is wrong with the registered entries, in words; the suite asserts that there is nothing."""
    linked_entries: list[MenuEntry | Tile] = [*_menu.values(), *_tiles.values()]
    for linked in linked_entries:
        try:
            reverse(linked.url_name)
        except NoReverseMatch:
            yield f"{type(linked).__name__} {linked.key}: there is no URL named {linked.url_name}."
    declared = access.permissions()
    every: list[MenuEntry | Tile | PaletteSource | PanelEntry] = [
        *linked_entries,
        *_sources.values(),
        *_panels.values(),
    ]
    for entry in every:
        if entry.permission and entry.permission not in declared:
            yield f"{type(entry).__name__} {entry.key}: no app declares the permission {entry.permission}."
