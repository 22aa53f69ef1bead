"""Questions about a month before it is settled: the fees of many practices at once, from the books as they stand.

The terms and figures are those that settling would take, so that a month which is settled at once comes to the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from openmso.agreements.fees.categories import OTHER
from openmso.agreements.queries import agreements
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import Money
from openmso.kit.periods import DayRange, Month
from openmso.platform.tenancy.models import Tenant
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.settlement import comparing, parts
from openmso.settlement.contracts import FeeAhead
from openmso.settlement.contracts.parts import Part, addressed
from openmso.settlement.models import Settlement
from openmso.settlement.queries import Given, reckoning, truing
from openmso.settlement.states import S

SORTS: Mapping[str, Callable[[FeeAhead], Any]] = {
    "practice_name": lambda row: row.practice_name.lower(),
    "collected": lambda row: row.collected.amount,
    "fee": lambda row: (row.fee is not None, row.fee.amount if row.fee is not None else 0),
}


def of_month(practices: Sequence[int], month: Month, *, at: datetime) -> list[FeeAhead]:
    """The fee of a month of each of some practices in scope, by name; one without a fee in force is left out."""
    held = agreements.versions_of(practices, truing.year_of(month))
    chosen = {
        practice: found for practice in practices if (found := parts.parts_in(held.get(practice, ()), month))
    }  # fmt: skip
    given = reckoning.figures(chosen, month, at=at)
    settled = dict(
        Settlement.objects.filter(practice_id__in=list(chosen), month=month.first)
        .exclude(state=S.WITHDRAWN)
        .values_list("practice_id", "public_id")
    )
    tenants = Tenant.objects.filter(pk__in=list(chosen)).order_by("name", "pk")
    return [
        _of_tenant(tenant, given[tenant.pk], held[tenant.pk], month, settled.get(tenant.pk, ""), at)
        for tenant in tenants
    ]


def _of_tenant(
    tenant: Tenant, given: Sequence[tuple[Part, Given]], held: truing.Held, month: Month, settlement: str, at: datetime
) -> FeeAhead:  # fmt: skip
    quote, refused, fix = None, parts.why_not_together([part for part, _ in given]), ""
    try:
        if not refused:
            found = reckoning.quoted(given, month)
            quote = reckoning.whole(found, truing.due(tenant.pk, month, found, at=at, held=held, ahead=True))
    except Refused as no:
        refused, fix = no.sentence, no.fix
    (first, _), (last, _) = given[0], given[-1]
    numbered = [(number if len(given) > 1 else 0, one) for number, (_, one) in enumerate(given, 1)]
    return FeeAhead(
        tenant.pk, tenant.name, tenant.code, month, last.version.agreement, last.version.number,
        DayRange(first.days.starts_on, last.days.ends_on),
        {addressed(name, number): value for number, one in numbered for name, value in one.figures.items()},
        {addressed(name, number): value for number, one in numbered for name, value in one.opens.items()},
        quote, refused, fix, settlement, tuple(part.days for part, _ in given) if len(given) > 1 else (),
        tuple(dict.fromkeys(each for _, one in given for each in one.waits)),
    )  # fmt: skip


def of_practice(practice: int, month: Month, *, at: datetime) -> FeeAhead:
    """The fee of one practice's month; raises `NotFound` where no agreement with a fee is in force in it."""
    found = of_month([practice], month, at=at)
    if not found:
        raise NotFound(f"No agreement with a fee was in force in {month.words}.", fix="Ask about another month.")
    return found[0]


def listed(found: Sequence[FeeAhead], filters: Filters, ask: PageAsk) -> Page[FeeAhead]:
    """Fees as a list, narrowed and sorted; there are as many as practices. Totals are of all that is found."""
    words, codes = filters.text.lower(), {code.upper() for code in filters.many("practice")}
    rows = [
        row for row in found
        if (not words or words in f"{row.practice_name} {row.practice_code}".lower())
        and (not codes or row.practice_code in codes)
        and (not filters.many("is") or ("settled" if row.settlement else "open") in filters.many("is"))
    ]  # fmt: skip
    rows.sort(key=SORTS.get(ask.sort, SORTS["practice_name"]), reverse=ask.desc)
    totals = {
        "collected": Money.total(row.collected for row in rows),
        "fee": Money.total(row.fee for row in rows if row.fee is not None),
    }
    return Page(rows[ask.offset : ask.offset + ask.size], len(rows), ask, totals=totals)


def as_data(one: FeeAhead) -> dict[str, Any]:
    """A fee ahead as the API and the command tell it."""
    quote = comparing.quoted(one.quote) if one.quote else {"sentence": "", "steps": []}
    return {
        "practice": one.practice_code, "month": str(one.month), "agreement": one.agreement, "version": one.version,
        "settlement": one.settlement, "sentence": quote["sentence"],
        "collected": str(one.collected), "fee": str(one.fee) if one.quote else None, "refused": one.refused,
        "figures": list(_figures(one)), "steps": quote["steps"],
    }  # fmt: skip


def categories(found: Any) -> dict[str, Money]:
    """A figure of the ledger by kind of payer; under `other` where it is not known by that."""
    return dict(found) if isinstance(found, Mapping) else {OTHER: found}


def _figures(one: FeeAhead) -> Iterator[dict[str, Any]]:
    for name, value in one.figures.items():
        opens = {key: each for key, each in one.opens.get(name, {}).items() if "entered" not in each}
        parts = value if isinstance(value, Mapping) else {next(iter(opens), ""): value}
        for part, amount in parts.items():
            yield {"name": name, "part": part, "value": str(amount), "selection": opens.get(part)}
