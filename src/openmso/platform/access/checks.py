"""Start-up checks: a route that declares no permission, or a role that reaches around a wall, stops the start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import Error, Tags
from django.core.checks import register as register_check
from django.urls import URLPattern, URLResolver, get_resolver

from openmso.platform.access import registry
from openmso.platform.access.edges import DECLARED

THIRD_PARTY = {
    "allauth.": "sign-in, second factors and sessions of the person themselves; allauth guards each",
    "ninja.": "API operations declare their permission to the API's own registry",
    "django.contrib.staticfiles": "public files",
}
"""Views that others wrote, by module prefix, and what guards them instead of a declaration."""


def register() -> None:
    """Hook the checks into Django's start-up."""
    register_check(every_route_declares, Tags.urls)
    register_check(every_role_is_sound, Tags.security)


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every route of the site: its path and its view."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, path)
        elif isinstance(entry, URLPattern):
            yield path, entry.callback


def declaration(view: Any) -> str:
    """What a view declares, or the empty text."""
    module = getattr(view, "__module__", "")
    exempt = next((why for prefix, why in THIRD_PARTY.items() if module.startswith(prefix)), "")
    return getattr(view, DECLARED, exempt)


def every_route_declares(**_: Any) -> list[Error]:
    """Default deny, at start-up."""
    found = []
    for path, view in routes():
        said = declaration(view)
        if not said:
            found.append(Error(f"The route {path!r} declares no permission.", id="access.E001",
                               hint="Decorate its view with page, act, form, own or open_to_all."))  # fmt: skip
        elif ":" not in said and " " not in said and said not in registry.permissions():
            found.append(Error(f"The route {path!r} asks for {said!r}, which no app declares.", id="access.E002"))
    return found


def every_role_is_sound(**_: Any) -> list[Error]:
    """Roles name permissions that exist, and no role of the MSO holds a reserved decision."""
    return [Error(fault, id="access.E003") for fault in registry.faults()]
