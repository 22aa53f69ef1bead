"""Preferences: theme, density and single-letter shortcuts, of a person or, before they sign in, of a browser."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse

from openmso.platform.access.contracts import Actor
from openmso.platform.identity import services as identity

COOKIE = "openmso_display"
YEAR_SECONDS = 365 * 24 * 3600
THEMES = frozenset({"system", "light", "dark"})
DENSITIES = frozenset({"compact", "regular", "roomy"})


@dataclass(frozen=True, slots=True)
class Preferences:
    """How somebody wants their screens."""

    theme: str = "system"
    density: str = "regular"
    single_keys: bool = True


def of(request: HttpRequest) -> Preferences:
    """The person's own; of somebody who has not signed in, what their browser keeps."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return Preferences(user.theme, user.density, user.single_keys)
    kept = (request.COOKIES.get(COOKIE, "") + "..").split(".")
    return Preferences(
        kept[0] if kept[0] in THEMES else "system", kept[1] if kept[1] in DENSITIES else "regular", kept[2] != "off"
    )


def changed(now: Preferences, *, theme: str = "", density: str = "", single_keys: str = "") -> Preferences:
    """The preferences with what was said; what is no choice changes nothing."""
    if theme in THEMES:
        now = replace(now, theme=theme)
    if density in DENSITIES:
        now = replace(now, density=density)
    return replace(now, single_keys=single_keys == "on") if single_keys in ("on", "off") else now


def keep(response: HttpResponse, actor: Actor, chosen: Preferences) -> HttpResponse:
    """Remember them: with the person's account, or in the browser."""
    if actor.user_id is not None:
        identity.set_display(actor=actor, density=chosen.density, theme=chosen.theme, single_keys=chosen.single_keys)
    else:
        text = f"{chosen.theme}.{chosen.density}.{'on' if chosen.single_keys else 'off'}"
        response.set_cookie(COOKIE, text, max_age=YEAR_SECONDS, samesite="Lax", httponly=True)
    return response
