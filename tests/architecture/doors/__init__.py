"""What a screen can do, software can do: for every screen and act, the operations of the API that do the same.

A new route belongs in `SAME` of its app's file here (with the operations, by id, separated by spaces) or, where
software has no use for it, in `SCREENS_ONLY` with the reason in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from django.urls import URLPattern, URLResolver, get_resolver

from openmso.platform.access import checks

APPS: Mapping[str, Mapping[str, str]] = {
    one.name: import_module(f"{__name__}.{one.name}").SAME for one in iter_modules(__path__)
}
SAME: Mapping[str, str] = {name: operations for held in APPS.values() for name, operations in held.items()}
SCREENS_ONLY: Mapping[str, str] = {
    "analytics:definitions": "text; the API gives each figure with its formula",
    "home": "a page of tiles, each with an operation of its own",
    "demo_sign_in": "software signs in by token",
    "livez": "asked without the API, by whatever watches the process",
    "readyz": "asked without the API, by whatever watches the process",
    "ui:preferences": "how one person's screen looks",
    "ui:columns": "how one person's screen looks",
    "ui:palette": "looks in the lists, each with an operation that takes `q`",
    "ui:counts": "numbers of the menu: the totals of lists",
    "ui:present": "keeps the session of somebody who types; a token has none",
    "ui:gallery": "components with invented content",
    "ui:gallery-act": "components with invented content",
    "ui:gallery-write-off": "components with invented content",
    "ui:gallery-page": "components with invented content",
    "pay:page": "a patient's own statement, by its link and the birth date; no user of ours",
    "pay:heard": "messages of a payment provider",
    "intake:template": "the columns that the documentation lists, as a file to fill in",
}
OTHER_PERMISSION: Mapping[str, str] = {
    "accounts:people": "accounts as such ask for users.read; the page shows whom one may assign",
    "accounts:person": "accounts as such ask for users.read; the page shows whom one may assign",
    "claims:next": "the inbox decides by the permission of each kind of work",
    "denials:next": "the inbox decides by the permission of each kind of work",
    "denials:take": "the inbox decides by the permission of each kind of work",
    "denials:givers": "the inbox decides by the permission of each kind of work",
    "denials:later": "the inbox decides by the permission of each kind of work",
    "denials:raw": "the bytes are those of the claim's answers; whoever sees denials sees claims",
    "claims:later": "the inbox decides by the permission of each kind of work",
    "claims:givers": "the inbox decides by the permission of each kind of work",
    "claims:clinicians": "who works at a practice is no secret to whoever sees it; the choice is for those who name",
    "governance:attendance": "one records oneself or others by one operation; for others it asks for the board's keeper",
    "agreements:paper": "the store decides by the purpose of each file",
    "accounts:sessions": "about oneself",
    "accounts:end-session": "about oneself",
    "accounts:end-sessions": "about oneself",
}
"""Screens whose operations ask for another permission, and why that opens nothing."""
LIBRARY = ("account_", "mfa_")
"""Sign-in, second factors and confirmation: forms of the sign-in library, for people alone."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen or an act of one: its name and what it declares."""

    name: str
    declares: str


def screens(resolver: URLResolver | None = None, space: str = "") -> Iterator[Screen]:
    """Everything the site shows or does outside the API, by name; a route without one by its path."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from () if entry.namespace == "api" else screens(entry, inner)
        elif isinstance(entry, URLPattern):
            name = space + (entry.name or str(entry.pattern))
            if not name.startswith(LIBRARY) and name not in {"accounts:openapi", "accounts:api-docs"}:
                yield Screen(name, checks.declaration(entry.callback))
