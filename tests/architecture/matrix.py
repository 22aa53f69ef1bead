"""The matrix: every route and every operation, asked by somebody of one practice with the names of another's objects.

Two practices have twin data; the rival's carries a canary in every text. Whatever is asked, no answer may hold the
canary, none may differ in status from the answer about an object that does not exist, and no row of the rival may
have changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from conftest import undone
from openmso.kit import clock
from openmso.kit.ids import public_id
from openmso.parties import testing as parties
from openmso.parties.testing import House
from openmso.platform.access import registry
from openmso.platform.access.contracts import LICENSEES, Role, Side
from openmso.platform.accounts import testing
from openmso.platform.identity.models import User
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import reading, scope
from openmso.remittances import testing as payer
from tests.architecture import bodies, objects

CANARY = "QZVORTEX"
REFUSALS = {403, 404, 405}
_SHARED = "a month of the MSO's shared cost has of the practices that one sees, and only how many others there are"
SAYS_NOTHING = {
    "audit/<str:kind>/<str:public_id>/": "the history of what is not there is empty",
    "api/allocation-drafts/<month>": _SHARED,
    "api/allocation-drafts/<month>/figures": _SHARED,
    **{
        f"statements/shared-cost/months/<str:month>/{rest}": _SHARED
        for rest in ("", "figures.csv", "figures/", "figures/file/", "freeze/", "pools/<int:number>/")
    },
}
"""Routes that answer about what is not there as about what is another's, with a page that shows nothing."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
NETWORK_WIDE = {"users.read", "users.manage", "parties.network", "codes.load"}
"""Permissions that reach over all practices by their nature; the one who asks holds none of them."""
LOCKS_ONESELF_OUT = (
    "accounts/logout/", "accounts/password/", "accounts/2fa/totp/", "accounts/2fa/recovery-codes/",
    "settings/sessions/end/", "api/sessions",
)  # fmt: skip
"""Routes that end one's own session or second factor: asked, they would make everything after them answer nothing."""

SIGN_IN = {"/accounts/login/", "/accounts/reauthenticate/"}


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
class Visited:
    """What a visitor was answered: status, where to they were sent, and whether something of the rival was shown."""

    method: str
    route: Route
    status: int
    sent_to: str
    is_shown: bool


@dataclass(frozen=True)
class World:
    """Two practices with twin data, and who asks: one of mine, one of the MSO that manages the other, and one of both."""

    mine: House
    theirs: House
    me: User
    staff: User
    both: User
    objects: Mapping[str, str]
    missing: Mapping[str, str]
    upload: bytes

    @cached_property
    def visited(self) -> Sequence[Visited]:
        """What a visitor who has not signed in is answered by every route and method about the rival's objects."""
        every, found = {**self.objects, **objects.PLAIN}, []
        asker, before = Asker(None, Client(), self.upload), fingerprint(self.theirs)
        for route in nameable(self.objects):
            for method in METHODS:
                with undone():
                    status, body = asker.ask(method, route, every)
                    found.append(Visited(method, route, status, asker.sent_to, CANARY.encode() in body))
        if fingerprint(self.theirs) != before:
            raise AssertionError("a visitor changed rows")
        return found

    @cached_property
    def takes(self) -> Mapping[str, tuple[str, ...]]:
        """The methods each route takes: those to which even a visitor is not answered that it takes them not (405)."""
        found: dict[str, tuple[str, ...]] = {}
        for one in self.visited:
            found[one.route.path] = found.get(one.route.path, ()) + ((one.method,) if one.status != 405 else ())
        return found


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
    """Twin practices; everything of the rival carries the canary.

    I hold every role of mine and of its MSO, and nothing of theirs. The other one holds every role in the MSO that
    manages the rival, but nobody gave them the rival itself. Who is of both may whatever either may.
    """
    at = clock.now()
    mine = parties.practice(at=at, code="MINE", name="Mine Clinic")
    theirs = parties.practice(at=at, code="THEIRS", name=f"{CANARY} Clinic")
    for house in (mine, theirs):
        testing.open_lines(Tenant.objects.get(pk=house.id))
    objects.build_all(mine, "MYOWN")
    named = objects.build_all(theirs, CANARY)
    me = testing.person("me@mine.example", "Me", **everything("MINE", "MMINE"))
    staff = testing.person("staff@mso.example", "Staff", **everything("MTHEIRS"))
    both = testing.person("both@mine.example", "Both", **everything("MINE", "MMINE", "MTHEIRS"))
    pays_theirs = payer.remittance(payer.claim(named["claim"], payer.line("99213", "1.00", paid="1.00")),
                                   payee=replace(theirs.biller, name="TWIN CLINIC"), trace="NEW")  # fmt: skip
    missing = {name: _missing(value) for name, value in named.items()}
    return World(mine, theirs, me, staff, both, named, missing, payer.file_of(pays_theirs))


def everything(*codes: str) -> dict[str, list[Tenant]]:
    """Every role but those that reach over the whole network, in some practices.

    Nobody is a licensee of a practice and of the MSO too: `of_the_practice` has what licensees may instead.
    """
    where = list(Tenant.objects.filter(code__in=codes))
    known = {code: role for code, role in registry.roles().items() if code not in LICENSEES}
    return {code: where for code, role in known.items() if not role.permissions & NETWORK_WIDE}


@contextmanager
def of_the_practice() -> Iterator[None]:
    """While it lasts, there is a role that may what licensees may, and decides nothing by the database."""
    before = dict(registry.roles())
    held = [before[code] for code in LICENSEES]
    made = Role(
        "of_the_practice", "Of the practice", Side.PRACTICE,
        frozenset().union(*(role.permissions for role in held)), frozenset().union(*(role.classes for role in held)),
    )  # fmt: skip
    registry.set_roles([*before.values(), made])
    yield
    registry.set_roles(before.values())


def crossings(of: World, user: User, *, within: str = "", named: bool | None = None) -> Iterator[str]:
    """Everything that came across from the rival, in words; nothing, if the walls hold.

    `within` narrows to the routes that begin so, `named` to those that name an object, or to those that name none. What
    names an object is asked about one too that is nowhere.
    """
    before, browser = fingerprint(of.theirs), testing.signed_in(user)
    for route in nameable(of.objects):
        if route.path.startswith(LOCKS_ONESELF_OUT) or not route.path.startswith(within):
            continue
        if named is not None and names_theirs(route, of) is not named:
            continue
        for method in of.takes[route.path]:
            yield from _crossing(route, method, of, Asker(user, browser, of.upload))
    if fingerprint(of.theirs) != before:
        yield "rows of the other practice were changed"
    if browser.get("/work/").status_code != 200:
        yield "the one who asks was locked out on the way: what was asked after that proves nothing"


def names_theirs(route: Route, of: World) -> bool:
    """Whether the route names an object of the rival."""
    return any(route.key(argument, of.objects) for argument in route.arguments)


def answers(of: World, user: User, *, methods: Sequence[str] = METHODS) -> Iterator[tuple[str, Route, int, bytes]]:
    """What somebody is answered by every route that names objects of the rival; whatever it did is undone."""
    theirs = of.objects | objects.PLAIN
    asker = Asker(user, testing.signed_in(user), of.upload)
    for route in nameable(of.objects):
        if route.path.startswith(LOCKS_ONESELF_OUT) or not names_theirs(route, of):
            continue
        for method in (one for one in of.takes[route.path] if one in methods):
            with undone():
                status, body = asker.ask(method, route, theirs)
            yield method, route, status, body


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


@dataclass(slots=True)
class Asker:
    """Somebody at their browser, with a file at hand."""

    user: User | None
    browser: Client
    upload: bytes
    sent_to: str = ""
    """Where the last answer sent them, without its question."""

    def ask(self, method: str, route: Route, values: Mapping[str, str]) -> tuple[int, bytes]:
        """What one request is answered; who was signed out by one before it, or is to confirm who they are, signs in again."""
        status, body = self._ask(method, route, values)
        if self.user and (status == 401 or self.sent_to in SIGN_IN):
            self.browser.cookies = testing.signed_in(self.user).cookies
            return self._ask(method, route, values)
        return status, body

    def _ask(self, method: str, route: Route, values: Mapping[str, str]) -> tuple[int, bytes]:
        """One request with a plausible body; every object of the rival also goes along by its name."""
        path, browser = route.filled(values), self.browser
        browser.raise_request_exception = False
        named = {name.rpartition(".")[2]: value for name, value in values.items()}
        if route.path.startswith("api/"):
            described = ARGUMENT.sub(r"{\1}", route.path)
            response = browser.generic(method, path, **bodies.of_operation(method, described, values, self.upload))
        elif method == "POST":
            response = browser.generic(method, path, **bodies.of_forms(tuple(named.items())))
            if response.status_code not in REFUSALS:  # it was let in: what does it do with a file?
                response = browser.generic(method, path, **bodies.of_forms(tuple(named.items()), self.upload))
        else:
            response = browser.generic(method, path, QUERY_STRING=urlencode(named))
        self.sent_to = response.headers.get("Location", "").partition("?")[0]
        streamed = getattr(response, "streaming", False)
        return response.status_code, b"".join(response.streaming_content) if streamed else response.content


def _crossing(route: Route, method: str, of: World, asker: Asker) -> Iterator[str]:
    theirs, missing = of.objects | objects.PLAIN, of.missing | objects.PLAIN
    status, body = asker.ask(method, route, theirs)
    if CANARY.encode() in body:
        yield f"{method} /{route.path} shows the other practice's data"
    if status >= 500:
        yield f"{method} /{route.path} fails with {status}"
    if not names_theirs(route, of):
        return
    if status not in REFUSALS and route.path not in SAYS_NOTHING:
        yield f"{method} /{route.path} answers {status} about an object of the other practice"
    absent = asker.ask(method, route, missing)[0]
    if absent != status:
        yield f"{method} /{route.path} answers {status} for their object and {absent} for none: it tells them apart"


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
