"""The exits, and one exit with its plan, closing, papers and story."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse

from openmso.leaving import rules
from openmso.leaving.contracts import CERTIFY, LEAVE, READ, STATE, WORK, Closing, Exit, Stage, Who
from openmso.leaving.queries import cases, closing
from openmso.leaving.tables import EXITS
from openmso.ledger import registry as sources
from openmso.ledger.contracts import Source
from openmso.platform.access.edges import page
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Event
from openmso.settlement.contracts import DISPUTED
from openmso.settlement.queries.accruing import AHEAD


@page(READ.code)
def exits(request: Any) -> HttpResponse:
    """The exits that one may see."""
    ask = tables.ask(request, EXITS)
    context = {"here": "Exits", "crumbs": [], "may_leave": request.actor.can(LEAVE.code)}
    return tables.answer(
        request, EXITS, ask, template="leaving/exits.html", context=context,
        fetch=lambda wanted: cases.listing(filters=ask.filters, page=wanted, at=request.actor.at),
    )  # fmt: skip


@page(READ.code)
def exit(request: Any, exit: str) -> HttpResponse:
    """One exit: its days, its tasks by area, what the closing comes to, its papers."""
    one = cases.today(exit, request.actor.at)
    on = request.actor.day_in(one.practice)
    may = {code: request.actor.can(code, one.practice) for code in (LEAVE.code, WORK.code, STATE.code, CERTIFY.code)}
    is_open = one.stage in {Stage.NOTICE, Stage.STATED}
    found = closing.closing(one, on, request.actor.at) if is_open else None
    context = {
        "one": one, "here": exit, "crumbs": crumbs(), "on": on, "days_left": max((one.ends_on - on).days, 0),
        "tasks": [
            (each, each.due_on < on and not each.is_over,
             is_open and not each.is_over and may[WORK.code if each.who is Who.MSO else LEAVE.code])
            for each in one.tasks
        ],
        "found": found, "lines": shown(found) if found else [], "is_open": is_open,
        "issued": [(each, shown(each.closing)) for each in reversed(one.statements)],
        "may_leave": is_open and may[LEAVE.code], "may_state": is_open and may[STATE.code],
        "may_certify": is_open and may[CERTIFY.code] and one.certificate is None,
        "may_elect": is_open and may[LEAVE.code] and one.elects is None,
        "why_not_close": rules.why_not_close(one, on), "exports": cases.manifests(one),
        "story": [Event(each.at, f"{each.by}: {each.to.label.lower()}", each.to.tone, each.why)
                  for each in reversed(one.steps)],
    }  # fmt: skip
    return respond.page(request, "leaving/exit.html", context)


def shown(found: Closing) -> list[tuple[Any, str]]:
    """The lines of a closing, each with the page that is behind it."""
    return [(each, url_of(each.source)) for each in found.lines]


def url_of(source: tuple[str, str]) -> str:
    """The page behind a line; empty where it is this one."""
    kind, name = source
    if kind == closing.ACCOUNT:
        book, code = name.split(" ")
        return reverse("ledger:account", args=[book, code])
    if kind == closing.LOAN:
        return reverse("treasury:loan", args=[name])
    if kind == closing.LAW:
        return reverse("agreements:law-rule", args=[name])
    if kind == AHEAD:
        month, code = name.split(" ")
        return reverse("settlement:ahead-of", args=[month, code])
    if kind == DISPUTED:
        return reverse("settlement:dispute", args=[name])
    try:
        return sources.url_of(Source(kind, name))
    except NoReverseMatch:
        return ""


def crumbs() -> list[tuple[str, str]]:
    """Where an exit stands."""
    return [("Exits", reverse("leaving:exits"))]


def place(one: Exit) -> str:
    """The page of an exit."""
    return reverse("leaving:exit", args=[one.public_id])
