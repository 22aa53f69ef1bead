"""The trail on screen: all events one may see, and the history of one thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.http import HttpResponse

from openmso.kit import clock
from openmso.platform.access.edges import page
from openmso.platform.audit import queries, registry
from openmso.platform.audit.contracts import READ_TRAIL, EventFilters, EventRow
from openmso.platform.audit.tables import EVENTS
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.queries import TenantRow
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Filters


@page(READ_TRAIL.code)
def index(request: Any) -> HttpResponse:
    """Every change in the practices one may read the trail of."""
    ask = tables.ask(request, EVENTS)
    filters = asked(ask.filters, request.actor.standing.zone)
    return tables.answer(
        request, EVENTS, ask, template="audit/events.html",
        fetch=lambda wanted: queries.events(filters=filters, page=wanted),
        tally=lambda: queries.tally(filters=filters),
    )  # fmt: skip


@page(READ_TRAIL.code)
def proof(request: Any) -> HttpResponse:
    """Whether the chains of the practices whose trail one may read stand: their proofs come in one after the other."""
    return respond.page(request, "audit/proof.html", {"here": "Proof", **_next(tenancy.tenants_in_scope(), 0)})


@page(READ_TRAIL.code)
def proof_of(request: Any, practice: str) -> HttpResponse:
    """Whether the chain of one practice stands, every hash computed anew; as a part, with the row of the next."""
    key, found = tenancy.key_in_scope(practice), tenancy.tenants_in_scope()
    place = [one.pk for one in found].index(key)
    context = {"here": "Proof", "proven": found[place], "report": queries.verify(practice=key)}
    if respond.is_fragment(request):
        context |= _next(found, place + 1)
    return respond.page(request, "audit/proof.html#rows", context)


def _next(found: Sequence[TenantRow], place: int) -> dict[str, Any]:
    """Whose proof is to be asked for, and how many are done; nothing after the last."""
    return {"following": found[place], "done": place, "all": len(found)} if place < len(found) else {}


def asked(found: Filters, zone: str) -> EventFilters:
    """The filters of the address bar as the trail understands them; days are those of the reader's zone."""
    wanted = EventFilters(
        text=found.text,
        action=found.one("action") or "",
        actor=found.one("by") or "",
        subject_id=found.one("about") or "",
        practice=tenancy.key_in_scope(found.one("practice").upper()) if found.one("practice") else None,
    )
    for term in found.terms_of("on"):
        begins, ends = clock.start_of(term.value, zone), clock.start_of(term.value + timedelta(days=1), zone)
        since = {">=": begins, "=": begins, ">": ends}.get(term.op)
        until = {"<": begins, "<=": ends, "=": ends}.get(term.op)
        wanted = replace(wanted, since=since or wanted.since, until=until or wanted.until)
    return wanted


@page(READ_TRAIL.code)
def history(request: Any, kind: str, public_id: str) -> HttpResponse:
    """What happened to one thing and who read it; as a part, the drawer beside its page."""
    subject = (kind, public_id)
    context = {
        "public_id": public_id,
        "kind": kind,
        "events": [_told(row) for row in queries.history(subject)],
        "reads": queries.reads(subject),
    }
    return respond.page(request, "audit/history.html#history", context)


def _told(row: EventRow) -> dict[str, Any]:
    by = " · ".join(part for part in (row.why, _behind(row)) if part)
    return {"at": row.at, "tone": "none", "title": row.sentence, "note": by, "url": "", "amount": None}


def _behind(row: EventRow) -> str:
    """What stands behind an act, or why nothing does."""
    if not row.grant:
        return registry.ungranted().get(row.action, "")
    return f"{'role' if row.grant.startswith('ASG-') else 'grant'} {row.grant}"
