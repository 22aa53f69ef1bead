"""Edges: rebates that were passed on, one with how it was shared, and recording one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.governance.queries import interests
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.platform.access.edges import ActorRequest, form, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.filling import fill
from openmso.settlement import runs
from openmso.settlement.contracts import READ, RUN
from openmso.settlement.contracts.rebates import NewRebate
from openmso.settlement.forms import RebateForm
from openmso.settlement.queries import rebates as queries
from openmso.settlement.services import rebating
from openmso.settlement.tables.openbook import REBATES


@page(READ.code)
def rebates(request: ActorRequest) -> HttpResponse:
    """Every share of a rebate in scope, the latest received first."""
    ask = tables.ask(request, REBATES)
    return tables.answer(
        request, REBATES, ask, template="settlement/rebates.html",
        context={"may_record": request.actor.can(RUN.code), "here": "Rebates"},
        fetch=lambda asked: interests.flagged(
            queries.listed(ask.filters, asked), lambda row: row.vendor, at=request.actor.at
        ),
    )  # fmt: skip


@page(READ.code)
def rebate(request: ActorRequest, rebate: str) -> HttpResponse:
    """One rebate: of whom for what, by which rule it was shared, and on which invoice each share was credited."""
    found = queries.rebate(rebate)
    ours = found.kept is not None  # the MSO's own book is in sight
    entries = [
        one for share in found.shares for one in (share.practice_entry, share.mso_entry if ours else "") if one
    ]  # fmt: skip
    context = {
        "found": found, "one": found.one, "here": rebate, "crumbs": [("Rebates", reverse("settlement:rebates"))],
        "entries": [(one, reverse("ledger:entry-of", args=[one])) for one in dict.fromkeys(entries)],
    }  # fmt: skip
    return respond.page(request, "settlement/rebate.html", context)


@form(RUN.code)
def record(request: ActorRequest) -> HttpResponse:
    """Record a rebate and share it."""
    filled = RebateForm(request.POST or None, initial={"received_on": request.actor.today})

    def save(given: dict[str, Any]) -> str:
        with reading():
            weights = {_tenant(code): weight for code, weight in given["weights"].items()}
        new = NewRebate(
            given["vendor"], given["what"], given["starts_on"], given["ends_on"], given["received_on"],
            Money.of(given["amount"]), given["rule"], weights,
        )  # fmt: skip
        made = rebating.record(actor=request.actor, mso=runs.mso_of(request.actor), new=new, at=request.actor.at)
        return reverse("settlement:rebate", args=[made])

    return fill(
        request, filled, save=save, said="Recorded; each share is credited on the next invoice.",
        context={
            "title": "Record a rebate", "here": "Record", "act_label": "Record it",
            "crumbs": [("Rebates", reverse("settlement:rebates"))], "back": reverse("settlement:rebates"),
            "lede": "What a vendor paid back for what practices bought or earned. It is theirs, by a stated rule.",
            "consequences": ["The shares are owed to the practices at once, in the MSO's book.",
                             "Each is credited on the invoice of the next month that is settled, in both books."],
        },
    )  # fmt: skip


def _tenant(code: str) -> int:
    try:
        return tenancy.key_in_scope(code)
    except NotFound:
        raise rebating.NoRebate(f"There is no practice {code}.", field="weights", fix="Write its code.") from None
