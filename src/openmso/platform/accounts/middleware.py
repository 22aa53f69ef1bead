"""A "no" that the person can lift by proving who they are becomes the page where they do it, and leads back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import suspend_request
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from openmso.platform.access.contracts import Actor, ActorKind, NotAllowed
from openmso.platform.access.edges import GIVES_FILE


class ProofFirst:
    """Leads to a second factor, or to a confirmation, where that alone stands in the way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Where the same act would be allowed with more proof, the proof is asked for."""
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if not isinstance(exception, NotAllowed) or actor.kind is not ActorKind.PERSON:
            return None
        wanted = exception.decision  # of one practice, or of any where `practice` is empty
        if not actor.secured and _allowed(replace(actor, secured=True, fresh=True), wanted):
            return _lead(request, reverse("mfa_index"))
        if not actor.fresh and _allowed(replace(actor, fresh=True), wanted):
            return confirm(request)
        return None


def confirm(request: HttpRequest) -> HttpResponse | None:
    """To the page where a person confirms who they are; after it, the act goes on or its page is shown again.

    A posted form is kept and done after the confirmation. An htmx act is not: its page is shown again, because the
    answer would be a fragment without a page around it. Nor is one that is answered by a file (`edges.form`).
    """
    methods = get_adapter().get_reauthentication_methods(request.user)
    if not methods:
        return None
    gives_file = request.resolver_match is not None and getattr(request.resolver_match.func, GIVES_FILE, False)
    if request.headers.get("HX-Request") or gives_file:
        return _lead(request, methods[0]["url"])
    return suspend_request(request, methods[0]["url"])


def _lead(request: Any, url: str) -> HttpResponse:
    """To a page that leads back to where the person was."""
    if request.headers.get("HX-Request"):
        here = urlsplit(request.headers.get("HX-Current-URL", "/"))
        back = here.path + (f"?{here.query}" if here.query else "")
        return HttpResponse(status=403, headers={"HX-Redirect": f"{url}?{urlencode({'next': back})}"})
    return HttpResponseRedirect(f"{url}?{urlencode({'next': request.get_full_path()})}")


def _allowed(actor: Actor, wanted: Any) -> bool:
    return actor.may(wanted.permission, wanted.practice).allowed
