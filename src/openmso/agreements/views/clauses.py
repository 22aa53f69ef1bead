"""Screens of the library of clauses."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.agreements.contracts import READ
from openmso.agreements.forms.papers import ClauseForm, WhyForm
from openmso.agreements.paper import text
from openmso.agreements.paper.contracts import CLAUSES
from openmso.agreements.queries import paper as queries
from openmso.agreements.services import clauses
from openmso.agreements.tables import CLAUSE_LIST, clause_rows
from openmso.parties.queries import practices
from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import form, page
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Page
from openmso.platform.ui.filling import fill


@page(READ.code)
def index(request: Any) -> HttpResponse:
    """The clauses that drafts are made of."""
    ask = tables.ask(request, CLAUSE_LIST)
    found = clause_rows(queries.library(), ask.filters, ask.page)
    context = {"may_write": bool(practices.mso_where(request.actor, CLAUSES.code)), "here": "Clauses", "crumbs": []}
    return tables.answer(
        request, CLAUSE_LIST, ask, template="agreements/clauses.html", context=context,
        fetch=lambda wanted: Page(found[wanted.offset : wanted.offset + wanted.size], len(found), wanted),
    )  # fmt: skip


@page(READ.code)
def clause(request: Any, clause: str) -> HttpResponse:
    """One clause: its text, where it is chosen, and two of its versions side by side."""
    written = queries.versions(clause)
    shown = next((one for one in written if one.clause), written[0])
    by_number = {str(one.number): one for one in written if one.clause}
    after = by_number.get(request.GET.get("after", ""), written[0])
    older = [one for one in written if one.clause and one.number < after.number]
    before = by_number.get(request.GET.get("before", ""), older[0] if older else None)
    left, right = text.side_by_side(
        before.clause.text if before and before.clause else "", after.clause.text if after.clause else ""
    )
    context = {
        "code": clause, "clause": shown.clause, "versions": written, "before": before, "after": after, "left": left,
        "right": right, "is_withdrawn": written[0].clause is None, "choices": list(by_number.values()),
        "may_write": bool(practices.mso_where(request.actor, CLAUSES.code)), "here": clause,
        "crumbs": [("Clauses", reverse("agreements:clauses"))],
    }  # fmt: skip
    return respond.page(request, "agreements/clause.html", context)


@form(CLAUSES.code)
def write(request: Any, clause: str = "") -> HttpResponse:
    """Write a clause, or its next version."""
    with reading():
        written = queries.versions(clause) if clause else []
    now = next((one.clause for one in written if one.clause), None)
    filled = ClauseForm(request.POST or None, now=now)

    def save(given: dict[str, Any]) -> str:
        data = filled.data_of()
        clauses.write(actor=request.actor, mso=_mso(request.actor), given=data, why=given["why"], at=request.actor.at)
        return reverse("agreements:clause", args=[data["code"]])

    context = {
        "title": f"Next version of {clause}" if clause else "A clause", "here": clause or "New",
        "lede": "Drafts choose it from now on; what was signed stays as it was.", "act_label": "Write it",
        "back": reverse("agreements:clause", args=[clause]) if clause else reverse("agreements:clauses"),
        "crumbs": [("Clauses", reverse("agreements:clauses"))],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Written. Drafts choose it from now on.", context=context)


@form(CLAUSES.code)
def withdraw(request: Any, clause: str) -> HttpResponse:
    """Choose a clause for no draft any longer."""
    filled = WhyForm(request.POST or None)

    def save(given: dict[str, Any]) -> str:
        clauses.withdraw(
            actor=request.actor, mso=_mso(request.actor), code=clause, why=given["why"], at=request.actor.at
        )
        return reverse("agreements:clauses")

    back = reverse("agreements:clause", args=[clause])
    context = {
        "title": f"Withdraw {clause}", "here": "Withdraw", "back": back, "act_label": "Withdraw it", "danger": True,
        "crumbs": [("Clauses", reverse("agreements:clauses")), (clause, back)],
        "consequences": ["No draft chooses it any longer. What was signed with it stays as it was."],
    }  # fmt: skip
    return fill(request, filled, save=save, said="Withdrawn. A new version brings it back.", context=context)


def _mso(actor: Actor) -> int:
    with reading():
        return practices.mso_that_decides(actor, CLAUSES.code, otherwise=clauses.NOT_THE_MSO)
