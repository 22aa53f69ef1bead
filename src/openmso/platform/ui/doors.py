"""Doors: whether the page behind a link opens for a person, by what its view declares.

A link that leads to a refusal is not offered. What a view needs is said once, at the view; nothing is said again in
a template.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from openmso.platform.access.edges import DECLARED
from openmso.platform.ui import registry


def opens(actor: Any, url: str) -> bool:
    """Whether the view behind a URL of this house would let the actor in, in some practice.

    Addresses of other houses, fragments and views for everybody open. A page that asks for a confirmation opens: it
    asks by itself.
    """
    parts = urlsplit(url)
    if actor is None or parts.netloc or not parts.path.startswith("/"):
        return True
    try:
        view = resolve(parts.path).func
    except Resolver404:
        return False
    declared = getattr(view, DECLARED, "")
    if not declared or ":" in declared:
        return True
    return registry.allowed(replace(actor, fresh=True), declared)
