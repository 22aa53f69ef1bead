"""Errors as pages: what happened, whether anything was changed, and what to do next."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string

from openmso.kit.errors import Refused
from openmso.platform.ui import respond


class NoPage(Refused):
    """An address that only takes acts was asked for as if it were a page, by a bookmark or by the way back."""

    code = "no_page"
    status = 405


class Refusals:
    """Turns a `Refused` that a view lets through into its page or fragment, with its own status.

    Whoever follows an address that is no page is told so, too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "GET" or not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        no = NoPage(
            "This address does something; it is no page.", fix="Go back to its page and press the button again."
        )
        told = respond.refusal(request, no)
        told["Allow"] = response["Allow"]
        return told

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Only a "no" is answered here; anything else is a bug and goes to the log."""
        return respond.refusal(request, exception) if isinstance(exception, Refused) else None


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke: say that nothing was changed, and the number to quote. Asks neither database nor person."""
    number = getattr(getattr(request, "actor", None), "request", "")
    return HttpResponse(render_to_string("500.html", {"number": number}), status=500)
