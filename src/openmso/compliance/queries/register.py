"""Questions about the register: arrangements with all that was added to them, how they stand, what runs out."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from openmso.compliance.contracts import (
    Answer,
    Arrangement,
    ArrangementRow,
    Ending,
    Known,
    Opinion,
    Relative,
    Term,
)
from openmso.compliance.models import register as tables
from openmso.compliance.rules import checklists, terms
from openmso.compliance.states import Kind, Method, Party, Pay, Said, Side
from openmso.kit.clock import day_in
from openmso.kit.errors import NotFound
from openmso.parties.queries import providers
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.platform.ui.contracts import Term as Asked

LATE = date.max


def arrangement(public_id: str) -> Arrangement:
    """One arrangement with all that was added to it; raises `NotFound`."""
    found = told(tables.Arrangement.objects.filter(public_id=public_id))
    if not found:
        raise NotFound(f"There is no arrangement {public_id}.", field="arrangement")
    return found[0]


def in_scope(*, practice: int | None = None) -> list[Arrangement]:
    """The arrangements in scope, or those of a tenant."""
    rows = tables.Arrangement.objects.all()
    return told(rows if practice is None else rows.filter(practice_id=practice))


def known() -> tuple[Known, ...]:
    """The clinicians of the practices in scope, now or ever: physicians, whether they have an arrangement or not."""
    return tuple(
        Known(one.name, "a clinician of a practice", one.npi)
        for tenant in tenancy.tenants_in_scope() if not tenant.is_mso
        for one in providers.clinicians(tenant.pk)
    )  # fmt: skip


def listing(*, filters: Filters, page: PageAsk, at: datetime) -> Page[ArrangementRow]:
    """The register: the arrangements in scope as they stand on the days of their practices at an instant."""
    rows = tables.Arrangement.objects.all()
    if filters.text:
        word = filters.text
        rows = rows.filter(
            Q(title__icontains=word) | Q(name__icontains=word) | Q(public_id__iexact=word) | Q(npi=word)
            | Q(ein=word.replace("-", "")) | Q(practice__name__icontains=word)
        )  # fmt: skip
    if codes := filters.many("practice"):
        rows = rows.filter(practice_id__in=tenancy.keys_of([one.lower() for one in codes]))
    for key in ("kind", "party"):
        if wanted := filters.many(key):
            rows = rows.filter(**{f"{key}__in": wanted})
    days = {one.pk: day_in(one.zone, at) for one in tenancy.tenants_in_scope()}
    found = [_row(one, days[one.practice]) for one in told(rows)]
    if states := filters.many("is"):
        found = [one for one in found if one.standing in states]
    if filters.flag("gaps"):
        found = [one for one in found if one.gaps]
    for key, day in (("ends", "last_on"), ("value", "fmv_on")):
        for asked in filters.terms_of(key):
            found = [one for one in found if _meets(asked, getattr(one, day))]
    found.sort(key=lambda one: (_SORTS.get(page.sort, _SORTS["name"])(one), one.public_id), reverse=page.desc)
    return Page(found[page.offset : page.offset + page.size], len(found), page)


_SORTS: Mapping[str, Callable[[ArrangementRow], Any]] = {
    "title": lambda one: one.title.casefold(), "name": lambda one: one.name.casefold(),
    "practice_name": lambda one: one.practice_name, "kind": lambda one: one.kind, "party": lambda one: one.party,
    "standing": lambda one: one.standing, "starts_on": lambda one: one.starts_on or LATE,
    "last_on": lambda one: one.last_on or LATE, "fmv_on": lambda one: one.fmv_on or LATE, "gaps": lambda one: one.gaps,
}  # fmt: skip


_HOLDS: Mapping[str, Callable[[date, date], bool]] = {
    "=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def _meets(asked: Asked, day: date | None) -> bool:
    return day is not None and _HOLDS[asked.op](day, asked.value)


def _row(one: Arrangement, on: date) -> ArrangementRow:
    term = terms.holding(one, on) or (one.terms[-1] if one.terms else None)
    opinion = terms.opinion_on(one.opinions, term.pay, on) if term else None
    return ArrangementRow(
        one.public_id, one.practice, one.practice_code, one.practice_name, one.title, one.kind, one.party, one.name,
        one.npi, one.ein, terms.standing(one, on), term.formula if term else "", term.starts_on if term else None,
        term.last_on if term else None, opinion.expires_on if opinion else None, term.signed_on if term else None,
        checklists.gaps(one, on=on), one.registered_at,
    )  # fmt: skip


def told(rows: QuerySet[tables.Arrangement]) -> list[Arrangement]:
    """Arrangements with all that was added to them, in the order in which they were registered: eight questions."""
    kept = list(rows.select_related("practice").order_by("pk"))
    signed, active = _signed(kept), _active(kept)
    every = _by(
        tables.Term.objects.filter(arrangement__in=kept).order_by("number"),
        lambda row: _term(row, signed, active.get(row.pk)),
    )
    opinions = _by(tables.Opinion.objects.filter(arrangement__in=kept).order_by("opined_on", "pk"), _opinion)
    relatives = _by(tables.Relative.objects.filter(arrangement__in=kept).order_by("pk"), _relative)
    answers = _by(tables.Answer.objects.filter(arrangement__in=kept).order_by("pk"), _answer)
    endings = _by(tables.Ending.objects.filter(arrangement__in=kept), _ending)
    return [
        Arrangement(
            row.pk, row.public_id, row.practice_id, row.practice.code, row.practice.name, row.title, Kind(row.kind),
            Party(row.party), row.name, row.npi, row.ein, row.relation, tuple(every[row.pk]), tuple(opinions[row.pk]),
            tuple(relatives[row.pk]), tuple(answers[row.pk]), next(iter(endings[row.pk]), None), row.recorded_at,
            row.recorded_by,
        )
        for row in kept
    ]  # fmt: skip


def _by(rows: Iterable[Any], tell: Callable[[Any], Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.arrangement_id].append(tell(row))
    return found


def _signed(kept: Iterable[tables.Arrangement]) -> dict[tuple[int, str], date]:
    rows = tables.Signature.objects.filter(term__arrangement__in=kept)
    return {(term, side): on for term, side, on in rows.values_list("term_id", "side", "signed_on")}


def _active(kept: Iterable[tables.Arrangement]) -> dict[int, tables.Activation]:
    return {row.term_id: row for row in tables.Activation.objects.filter(term__arrangement__in=kept)}


def _term(
    row: tables.Term, signed: Mapping[tuple[int, str], date], active: tables.Activation | None
) -> Term:  # fmt: skip
    return Term(
        row.services, Pay(row.pay), row.rate_amount, row.starts_on, row.ends_on, row.written_on, row.reasonable,
        tuple(row.grounds), row.hours_cap, row.unit_words, row.in_advance, row.by_volume, row.holdover, row.why,
        public_id=row.public_id, number=row.number, document=row.document,
        ours_signed_on=signed.get((row.pk, Side.OURS)), party_signed_on=signed.get((row.pk, Side.PARTY)),
        activated_on=active.activated_on if active else None, recorded_at=row.recorded_at,
        recorded_by=row.recorded_by, activated_at=active.recorded_at if active else None,
        activated_by=active.recorded_by if active else "",
    )  # fmt: skip


def _opinion(row: tables.Opinion) -> Opinion:
    return Opinion(
        row.public_id, Method(row.method), row.low_amount, row.high_amount, Pay(row.unit), row.appraiser,
        row.opined_on, row.expires_on, row.words, row.document, row.recorded_at, row.recorded_by,
    )  # fmt: skip


def _relative(row: tables.Relative) -> Relative:
    return Relative(row.name, row.relation, row.npi, row.ein)


def _answer(row: tables.Answer) -> Answer:
    return Answer(row.element, Said(row.said), row.evidence, row.document, row.recorded_at, row.recorded_by)


def _ending(row: tables.Ending) -> Ending:
    return Ending(row.ends_on, row.why, row.recorded_at, row.recorded_by)
