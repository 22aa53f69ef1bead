"""Edges: how a view says what it needs. Every view says it once; a route that says nothing fails at start-up.

@page("claims.read")            GET: shows rows of the practices where the permission is held
@act("claims.submit")           POST: calls one service within the same practices
@own("my display settings")     a signed-in person about themselves
@open_to_all("sign-in")         nobody in particular
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect

from openmso.platform.access.contracts import Actor, ActorKind, NotAllowed
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading, scope

View = Callable[..., HttpResponseBase]
SAFE = {"GET", "HEAD"}
DECLARED = "openmso_access"
GIVES_FILE = "openmso_gives_file"


class ActorRequest(HttpRequest):
    """A request as every view of the house gets it."""

    actor: Actor
    permission: str


def page(permission: str) -> Callable[[View], View]:
    """A view that shows: GET and HEAD, one read transaction, scoped to where the permission is held."""
    return _guarded(permission, methods=SAFE)


def act(permission: str, *, mailroom: bool = False) -> Callable[[View], View]:
    """A view that does: POST, scoped likewise; the service opens its own transaction. `mailroom` as in `form`."""
    return _guarded(permission, methods={"POST"}, mailroom=mailroom)


def form(permission: str, *, mailroom: bool = False, gives_file: bool = False) -> Callable[[View], View]:
    """A view that shows a form and takes it: both, with a read transaction for the showing only.

    With `mailroom`, the MSO's own tenant is in scope too: what arrives is kept there until it is known whose it is.
    With `gives_file` the answer is a file that a browser stores beside the page; where a confirmation comes between,
    it leads back to the form, because the page of the confirmation would stay.
    """
    made = _guarded(permission, methods=SAFE | {"POST"}, mailroom=mailroom)
    return _giving_file(made) if gives_file else made


def _giving_file(made: Callable[[View], View]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        guarded = made(view)
        setattr(guarded, GIVES_FILE, True)
        return guarded

    return decorate


def own(why: str) -> Callable[[View], View]:
    """A view for any signed-in person about themselves."""
    return _declared("own", why, signed_in=True)


def open_to_all(why: str) -> Callable[[View], View]:
    """A view that needs no sign-in."""
    return _declared("open", why, signed_in=False)


def _guarded(permission: str, *, methods: set[str], mailroom: bool = False) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in methods:
                return HttpResponseNotAllowed(sorted(methods))
            if request.actor.kind is ActorKind.NOBODY:
                return to_sign_in(request)
            decision = request.actor.may(permission)
            if not decision.allowed:
                raise NotAllowed(decision)
            request.permission = permission
            with scoped(request.actor, permission, mailroom=mailroom):
                if request.method in SAFE:
                    with reading():
                        return _rendered(view(request, *args, **kwargs))
                return view(request, *args, **kwargs)

        setattr(guarded, DECLARED, permission)
        return guarded

    return decorate


def scoped(actor: Actor, permission: str, *, mailroom: bool = False) -> Any:
    """The scope of one permission: the tenants where the actor holds it, and their books."""
    reach = tenancy.reach(*actor.practices_for(permission))
    if mailroom:
        reach = tenancy.with_mailroom(reach)
    return scope(practices=reach.practices, entities=reach.entities, user=actor.user_id)


@contextmanager
def asking(actor: Actor, permission: str) -> Iterator[None]:
    """One read transaction within the scope of a permission; what asks for none sees no practice."""
    with scoped(actor, permission) if permission else scope(user=actor.user_id), reading():
        yield


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back here after; an htmx request is told to move the whole page."""
    target = f"{settings.LOGIN_URL}?next={quote(_page_of(request))}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def _page_of(request: HttpRequest) -> str:
    """The page somebody is on: the address itself, or for an act, which is no page, the one it was asked from."""
    if request.method in SAFE:
        return request.get_full_path()
    asked_from = urlsplit(request.headers.get("Referer", ""))
    if asked_from.netloc != request.get_host():
        return "/"
    return asked_from.path + (f"?{asked_from.query}" if asked_from.query else "")


def _rendered(response: HttpResponseBase) -> HttpResponseBase:
    """A lazily rendered response is rendered now, while the read transaction is open."""
    if hasattr(response, "render") and not getattr(response, "is_rendered", True):
        response.render()
    return response


def _declared(kind: str, why: str, *, signed_in: bool) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @functools.wraps(view)
        def declared(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if signed_in and request.actor.kind is ActorKind.NOBODY:
                return to_sign_in(request)
            if not signed_in or request.actor.user_id is None:
                return view(request, *args, **kwargs)
            with scope(user=request.actor.user_id):
                return view(request, *args, **kwargs)

        setattr(declared, DECLARED, f"{kind}: {why}")
        return declared

    return decorate
