"""Doors: whether the page behind a link opens for a person, by what its view declares.

A link that leads to a refusal is not offered. What a view needs is said once, at the view; nothing is said again in
a template.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, get_urlconf, resolve

from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import DECLARED
from openmso.platform.ui import registry


@dataclass(frozen=True, slots=True)
class Doors:
    """The doors of one actor. A page that asks for a confirmation opens: it asks by itself."""

    actor: Actor | None

    @classmethod
    def of(cls, actor: Actor | None) -> Doors:
        """The doors of somebody as if they had just confirmed that it is them; for nobody, all doors."""
        return cls(actor and replace(actor, fresh=True))

    def open(self, url: str) -> bool:
        """Whether the view behind a URL of this house would let the actor in, in some practice.

        Addresses of other houses, fragments and views for everybody open.
        """
        parts = urlsplit(url)
        if self.actor is None or parts.netloc or not parts.path.startswith("/"):
            return True
        declared = _declared(parts.path, get_urlconf() or settings.ROOT_URLCONF)
        if declared is None:
            return False
        return not declared or ":" in declared or registry.allowed(self.actor, declared)


def of_reader(request: Any) -> Doors:
    """The doors of whoever reads this page, kept with the request so that each is judged once."""
    found: Doors | None = getattr(request, "doors", None)
    if found is None:
        found = Doors.of(getattr(request, "actor", None))
        if request is not None:
            request.doors = found
    return found


@lru_cache(maxsize=20_000)
def _declared(path: str, urls: Any) -> str | None:
    """What the view of a path declares; `None` where there is no view."""
    try:
        return getattr(resolve(path, urls).func, DECLARED, "")
    except Resolver404:
        return None
