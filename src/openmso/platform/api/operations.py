"""How an operation of the API says what it asks for; one that says nothing stops the start.

    @router.post("/claims/{claim}/submission", response={201: SubmissionOut})
    @operation("claims.submit")
    def submit_claim(request, claim: str): ...

    @router.get("/me", response=MeOut)
    @own_operation("who am I")
    def me(request): ...

Before the body of an operation runs, the caller is known, the permission is held somewhere, and the scope is the
practices where it is. A GET runs in one read transaction; everything else opens its own in the service. A POST
obeys `Idempotency-Key`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja.decorators import decorate_view

from openmso.kit.errors import Refused
from openmso.platform.access import edges
from openmso.platform.access.contracts import Actor, NotAllowed
from openmso.platform.api import authentication, idempotency, limits, pages, problems
from openmso.platform.tenancy.scope import Scope, reading, scope

F = TypeVar("F", bound=Callable[..., Any])
Run = Callable[..., HttpResponse]
READS = {"GET", "HEAD"}


def operation(permission: str, *, mailroom: bool = False) -> Callable[[F], F]:
    """An operation that needs a permission in at least one practice; `mailroom` as in `edges.form`."""
    return _declared(permission, permission, mailroom=mailroom)


def own_operation(why: str) -> Callable[[F], F]:
    """An operation of any caller about themselves."""
    return _declared("", f"own: {why}")


def _declared(permission: str, words: str, *, mailroom: bool = False) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        setattr(function, edges.DECLARED, words)
        return decorate_view(functools.partial(_guard, permission, mailroom))(function)

    return decorate


def _guard(permission: str, mailroom: bool, run: Run) -> Run:
    """The operation behind its guard: caller, limits, permission, scope, transaction, idempotency."""

    @functools.wraps(run)
    def guarded(request: Any, **values: Any) -> HttpResponse:
        try:
            return _answer(permission, mailroom, request, functools.partial(run, request, **values))
        except Refused as refused:
            return problems.of_refusal(refused)
        except Exception as error:  # the last door: whatever is no answer becomes a problem, and a line in the log
            return problems.unexpected(request, error)

    return guarded


def _answer(permission: str, mailroom: bool, request: Any, work: Callable[[], HttpResponse]) -> HttpResponse:
    caller = authentication.caller_of(request)
    if isinstance(caller, HttpResponse):
        return caller
    request.actor, request.caller = caller.actor, caller
    return limits.exceeded(caller.owner) or pages.linked(request, _scoped(permission, mailroom, request, caller, work))


def _scoped(
    permission: str,
    mailroom: bool,
    request: HttpRequest,
    caller: authentication.Caller,
    work: Callable[[], HttpResponse],
) -> HttpResponse:
    if permission:
        decision = caller.actor.may(permission)
        if not decision.allowed:
            raise NotAllowed(decision)
    request.permission = permission  # type: ignore[attr-defined]
    with _scope(caller.actor, permission, mailroom=mailroom):
        if request.method in READS:
            with reading():
                return work()
        key = request.headers.get(idempotency.HEADER)
        if request.method != "POST" or key is None:
            return work()
        fault = idempotency.fault_of_key(key)
        if fault:
            return problems.problem(400, "bad_key", fault, field=idempotency.HEADER)
        call = idempotency.asked(request, owner=caller.owner, key=key, at=caller.actor.at)
        return idempotency.once(call, work)


def _scope(actor: Actor, permission: str, *, mailroom: bool) -> AbstractContextManager[Scope]:
    if permission:
        return edges.scoped(actor, permission, mailroom=mailroom)
    return scope(practices=actor.standing.tenants, user=actor.user_id)
