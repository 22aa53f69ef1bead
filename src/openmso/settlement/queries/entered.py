"""Questions about figures that people enter: the list, one with its history, what terms ask for, what is waited for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from openmso.agreements.fees import charging, naming, sentences
from openmso.agreements.fees.categories import OTHER
from openmso.agreements.queries import agreements
from openmso.kit.errors import NotFound
from openmso.kit.periods import DayRange, Month
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.queries import tenants_in_scope
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.platform.ui.narrowing import by_terms
from openmso.settlement import states
from openmso.settlement.contracts.figures import Figure, Waiting
from openmso.settlement.models import EnteredFigure, FigureConfirmation, Settlement

SORTS = {
    "month": "month", "practice_name": "practice__name", "heading": "name", "amount": "amount",
    "entered_at": "entered_at", "state": "stands",
}  # fmt: skip
PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Asks:
    """A figure that the terms of a practice ask people for: its name, its words, and what is to show it."""

    practice: int
    practice_code: str
    practice_name: str
    name: str
    words: str
    shown_by: str


def listed(filters: Filters, ask: PageAsk) -> Page[Figure]:
    """Figures in scope, the latest month first; what was corrected stays in the list."""
    found = _rows()
    if codes := filters.many("practice"):
        found = found.filter(practice__code__in=[code.upper() for code in codes])
    if stands := filters.many("is"):
        found = found.filter(stands__in=stands)
    if names := filters.many("figure"):
        found = found.filter(name__in=names)
    found = found.filter(by_terms(filters, {"month": "month", "amount": "amount"}))
    if text := filters.text:
        words = text.strip().replace(" ", "_")
        found = found.filter(
            Q(name__icontains=words) | Q(shown_by__icontains=text) | Q(public_id__iexact=text)
            | Q(practice__name__icontains=text)
        )  # fmt: skip
    key = SORTS.get(ask.sort, "month")
    shown = found.order_by(f"-{key}" if ask.desc else key, "practice__name", "name", "-number")
    return Page([_told(row) for row in shown[ask.offset : ask.offset + ask.size]], found.count(), ask)


def figure(public_id: str) -> Figure:
    """A figure by its public id; raises `NotFound`."""
    row = _rows().filter(public_id=public_id).first()
    if row is None:
        raise NotFound("There is no such figure among the practices you may see.")
    return _told(row)


def history(one: Figure) -> list[Figure]:
    """The figure of that name and month as it was entered and corrected, the latest first."""
    found = _rows().filter(practice_id=one.practice, month=one.month.first, name=one.name)
    return [_told(row) for row in found.order_by("-number")]


def used_in(one: Figure) -> list[tuple[str, str]]:
    """The settlements whose fee was computed from a figure: public id and number of the invoice."""
    opens = {one.name: {OTHER: {"entered": one.public_id}}}
    kept = Q(fee__opens__contains=opens) | Q(fee__parts__contains=[{"opens": opens}])
    found = Settlement.objects.filter(kept, practice_id=one.practice).order_by("pk")
    return list(found.values_list("public_id", "invoice"))


def asked(practices: Collection[int], month: Month) -> list[Asks]:
    """What the terms in force in a month ask people of some practices for, by practice, in the order of their use."""
    tenants = {one.pk: one for one in Tenant.objects.filter(pk__in=list(practices))}
    made: dict[tuple[int, str], Asks] = {}
    for practice, held in agreements.versions_of(list(practices), month.range).items():
        tenant = tenants[practice]
        for version, _ in held:
            fee = charging.charged(version.terms, month)
            for name in naming.entered(fee) if fee else ():
                assert fee is not None, "it names the figure"
                made[practice, name] = Asks(
                    practice, tenant.code, tenant.name, name, sentences.name(name, fee.words),
                    fee.entered.get(name, ""),
                )  # fmt: skip
    return sorted(made.values(), key=lambda one: one.practice_name)


def of_month(names: Mapping[int, Iterable[str]], month: Month) -> dict[tuple[int, str], Figure]:
    """The figures of a month as they stand last, by practice and name, confirmed or not."""
    wanted = {(practice, name) for practice, some in names.items() for name in some}
    if not wanted:
        return {}
    found = _rows().filter(
        practice_id__in=[practice for practice, _ in wanted], name__in=[name for _, name in wanted], month=month.first
    ).exclude(stands=states.F.CORRECTED)  # fmt: skip
    told = {(row.practice_id, row.name): _told(row) for row in found}
    return {key: one for key, one in told.items() if key in wanted}


def share(one: Figure, days: DayRange) -> Decimal:
    """A figure's part of some days of its month, by days: all of it for the whole month."""
    return part_of(one.amount, one.month, days)


def part_of(amount: Decimal, month: Month, days: DayRange) -> Decimal:
    """What of a month's amount falls on some of its days, by days."""
    within, every = days.meets(month.range), month.days
    held = (within.days if within else 0) or 0
    return amount if held == every else (amount * held / every).quantize(PLACES)


def missing(practices: Sequence[int], month: Month) -> list[Waiting]:
    """What a month's fees of some practices wait for: what nobody entered, and what nobody confirmed."""
    return [
        Waiting(
            one.practice, one.practice_code, month, one.name, one.words, one.shown_by,
            found.public_id if found else "", found.entered_by if found else "",
        )
        for one, found in needed(practices, month) if found is None or found.state is not states.F.CONFIRMED
    ]  # fmt: skip


def needed(practices: Collection[int], month: Month) -> list[tuple[Asks, Figure | None]]:
    """What a month's fees of some practices ask people for, each with the figure as it stands last."""
    wanted = asked(practices, month)
    names = {one.practice: [each.name for each in wanted if each.practice == one.practice] for one in wanted}
    there = of_month(names, month)
    return [(one, there.get((one.practice, one.name))) for one in wanted]


def unsettled(month: Month) -> list[int]:
    """The practices in scope of which a month is not settled."""
    done = set(Settlement.objects.filter(month=month.first).exclude(state=states.S.WITHDRAWN)
               .values_list("practice_id", flat=True))  # fmt: skip
    return [one.pk for one in tenants_in_scope() if not one.is_mso and one.pk not in done]


def _rows() -> QuerySet[Any]:
    same = {one: OuterRef(one) for one in ("practice_id", "month", "name")}
    later = EnteredFigure.objects.filter(**same, number__gt=OuterRef("number"))
    yes = FigureConfirmation.objects.filter(practice_id=OuterRef("practice_id"), figure_id=OuterRef("pk"))
    return EnteredFigure.objects.select_related("practice").annotate(
        confirmed_on=Subquery(yes.values("confirmed_at")[:1]), confirmed_name=Subquery(yes.values("confirmed_by")[:1]),
        stands=Case(
            When(Exists(later), then=Value(states.F.CORRECTED.value)),
            When(Exists(yes), then=Value(states.F.CONFIRMED.value)),
            default=Value(states.F.WAITS.value), output_field=CharField(),
        ),
    )  # fmt: skip


def _told(row: Any) -> Figure:
    return Figure(
        row.public_id, row.practice_id, row.practice.code, row.practice.name, Month.of(row.month), row.name, row.number,
        row.amount, row.shown_by, row.document, row.why, row.entered_at, row.entered_by, row.entered_user,
        row.confirmed_on, row.confirmed_name or "", states.F(row.stands),
    )  # fmt: skip
