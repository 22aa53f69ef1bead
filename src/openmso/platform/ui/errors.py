"""Errors as pages: what happened, whether anything was changed, and what to do next."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from openmso.kit.errors import Refused
from openmso.platform.ui import respond


class Refusals:
    """Turns a `Refused` that a view lets through into its page or fragment, with its own status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Only a "no" is answered here; anything else is a bug and goes to the log."""
        return respond.refusal(request, exception) if isinstance(exception, Refused) else None


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke: say that nothing was changed, and the number to quote. Asks neither database nor person."""
    number = getattr(getattr(request, "actor", None), "request", "")
    return HttpResponse(render_to_string("500.html", {"number": number}), status=500)
