"""Questions about the papers that go along with agreements: what is there, what is missing, what ends."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from openmso.agreements.contracts import Agreement, Terms
from openmso.agreements.models.companion import CompanionAsset, CompanionDocument, CompanionNeed
from openmso.agreements.paper import companions
from openmso.agreements.paper import needs as needing
from openmso.agreements.paper.companions import (
    EVENTS,
    POWERS,
    TERMS,
    Asset,
    AssetKind,
    CompanionKind,
    Disposition,
    Held,
    Licence,
    Standing,
    Term,
    TermKind,
)
from openmso.agreements.paper.needs import Need
from openmso.agreements.queries import baas
from openmso.kit.errors import NotFound
from openmso.parties.queries import practices, providers
from openmso.platform.tenancy.models import Tenant
from openmso.platform.ui.contracts import Filters, Page, PageAsk


@dataclass(frozen=True, slots=True)
class Companion:
    """A paper that goes along with an agreement; `ends_on` already knows an early end."""

    public_id: str
    practice: int
    practice_name: str
    agreement: str
    kind: CompanionKind
    state: Standing
    revision: int
    terms: dict[str, Any]
    starts_on: date
    ends_on: date | None
    note: str
    document: str
    document_sha256: str
    mso_signer: str
    practice_signer: str
    signed_on: date | None
    drafted_at: datetime
    drafted_by: str
    drafted_user: str
    recorded_at: datetime | None
    recorded_by: str
    ended_why: str
    assets: tuple[Asset, ...] = ()

    @property
    def days(self) -> int | None:
        """Days of its term; none where it has no end."""
        return (self.ends_on - self.starts_on).days if self.ends_on else None


@dataclass(frozen=True, slots=True)
class Needed:
    """A kind of paper that an agreement needs, or has beyond what it needs, and how that stands on a day."""

    need: Need
    held: Held
    ends_on: date | None
    papers: tuple[Companion, ...]
    baa: str = ""

    @property
    def blocks(self) -> bool:
        """Whether it keeps the agreement from being signed."""
        return self.need.blocks and self.held in {Held.MISSING, Held.ENDED, Held.DRAFTED}


def companion(public_id: str) -> Companion:
    """A paper in scope; raises `NotFound`."""
    found = _companions(CompanionDocument.objects.filter(public_id=public_id))
    if not found:
        raise NotFound("There is no such paper.", field="companion")
    return found[0]


def of(agreement: str) -> list[Companion]:
    """The papers that go along with an agreement, the latest first."""
    return _companions(CompanionDocument.objects.filter(agreement__public_id=agreement))


def signed_in(practice: int, on: date) -> list[Companion]:
    """The signed papers of a practice that hold on a day."""
    rows = _companions(CompanionDocument.objects.filter(practice_id=practice, state=Standing.SIGNED.value))
    return [one for one in rows if one.starts_on <= on and (one.ends_on is None or on < one.ends_on)]


def in_force_of_all() -> list[Companion]:
    """The signed papers of the practices in scope."""
    return _companions(CompanionDocument.objects.filter(state=Standing.SIGNED.value))


def listing(*, filters: Filters, page: PageAsk, on: date) -> Page[Companion]:
    """The papers in scope, by practice, kind, standing or what ends soon."""
    found = CompanionDocument.objects.all()
    if kinds := filters.many("kind"):
        found = found.filter(kind__in=kinds)
    if states := filters.many("is"):
        found = found.filter(state__in=states)
    if filters.many("ends"):
        found = found.filter(state=Standing.SIGNED.value, ends_on__lte=on + companions.AHEAD)
    words = filters.text.lower()
    rows = [one for one in _companions(found) if not words or words in _searched(one)]
    key = page.sort if page.sort in {"practice_name", "kind", "state", "starts_on", "ends_on"} else "practice_name"
    rows.sort(key=lambda one: (getattr(one, key) or date.max, one.public_id), reverse=page.desc)
    return Page(rows[page.offset : page.offset + page.size], len(rows), page)


def _searched(one: Companion) -> str:
    return f"{one.practice_name} {one.public_id} {one.kind.label} {one.agreement} {one.note}".lower()


def needs() -> tuple[Need, ...]:
    """Which agreements need what, as it is written now."""
    held = {one.kind: one for one in needing.NEEDS}
    for row in CompanionNeed.objects.order_by("number"):
        held[CompanionKind(row.kind)] = needing.need_of(row.body)
    return tuple(held[kind] for kind in CompanionKind)


def needed(agreement: Agreement, terms: Terms, *, state: str, on: date) -> list[Needed]:
    """What an agreement's mode, state and lines need on a day; then what it has besides."""
    papers: dict[CompanionKind, list[Companion]] = defaultdict(list)
    for one in of(agreement.public_id):
        papers[one.kind].append(one)
    lines = [line.code for line in terms.lines]
    return [
        _needed(need, papers[need.kind], agreement.practice, on)
        for need in needs()
        if need.concerns(terms.mode, state, lines) or any(one.state is Standing.SIGNED for one in papers[need.kind])
    ]


def _needed(need: Need, mine: list[Companion], practice: int, on: date) -> Needed:
    if need.kind is CompanionKind.BAA:
        spans = [(one.days.starts_on, one.days.ends_on) for one in baas.of(practice)]
        held, ends_on = needing.held(spans, has_draft=False, on=on)
        now = baas.in_force(practice, on)
        return Needed(need, held, ends_on, (), now.public_id if now else "")
    signed = [(one.starts_on, one.ends_on) for one in mine if one.state in {Standing.SIGNED, Standing.ENDED}]
    has_draft = any(one.state is Standing.DRAFT for one in mine)
    held, ends_on = needing.held(signed, has_draft=has_draft, on=on)
    shown = tuple(one for one in mine if one.state is not Standing.DROPPED)
    return Needed(need, held, ends_on, shown)


def licence_of(practice: int, clinician: str, *, on: date) -> Licence | None:
    """The licence of a clinician of a practice; none where there is no such clinician there."""
    found = next((one for one in providers.clinicians(practice) if one.public_id == clinician), None)
    if found is None:
        return None
    is_there = found.starts_on <= on and (found.ends_on is None or on < found.ends_on)
    return Licence(found.name, found.licence_state, found.licence_number, is_there)


def legal_facts(practice: int, on: date) -> dict[str, Any]:
    """What signed papers of a practice tell the rules of law on a day."""
    told: dict[str, Any] = {}
    for one in signed_in(practice, on):
        told |= companions.facts(one.kind, one.terms, days=one.days)
    return told


def said(one: Companion) -> list[tuple[str, str]]:
    """The terms of a paper in words."""
    return [(term.label, _words(term, one.terms.get(term.name), one.practice)) for term in TERMS[one.kind]]


def _words(term: Term, value: Any, practice: int) -> str:
    match term.kind:
        case TermKind.FLAG:
            return "yes" if value else "no"
        case TermKind.MANY:
            known = {**EVENTS, **POWERS}
            return "; ".join(known[one] for one in value) or "none"
        case TermKind.CHOICE:
            return dict(term.choices).get(value, str(value))
        case TermKind.MONEY if value:
            return f"${Decimal(value):,.2f}"
        case TermKind.RATE if value:
            return f"{value} %"
        case TermKind.CLINICIAN if value:
            licence = licence_of(practice, value, on=date.max)
            return f"{licence.name}, {licence.state} {licence.number}" if licence else value
        case _:
            return str(value or "–")


def state_of(practice: int, on: date) -> str:
    """The state of a practice on a day."""
    return practices.practice(practice, on=on).state


def _companions(found: QuerySet[CompanionDocument]) -> list[Companion]:
    rows = list(found.select_related("agreement").order_by("-pk"))
    if not rows:
        return []
    names = Tenant.objects.in_bulk({row.practice_id for row in rows})
    assets: dict[tuple[int, int], list[Asset]] = defaultdict(list)
    lists = [row.pk for row in rows if row.kind == CompanionKind.ASSETS.value]
    for line in CompanionAsset.objects.filter(companion__in=lists).order_by("place") if lists else ():
        assets[line.companion_id, line.revision].append(
            Asset(line.name, AssetKind(line.kind), line.is_clinical, Disposition(line.disposition), line.amount)
        )
    return [
        Companion(
            row.public_id, row.practice_id, names[row.practice_id].name, row.agreement.public_id,
            CompanionKind(row.kind), Standing(row.state), row.revision, row.terms, row.starts_on,
            row.ended_on or row.ends_on, row.note, row.document, row.document_sha256, row.mso_signer,
            row.practice_signer, row.signed_on, row.drafted_at, row.drafted_by, row.drafted_user, row.recorded_at,
            row.recorded_by, row.ended_why, tuple(assets[row.pk, row.revision]),
        )
        for row in rows
    ]  # fmt: skip
