"""One page of all that waits for somebody's yes or no."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from openmso.governance.queries import approvals as queries
from openmso.governance.tables.approvals import APPROVALS
from openmso.platform.access.edges import page
from openmso.platform.ui import tables


@page("work.use")
def approvals(request: Any) -> HttpResponse:
    """All that waits for the reader's decision, whatever app it comes from, what is due first."""
    ask, actor = tables.ask(request, APPROVALS), request.actor
    return tables.answer(
        request, APPROVALS, ask, template="governance/approvals.html", context={"here": "Approvals", "crumbs": []},
        fetch=lambda wanted: queries.listing(actor=actor, filters=ask.filters, page=wanted, at=actor.at),
        tally=lambda: queries.tally(actor=actor, filters=ask.filters, at=actor.at),
    )  # fmt: skip
