"""Notes: written about a payer or a practice, ended by whoever may write them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.parties import forms
from openmso.parties.contracts import NOTE
from openmso.parties.queries import notes as queries
from openmso.parties.queries import payers, practices
from openmso.parties.services import notes as services
from openmso.platform.access.edges import act, form
from openmso.platform.tenancy.queries import tenants_in_scope
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui.filling import fill

EVERYWHERE = "all"


@form(NOTE.code)
def write_about_payer(request: Any, payer: str) -> HttpResponse:
    """Write what is to be known of a payer, in a practice or in all of them."""
    with reading():
        found, mso = payers.by_public_id(payer), practices.mso_where(request.actor, NOTE.code)
        mine = [one for one in tenants_in_scope() if not one.is_mso and request.actor.can(NOTE.code, one.pk)]
        places, keys = [(one.code, one.name) for one in mine], {one.code: one.pk for one in mine}
    if mso:
        places.insert(0, (EVERYWHERE, "Every practice"))
    filled = forms.NoteForm(request.POST or None, places=places)

    def save(given: dict[str, Any]) -> str:
        told = {"words": given["words"], "until": given["until"], "payer": payer}
        if given["where"] == EVERYWHERE:
            services.write_for_all(actor=request.actor, mso=mso, at=request.actor.at, **told)
        else:
            services.write(actor=request.actor, practice=keys[given["where"]], at=request.actor.at, **told)
        return reverse("parties:payer", args=[payer])

    context = {"title": f"A note about {found.name}", "back": reverse("parties:payer", args=[payer])}
    return fill(request, filled, save=save, said="Noted.", context=context)


@form(NOTE.code)
def write_about_practice(request: Any, practice: str) -> HttpResponse:
    """Write what is to be known of a practice, or of a payer there."""
    with reading():
        found = practices.by_public_id(practice, at=request.actor.at)
        known = payers.choices()
    filled = forms.NoteForm(request.POST or None, payers=known)

    def save(given: dict[str, Any]) -> str:
        services.write(
            actor=request.actor, practice=found.id, words=given["words"], until=given["until"],
            payer=given["payer"], at=request.actor.at,
        )  # fmt: skip
        return reverse("parties:practice", args=[practice])

    context = {"title": f"A note about {found.name}", "back": reverse("parties:practice", args=[practice])}
    return fill(request, filled, save=save, said="Noted.", context=context)


@act(NOTE.code)
def end(request: Any, note: str) -> HttpResponse:
    """A note no longer holds."""
    with reading():
        found, mso = queries.note(note), practices.mso_where(request.actor, NOTE.code)
        back = reverse("parties:payer", args=[found.payer_id]) if found.payer_id else ""
        if found.practice and not back:
            there = practices.practice(found.practice, on=request.actor.today)
            back = reverse("parties:practice", args=[there.public_id])
    services.end(actor=request.actor, mso=mso, note=note, at=request.actor.at)
    messages.success(request, "The note has ended.")
    return respond.redirect(request, back)
