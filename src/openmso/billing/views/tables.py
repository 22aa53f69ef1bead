"""Tables of rules: what is in force, loading an edition, what it changes, putting it in force and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from openmso.billing.contracts import READ, TABLES, TableKind
from openmso.billing.forms.tables import TableForm
from openmso.billing.queries import tables
from openmso.billing.rules import tables as rules
from openmso.billing.services import tables as loading
from openmso.billing.states import Loaded
from openmso.billing.tables.tables import TABLES as LIST
from openmso.billing.views.doing import done
from openmso.kit.errors import NotFound
from openmso.platform.access import queries as access
from openmso.platform.access.edges import ActorRequest, act, form, page
from openmso.platform.ui import respond
from openmso.platform.ui import tables as ui_tables
from openmso.platform.ui.contracts import Page
from openmso.platform.ui.filling import fill


@page(READ.code)
def index(request: ActorRequest) -> HttpResponse:
    """The tables that were loaded, the latest first."""
    ask = ui_tables.ask(request, LIST)

    def fetch(asked: Any) -> Page[Any]:
        found = tables.listing()
        return Page(found[asked.offset : asked.offset + asked.size], len(found), asked)

    return ui_tables.answer(
        request, LIST, ask, template="billing/tables.html", fetch=fetch,
        context={
            "may_load": bool(request.actor.practices_for(TABLES.code)), "kinds": list(TableKind),
            "who": access.who_may(TABLES.code),
        },
    )  # fmt: skip


@page(READ.code)
def table(request: ActorRequest, rule_table: str) -> HttpResponse:
    """One table: what its checks found, and what it changes of what is in force."""
    found = tables.table(rule_table)
    context = {
        "one": found, "here": found.public_id, "changes": [] if found.holds else tables.changes(found),
        "is_checked": found.state is Loaded.CHECKED, "columns": rules.heads(found.kind),
        "values": [list(zip(rules.heads(found.kind), rules.said(found.kind, row), strict=True)) for row in found.rows],
        "may_load": bool(request.actor.practices_for(TABLES.code)), "may_undo": found.state is not Loaded.UNDONE,
    }  # fmt: skip
    return respond.page(request, "billing/rule_table.html", context)


@page(READ.code)
def in_force(request: ActorRequest, rule_kind: str) -> HttpResponse:
    """What is in force, as a file that can be changed and loaded."""
    if rule_kind not in {one.value for one in TableKind}:
        return respond.refusal(request, NotFound(f"There is no table {rule_kind}."))
    content = tables.written(TableKind(rule_kind))
    name = f"{rule_kind}-{request.actor.today}.csv"
    return HttpResponse(content, content_type="text/csv",
                        headers={"Content-Disposition": f'attachment; filename="{name}"'})  # fmt: skip


@form(TABLES.code)
def load(request: ActorRequest) -> HttpResponse:
    """Load an edition; it is checked, and not in force yet."""
    back = reverse("billing:tables")

    def save(given: dict[str, Any]) -> str:
        made = loading.load(
            actor=request.actor, kind=TableKind(given["kind"]), edition=given["edition"], name=given["file"].name,
            content=given["file"].read(), at=request.actor.at,
        )  # fmt: skip
        return reverse("billing:table", args=[made])

    context = {
        "title": "Load a table", "act_label": "Check it", "back": back, "crumbs": [("Tables of rules", back)],
        "lede": "It is checked whole. You see what it changes before it is put in force.",
    }  # fmt: skip
    return fill(
        request, TableForm(request.POST or None, request.FILES or None), save=save,
        said="The table is checked; it is not in force yet.", context=context,
    )  # fmt: skip


@act(TABLES.code)
def activate(request: ActorRequest, rule_table: str) -> HttpResponse:
    """Put a table in force."""
    return _table(request, rule_table, lambda: loading.activate(
        actor=request.actor, table=rule_table, at=request.actor.at
    ), "In force from now on")  # fmt: skip


@act(TABLES.code)
def undo(request: ActorRequest, rule_table: str) -> HttpResponse:
    """Take a table back."""
    return _table(request, rule_table, lambda: loading.undo(
        actor=request.actor, table=rule_table, why=request.POST.get("why", ""), at=request.actor.at
    ), "Taken back; what held before holds again")  # fmt: skip


def _table(request: ActorRequest, name: str, work: Callable[[], object], words: str) -> HttpResponse:
    return done(request, lambda: tables.table(name), work, words, reverse("billing:table", args=[name]))
