"""Why claims are denied, who could have prevented it, and the measures that follow."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from openmso.denials.contracts import Cause, CauseRow
from openmso.denials.queries import report
from openmso.denials.tables import causes_by
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.platform.access.edges import ActorRequest, page
from openmso.platform.ui import respond
from openmso.platform.ui import tables as ui_tables
from openmso.platform.ui.contracts import Choice, Page


@page("denials.read")
def causes(request: ActorRequest) -> HttpResponse:
    """Denials of a month by one thing, each row opening the denials; and the month's measures."""
    asked = request.GET
    by = asked.get("by", "cause")
    known = report.months(request.actor.today)
    month = next((one for one in known if str(one) == asked.get("month")), known[0])
    cause = asked.get("cause", "")
    if by not in report.BY or (cause and cause not in {one.value for one in Cause}):
        raise NotFound("There is no such report.")
    rows = report.causes(by=by, month=None if by == "month" else month, cause=cause)
    spec = causes_by(report.BY[by])
    if asked.get("export"):
        return ui_tables.answer(
            request, spec, ui_tables.ask(request, spec), template="",
            fetch=lambda page: Page(rows[page.offset : page.offset + page.size], len(rows), page),
        )  # fmt: skip
    return respond.page(
        request, "denials/report.html",
        {
            "table": ui_tables.static(request, spec, rows, totals=_totals(rows)),
            "measures": report.measures(month=month, at=request.actor.at),
            "dimensions": _choices(report.BY, by, "by", month, by, cause), "month": month, "by": by, "cause": cause,
            "months": _choices(
                {str(one): f"{one.first:%b %Y}" for one in known}, str(month), "month", month, by, cause
            ),
            "crumbs": [("Denials", reverse("denials:queue"))], "here": "Causes",
        },
    )  # fmt: skip


def _totals(rows: list[CauseRow]) -> dict[str, Money | int]:
    names = ("amount", "recovered", "written_off", "open")
    return {"count": sum(row.count for row in rows)} | {
        name: Money.total(getattr(row, name) for row in rows) for name in names
    }  # fmt: skip


def _choices(known: object, current: str, key: str, month: Month, by: str, cause: str) -> list[Choice]:
    """The other values of one question of the report, each with its address."""
    asked = {"by": by, "month": str(month), **({"cause": cause} if cause else {})}
    return [
        Choice(words, f"?{urlencode(asked | {key: value})}", current=value == current)
        for value, words in dict(known).items()  # type: ignore[call-overload]
    ]
