"""What the agreement promises about denials: a panel of the owner's statement, and the denials behind a figure."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.agreements.contracts import DENIED_BY_US
from openmso.denials.contracts import PHI, Cause
from openmso.denials.queries import promised
from openmso.denials.tables import PROMISED
from openmso.kit.errors import NotFound
from openmso.kit.periods import Month
from openmso.platform.access.edges import ActorRequest, page
from openmso.platform.audit import services as audit
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui import respond
from openmso.platform.ui import tables as ui_tables
from openmso.platform.ui.contracts import Page


@page("denials.read")
def kept(request: ActorRequest) -> HttpResponse:
    """The panel of a statement: each promise, how it was kept, and whose the other denials are."""
    practice, month = _asked(request)
    rows = promised.of_month(practice, month, at=request.actor.at)
    return respond.page(request, "denials/promises.html", {"rows": rows, "code": _code(practice), "month": str(month)})


@page("denials.read")
def behind(request: ActorRequest) -> HttpResponse:
    """The denials that a promise counts, by who could have prevented them."""
    practice, month = _asked(request)
    kind, cause = request.GET.get("promise", DENIED_BY_US), request.GET.get("cause", "")
    if cause and cause not in {one.value for one in Cause}:
        raise NotFound("Nobody of that name causes denials.")
    rows = promised.behind(practice, month, kind, cause=cause, at=request.actor.at)
    audit.record_read(
        actor=request.actor, practice=practice, subject=("denials.promise", f"{month}"), at=request.actor.at,
        classes=[one for one in PHI if request.actor.sees(one, practice)],
        decision=request.actor.may("denials.read", practice),
    )  # fmt: skip
    if request.GET.get("export"):
        return ui_tables.answer(
            request, PROMISED, ui_tables.ask(request, PROMISED), template="",
            fetch=lambda asked: Page(rows[asked.offset : asked.offset + asked.size], len(rows), asked),
        )  # fmt: skip
    found = next(one for one in promised.of_month(practice, month, at=request.actor.at) if one.kind == kind)
    context = {
        "one": found, "month": month, "code": _code(practice), "cause": cause,
        "table": ui_tables.static(request, PROMISED, rows), "crumbs": [("Denials", reverse("denials:queue"))],
        "here": "Promised", "causes": [(one.value, one.label, getattr(found, one.value)) for one in Cause],
    }  # fmt: skip
    return respond.page(request, "denials/promised.html", context)


def _code(practice: int) -> str:
    return next(one.code.lower() for one in tenancy.tenants() if one.pk == practice)


def _asked(request: Any) -> tuple[int, Month]:
    """The practice and the month in the address, else one's first practice and this month; raises `NotFound`."""
    named, codes = request.GET.get("practice", ""), [code for code, _ in tenancy.practice_choices()]
    if not named and not codes:
        raise NotFound("There is no practice of yours.")
    practice = tenancy.key_in_scope((named or codes[0]).upper())
    try:
        month = (
            Month.parse(request.GET["month"]) if "month" in request.GET else Month.of(request.actor.day_in(practice))
        )
    except ValueError as no:
        raise NotFound("There is no such month.") from no
    return practice, month
