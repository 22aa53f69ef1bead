"""The guided change of mode: what would change, step by step, and then the draft of the amendment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.agreements.contracts import DRAFT, Terms
from openmso.agreements.fees import calculating, charging
from openmso.agreements.forms.conversion import ConversionForm
from openmso.agreements.queries import agreements as queries
from openmso.agreements.queries import conversion
from openmso.agreements.services import drafting
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.parties.queries import practices
from openmso.platform.access.edges import form
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond
from openmso.platform.ui.cells import money_text
from openmso.platform.ui.filling import refuse


@form(DRAFT.code)
def convert(request: Any, agreement: str) -> HttpResponse:
    """What another mode would change; the address holds the choice, and a button drafts the amendment."""
    with reading():
        found = queries.agreement(agreement)
        on = request.actor.day_in(found.practice)
        version = found.version_on(on) or found.latest
        if version is None:
            raise NotFound("This agreement was never executed; change its draft instead.")
        filled = ConversionForm(
            request.GET if "mode" in request.GET else None, before=version.terms,
            initial={"effective_on": Month.of(on).plus(1).first},
        )  # fmt: skip
        terms = filled.terms() if filled.is_valid() else None
        starts_on: date = filled.cleaned_data["effective_on"] if terms else on
        plan = conversion.plan(found, version, terms, starts_on=starts_on, on=on) if terms else None
        context = {
            "agreement": found, "version": version, "form": filled, "plan": plan, "terms": terms,
            "practice": practices.practice(found.practice, on=on), "starts_on": starts_on, "here": "Another mode",
            "why_not": _why_not(found), "crumbs": [(agreement, reverse("agreements:agreement", args=[agreement]))],
            **(_beside(request, version.terms, terms, on) if terms else {}),
        }  # fmt: skip
    if request.method == "POST" and terms is not None:
        try:
            drafting.amend(
                actor=request.actor, agreement=agreement, starts_on=starts_on, terms=terms, at=request.actor.at,
                summary=f"{version.terms.mode.label} becomes {terms.mode.label}"[:200],
            )  # fmt: skip
        except Refused as no:
            refuse(filled, no)
        else:
            messages.success(request, "The amendment is drafted. Its text and counsel's review come next.")
            return respond.redirect(request, reverse("agreements:document", args=[agreement]))
    with reading():
        return respond.page(request, "agreements/convert.html", context, status=422 if filled.errors else 200)


def _why_not(found: Any) -> str:
    if found.state != "executed":
        return f"An agreement that is {found.state} is not amended."
    return "An amendment is being drafted already. Go on with that draft, or withdraw it." if found.draft else ""


def _beside(request: Any, before: Terms, after: Terms, on: Any) -> dict[str, Any]:
    """The fee of a month under each terms, where the figures that they follow are given."""
    month = Month.of(on)
    parts = calculating.parts(charging.charged(before, month), charging.charged(after, month))
    rows = [(one.key, one.words, request.GET.get(f"figure_{one.key}", "")) for one in parts]
    known = {key: value for key, _, typed in rows if (value := _number(typed)) is not None}
    if any(one.key not in known for one in parts if one.category in {"", calculating.ALL_ELSE}):
        return {"figures": rows, "costs": None}
    old, new = conversion.beside(before, after, month=month, given=known)
    return {"figures": rows, "costs": (old, new, _more(old, new))}


def _more(old: Money | None, new: Money | None) -> str:
    if old is None or new is None or old == new:
        return ""
    words, gap = ("more", new - old) if new > old else ("less", old - new)
    return f"{money_text(gap, sign='$')} {words}"


def _number(said: str) -> Decimal | None:
    try:
        value = Decimal(said.replace(",", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() and value >= 0 else None
