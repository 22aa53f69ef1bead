"""The list of exclusions: what it says, who of ours is named on it, loading the next one, and judging a match."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.compliance.contracts import KEEP, READ
from openmso.compliance.forms import ExclusionsForm, MatchForm
from openmso.compliance.queries import exclusions as queries
from openmso.compliance.services import exclusions
from openmso.compliance.tables import EXCLUDED
from openmso.platform.access.edges import form, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import tables
from openmso.platform.ui.filling import fill

HERE = "compliance:exclusions"


@page(READ.code)
def listed(request: Any) -> HttpResponse:
    """The list with its day, who of ours is named on it, and everybody on it."""
    ask, now = tables.ask(request, EXCLUDED), queries.latest()
    context = {
        "here": "Exclusions", "crumbs": [], "list": now, "matches": queries.matches(at=request.actor.at),
        "is_stale": now is not None and now.is_stale_on(request.actor.today),
        "may_load": request.actor.can(KEEP.code, tenancy.mso()), "may_judge": request.actor.can(KEEP.code),
    }  # fmt: skip
    return tables.answer(
        request, EXCLUDED, ask, template="compliance/exclusions.html", context=context,
        fetch=lambda wanted: queries.listing(filters=ask.filters, page=wanted),
    )  # fmt: skip


@form(KEEP.code)
def load(request: Any) -> HttpResponse:
    """Load the list as it was published on a day; what is wrong with the file is said by line and column."""
    filled = ExclusionsForm(request.POST or None, request.FILES or None)

    def save(given: dict[str, Any]) -> str:
        exclusions.load(
            actor=request.actor, mso=tenancy.mso(), name=given["file"].name, content=given["file"].file,
            as_of=given["as_of"], at=request.actor.at,
        )  # fmt: skip
        return reverse(HERE)

    context = {
        "title": "Load the list of exclusions", "here": "Load", "act_label": "Load it", "back": reverse(HERE),
        "crumbs": [("Exclusions", reverse(HERE))],
        "lede": "The Updated LEIE Database of the Office of Inspector General (UPDATED.csv). It takes the place of the "
                "list before, and everybody of ours is screened by it at once.",
    }  # fmt: skip
    return fill(
        request, filled, save=save, said="The list is loaded, and everybody is screened by it.",
        template="compliance/load_exclusions.html", context=context,
    )  # fmt: skip


@form(KEEP.code)
def judge(request: Any, match: str) -> HttpResponse:
    """Say whether a name on the list is who it is with us."""
    with reading():
        found = queries.match(match, at=request.actor.at)
    filled = MatchForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        exclusions.say(
            actor=request.actor, match=match, is_them=given["is_them"] == "yes", words=given["words"],
            at=request.actor.at,
        )  # fmt: skip
        return reverse(HERE)

    context = {
        "title": f"{found.name} on the list of exclusions", "here": found.name, "act_label": "Record it",
        "back": reverse(HERE), "crumbs": [("Exclusions", reverse(HERE))],
        "lede": f"{found.name}, {found.what} ({found.practice_name}), is named as {found.exclusion.said}, "
                f"{'by the same NPI' if found.by_npi else 'by name alone'}.",
        "consequences": ["While it is them, or nobody has looked, nothing is paid to them."],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Recorded.", context=context)
