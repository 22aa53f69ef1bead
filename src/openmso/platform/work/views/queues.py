"""What waits, by function and kind, and with whom it is: what somebody who leads looks at before single items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any

from django.http import HttpResponse

from openmso.platform.access.edges import page
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Choice, TableSpec
from openmso.platform.work import queries
from openmso.platform.work.tables import LOADS, QUEUES, to_inbox


@page("work.use")
def queues(request: Any) -> HttpResponse:
    """Every queue one may work, by function, and with whom what is in them is."""
    actor = request.actor
    waiting, loads = queries.queues(actor=actor, at=actor.at)
    waiting.sort(key=lambda one: (one.function_words, one.due_at))
    context = {
        "queues": tables.static(request, QUEUES, waiting, totals=_totals(waiting, QUEUES)),
        "loads": tables.static(request, LOADS, loads, totals=_totals(loads, LOADS)),
        "here": "Queues",
    }
    return respond.page(request, "work/queues.html", context)


def _totals(rows: Sequence[Any], spec: TableSpec) -> dict[str, Any]:
    names = [column.key for column in spec.columns if column.total]
    return {name: reduce(add, (getattr(row, name) for row in rows)) for name in names} if rows else {}


@page("work.use")
def functions(request: Any) -> HttpResponse:
    """How much waits in each function, as tabs over the inbox; loaded after it, because counting takes its time."""
    count: Counter[tuple[str, str]] = Counter()
    for one in queries.waiting(actor=request.actor, at=request.actor.at):
        count[one.function, one.function_words] += one.count
    asked = request.GET.get("q", "")
    tabs = [
        Choice(words, to_inbox(f"function:{code}"), current=asked == f"function:{code}", count=n)
        for (code, words), n in sorted(count.items(), key=lambda pair: -pair[1])
    ]
    return respond.page(request, "work/functions.html", {"tabs": tabs})
