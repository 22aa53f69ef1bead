"""The matrix: every route and every operation, asked by somebody of one practice with the names of another's objects.

Two practices have twin data; the rival's carries a canary in every text. Whatever is asked, no answer may hold the
canary, none may differ in status from the answer about an object that does not exist, and no row of the rival may
have changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from openmso.kit import clock
from openmso.kit.ids import public_id
from openmso.parties import testing as parties
from openmso.parties.testing import House
from openmso.platform.access import registry
from openmso.platform.accounts import testing
from openmso.platform.identity.models import User
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import reading, scope
from tests.architecture import objects

CANARY = "QZVORTEX"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
NETWORK_WIDE = {"users.read", "users.manage", "parties.network"}
"""Permissions that reach over all practices by their nature; the one who asks holds none of them."""
LOCKS_ONESELF_OUT = (
    "accounts/logout/", "accounts/password/", "accounts/2fa/totp/", "accounts/2fa/recovery-codes/",
    "settings/sessions/end/",
)  # fmt: skip
"""Routes that end one's own session or second factor: asked, they would make everything after them answer nothing."""


@dataclass(frozen=True, slots=True)
class Route:
    """A route as the resolver has it, without its leading slash, and the arguments it takes."""

    path: str
    arguments: tuple[str, ...]

    def key(self, argument: str, known: Mapping[str, str]) -> str:
        """Under which name an argument is known: the longest path before it, or the word alone."""
        parts = [part for part in self.path.split("/") if part and "<" not in part]
        names = [".".join([*parts[:length], argument]) for length in range(len(parts), -1, -1)]
        return next((name for name in names if name in known), "")

    def filled(self, values: Mapping[str, str]) -> str:
        """Its address with these values."""
        return "/" + ARGUMENT.sub(lambda match: values[self.key(match[1], values)], self.path)


@dataclass(frozen=True, slots=True)
class World:
    """Two practices with twin data, and who asks."""

    mine: House
    theirs: House
    me: User
    objects: Mapping[str, str]
    missing: Mapping[str, str] = field(default_factory=dict)


def routes() -> list[Route]:
    """Every route of the site, once; those of patterns (one-time links of the library) are left out."""
    found = {path: Route(path, tuple(ARGUMENT.findall(path))) for path in _paths(get_resolver()) if "(?P" not in path}
    return [found[path] for path in sorted(found)]


def nameable(known: Mapping[str, str]) -> list[Route]:
    """The routes whose every argument has an object."""
    every = {**known, **objects.PLAIN}
    return [route for route in routes() if all(route.key(argument, every) for argument in route.arguments)]


def unnamed(known: Mapping[str, str]) -> list[str]:
    """Arguments of routes for which no app registered an object, in words."""
    return [
        f"/{route.path}: no object is registered for the URL argument {argument!r} (tests/architecture/objects.py)"
        for route in routes()
        for argument in route.arguments
        if not route.key(argument, {**known, **objects.PLAIN})
    ]


def world() -> World:
    """Twin practices; everything of the rival carries the canary; I hold every role of mine, and nothing of theirs."""
    at = clock.now()
    mine = parties.practice(at=at, code="MINE", name="Mine Clinic")
    theirs = parties.practice(at=at, code="THEIRS", name="Twin Clinic")
    for house in (mine, theirs):
        testing.open_lines(Tenant.objects.get(pk=house.id))
    objects.build_all(mine, "MYOWN")
    named = objects.build_all(theirs, CANARY)
    roles = [role for role in registry.roles().values() if not role.permissions & NETWORK_WIDE]
    me = testing.person("me@mine.example", "Me", **{role.code: Tenant.objects.get(pk=mine.id) for role in roles})
    return World(mine, theirs, me, named, {name: _missing(value) for name, value in named.items()})


def crossings(of: World, browser: Client, *, within: str = "") -> Iterator[str]:
    """Everything that came across from the rival, in words; nothing, if the walls hold.

    `within` narrows to the routes that begin so.
    """
    before = fingerprint(of.theirs)
    for route in nameable(of.objects):
        if route.path.startswith(LOCKS_ONESELF_OUT) or not route.path.startswith(within):
            continue
        for method in METHODS:
            yield from _crossing(route, method, of, browser)
    if fingerprint(of.theirs) != before:
        yield "rows of the other practice were changed"
    if browser.get("/people/").status_code != 200:
        yield "the one who asks was locked out on the way: what was asked after that proves nothing"


def fingerprint(practice: House) -> dict[str, str]:
    """A digest of every row that belongs to a practice, by table."""
    reach = tenancy.reach(practice.id)
    digests = {}
    with scope(practices=reach.practices, entities=reach.entities), reading(), connection.cursor() as cursor:
        for model in apps.get_models():
            if getattr(model, "scope", "") not in {"practice", "entity"} or not model._meta.managed:
                continue
            table = model._meta.db_table
            cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table}\" t")
            digests[table] = cursor.fetchone()[0] or ""
    return digests


def _crossing(route: Route, method: str, of: World, browser: Client) -> Iterator[str]:
    theirs, missing = of.objects | objects.PLAIN, of.missing | objects.PLAIN
    status, body = _ask(browser, of.me, method, route.filled(theirs), theirs)
    if CANARY.encode() in body:
        yield f"{method} /{route.path} shows the other practice's data"
    if status >= 500:
        yield f"{method} /{route.path} fails with {status}"
    if any(route.key(argument, theirs) not in objects.PLAIN for argument in route.arguments):
        absent, _ = _ask(browser, of.me, method, route.filled(missing), missing)
        if absent != status:
            yield f"{method} /{route.path} answers {status} for their object and {absent} for none: it tells them apart"


def _ask(browser: Client, me: User, method: str, path: str, values: Mapping[str, str]) -> tuple[int, bytes]:
    """One request; every object of the rival also goes along as a parameter of the query, form or body."""
    if "_auth_user_id" not in browser.session:
        browser.cookies = testing.signed_in(me).cookies
    browser.raise_request_exception = False
    values = {name.rpartition(".")[2]: value for name, value in values.items()}
    if path.startswith("/api/") and method != "GET":
        sent = json.dumps(dict(values))
        response = browser.generic(method, path, sent, content_type="application/json")
    elif method == "POST":
        response = browser.post(path, dict(values) | {"ids": list(values.values())})
    else:
        response = browser.generic(method, path, QUERY_STRING="&".join(f"{k}={v}" for k, v in values.items()))
    streamed = getattr(response, "streaming", False)
    return response.status_code, b"".join(response.streaming_content) if streamed else response.content


def _missing(value: str) -> str:
    """A name of the same form that nothing has."""
    if value.isdigit():
        return "999999999"
    prefix, _, rest = value.partition("-")
    return public_id(prefix) if rest and prefix.isupper() else value


def _paths(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern).removeprefix("^").removesuffix("$")
        if isinstance(entry, URLPattern):
            yield path
        elif isinstance(entry, URLResolver):
            yield from _paths(entry, path)
