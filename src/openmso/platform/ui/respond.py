"""Respond: the few answers a view gives: a page or its fragment, a refusal in words, a redirect, a toast.

One URL answers with the whole page, or with the part of it that htmx asked for (`template#part`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from openmso.kit.errors import Refused
from openmso.platform.access.contracts import Actor
from openmso.platform.ui.contracts import Tone

Context = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Button:
    """An act on a page. `why_not` is the sentence of the rule that blocks it; then it is shown, but disabled."""

    label: str
    why_not: str = ""
    fix: str = ""
    url: str = ""
    letter: str = ""
    icon: str = ""


def page(request: HttpRequest, template: str, context: Context | None = None, *, status: int = 200) -> HttpResponse:
    """The whole page, or its part after `#` when htmx asks: `page(request, "claims/claim.html#lines", {...})`."""
    whole, _, part = template.partition("#")
    chosen = template if part and is_fragment(request) else whole
    response = render(request, chosen, dict(context or {}), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part; going back in history and boosted links want the whole page."""
    asked = request.headers
    return bool(asked.get("HX-Request")) and not (asked.get("HX-Boosted") or asked.get("HX-History-Restore-Request"))


def refusal(
    request: HttpRequest, refused: Refused, *, fragment: str = "", context: Context | None = None
) -> HttpResponse:
    """A "no" in words, with its own status (422, 409, 403, 404).

    For htmx it is a fragment: the one named, or a finding shown in the page's flash region. Otherwise it is a page.
    """
    given = {"refused": refused, **(context or {})}
    if not is_fragment(request):
        return page(request, "ui/refused.html", given, status=refused.status)
    response = page(request, fragment or "ui/refusal.html", given, status=refused.status)
    if not fragment:
        response["HX-Retarget"], response["HX-Reswap"] = "#flash", "innerHTML show:#flash:top"
        response["HX-Reselect"] = "unset"  # whatever part of an answer the form wanted, this is not it
    return response


def redirect(request: HttpRequest, url: str) -> HttpResponse:
    """To another page, after something was done."""
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def done(request: HttpRequest, text: str, *, back: str, undo_url: str = "") -> HttpResponse:
    """Something was done with rows of a list: the list loads anew and a toast says so, with Undo where it can be."""
    if not is_fragment(request):
        messages.success(request, text)
        return redirect(request, back)
    return toast(_triggering(HttpResponse(status=204), "list-changed", {}), text, undo_url=undo_url)


def toast(response: HttpResponse, text: str, *, undo_url: str = "", tone: Tone = Tone.GOOD) -> HttpResponse:
    """The same answer, with a toast. Undo posts to its URL; a toast of tone bad stays until it is dismissed."""
    return _triggering(response, "toast", {"text": text, "undo": undo_url, "tone": tone.value})


def button(
    label: str, *, why_not: Refused | str | None = None, url: str = "", letter: str = "", icon: str = ""
) -> Button:
    """A button that explains itself: the rule that blocks the act is the text beside it."""
    fix = why_not.fix if isinstance(why_not, Refused) else ""
    words = why_not.sentence if isinstance(why_not, Refused) else (why_not or "")
    return Button(label, words, fix, url, letter, icon)


def act(
    actor: Actor, permission: str, label: str, *, practice: int | None = None, why_not: Refused | str | None = None,
    url: str = "", letter: str = "", icon: str = "",
) -> Button | None:  # fmt: skip
    """The button of an act; with a lock and the reason where a rule, or a permission one could be given, is missing.

    An act that can never be the reader's is no button at all: nobody is shown a door that is not of their house.
    """
    decision = actor.may(permission, practice)
    if not decision.allowed and not actor.could(permission):
        return None
    missing = None if decision.allowed else decision.reason
    return button(label, why_not=why_not or missing, url=url, letter=letter, icon=icon)


def _triggering(response: HttpResponse, event: str, detail: Mapping[str, Any]) -> HttpResponse:
    told = json.loads(response.get("HX-Trigger", "{}"))
    response["HX-Trigger"] = json.dumps(told | {event: dict(detail)})
    return response


def announce(response: HttpResponse, text: str) -> HttpResponse:
    """The same answer, with a sentence for people who hear the screen: `412 claims`."""
    return _triggering(response, "announce", {"text": text})
