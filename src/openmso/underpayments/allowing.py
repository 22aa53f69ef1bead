"""What a payer allowed by code beside what its contract led to expect, for the page of the contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from operator import attrgetter
from typing import Any

from django.db.models import Count, Q, Sum

from openmso.claims.queries import allowed as decided
from openmso.contracting.contracts import Contract
from openmso.kit.money import ZERO, Money
from openmso.platform.ui.contracts import Page, PageAsk
from openmso.remittances.queries import lines as remitted
from openmso.underpayments.contracts import Allowed
from openmso.underpayments.models import Underpayment

SORTS: Mapping[str, Callable[[Allowed], Any]] = {
    name: attrgetter(name) for name in ("code", "lines", "expected", "allowed", "short", "missing")
} | {"difference": lambda row: abs(row.difference.amount)}


def by_code(contract: Contract, *, since: date, until: date) -> list[Allowed]:
    """The codes of lines that the payer of a contract paid, from a day to before another; the widest apart first.

    What it kept by sequestration, where a version of the contract lets it, counts as allowed.
    """
    rows = decided.by_code(practice=contract.practice, payer_id=contract.payer_id, since=since, until=until)
    kept: Mapping[int, Money] = {}
    if any(version.terms.sequestration for version in contract.versions):
        kept = remitted.kept(practice=contract.practice, claim_lines=[one for row in rows for one in row.ids])
    mine = Underpayment.objects.filter(
        practice_id=contract.practice, payer_id=contract.payer_id, service_on__gte=since, service_on__lt=until
    )  # fmt: skip
    told = mine.values("code").annotate(n=Count("pk", filter=Q(short_amount__gt=0)), missing=Sum("short_amount"))
    short = {row["code"]: (row["n"], Money.of(row["missing"])) for row in told}
    found = [
        Allowed(
            row.code, row.lines, row.expected, Money.total([row.allowed, *(kept.get(one, ZERO) for one in row.ids)]),
            *short.get(row.code, (0, ZERO)),
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-abs(one.difference.amount), one.code))


def rows(found: list[Allowed], *, text: str, page: PageAsk) -> Page[Allowed]:
    """A page of the codes, with sums over all that the text leaves; the text is how a code begins."""
    shown = [row for row in found if row.code.startswith(text.strip().upper())]
    if page.sort in SORTS:
        shown.sort(key=SORTS[page.sort], reverse=page.desc)
    sums = {
        name: Money.total(getattr(row, name) for row in shown)
        for name in ("expected", "allowed", "difference", "missing")
    }
    return Page(shown[page.offset : page.offset + page.size], len(shown), page, totals=sums)
