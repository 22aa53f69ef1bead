"""How the pages of billing do one thing and go back to where it was asked."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse

from openmso.kit.errors import Refused
from openmso.platform.access.edges import ActorRequest
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond


def done(
    request: ActorRequest, find: Callable[[], object], work: Callable[[], object], words: str, back: str
) -> HttpResponse:
    """Do one thing and go back to it; whose it is not is told before what was typed wrong."""
    try:
        with reading():
            find()
        work()
    except Refused as no:
        return respond.refusal(request, no)
    messages.success(request, words)
    return respond.redirect(request, back)
