"""Questions about service agreements and business associate agreements of the practices in scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date

from django.db.models import QuerySet

from openmso.agreements import rules, termsheet
from openmso.agreements.contracts import (
    Agreement,
    AgreementRow,
    Draft,
    Move,
    Party,
    S,
    Side,
    Signer,
    Version,
)
from openmso.agreements.fees.sentences import sentence
from openmso.agreements.models.agreement import (
    AgreementDraft,
    AgreementMove,
    AgreementVersion,
    ServiceAgreement,
    Signature,
)
from openmso.agreements.queries import baas
from openmso.kit.errors import NotFound
from openmso.kit.periods import DayRange
from openmso.parties.queries import practices
from openmso.platform.tenancy.models import Tenant
from openmso.platform.ui.contracts import Filters, Page, PageAsk


def agreement(public_id: str) -> Agreement:
    """An agreement in scope with all its versions; raises `NotFound`."""
    found = _agreements(ServiceAgreement.objects.filter(public_id=public_id))
    if not found:
        raise NotFound("There is no such agreement.", field="agreement")
    return found[0]


def of(*practices: int) -> list[Agreement]:
    """All agreements of a practice, or of several, the first one first."""
    return _agreements(ServiceAgreement.objects.filter(practice_id__in=practices))


def every() -> list[Agreement]:
    """All agreements in scope."""
    return _agreements(ServiceAgreement.objects.all())


def signers_for(practice: int) -> set[str]:
    """The names of those who signed executed agreements for a practice."""
    rows = Signature.objects.filter(practice_id=practice, side=Side.PRACTICE)
    return set(rows.values_list("name", flat=True))


def in_force(practice: int, on: date) -> Version | None:
    """The version that holds in a practice on a day, if any; a practice has one agreement in force at a time."""
    versions = (one.version_on(on) for one in of(practice))
    return next((version for version in versions if version is not None), None)


def versions_in(practice: int, period: DayRange) -> list[tuple[Version, DayRange]]:
    """The versions that hold within a period, each with its days: an amendment inside a month gives two."""
    return versions_of([practice], period).get(practice, [])


def versions_of(practices: Collection[int], period: DayRange) -> dict[int, list[tuple[Version, DayRange]]]:
    """The same for several practices, by practice; one of which none holds is left out."""
    found: dict[int, list[tuple[Version, DayRange]]] = defaultdict(list)
    for one in of(*practices):
        for version, holds in holding_days(one):
            days = holds.meets(period)
            if days is not None:
                found[one.practice].append((version, days))
    return {practice: sorted(held, key=lambda pair: pair[1].starts_on) for practice, held in found.items()}


def holding_days(agreement: Agreement) -> Iterator[tuple[Version, DayRange]]:
    """Each version of an agreement with the days on which it holds; a version that never held is left out."""
    starts = [version.starts_on for version in agreement.versions]
    for number, version in enumerate(agreement.versions):
        ends = [*starts[number + 1 : number + 2], version.terms.days.ends_on, agreement.terminated_on]
        end = min((day for day in ends if day is not None), default=None)
        if end is None or end > version.starts_on:
            yield version, DayRange(version.starts_on, end)


def moves(public_id: str) -> list[Move]:
    """The life of an agreement, step by step."""
    rows = AgreementMove.objects.filter(agreement__public_id=public_id).order_by("moved_at", "pk")
    return [Move(S(row.to_state), row.moved_at, row.moved_by, row.why) for row in rows]


def party(tenant: int, entity: int, *, on: date) -> Party:
    """A party as it would sign on a day; the entity is one of the tenant's, in scope."""
    found = practices.entity(entity, on=on)
    if found.practice != tenant:
        raise NotFound("This legal entity belongs to somebody else.", field="entity")
    return Party(tenant, entity, found.legal_name, found.ein)


def listing(*, filters: Filters, page: PageAsk, on: date) -> Page[AgreementRow]:
    """The agreements in scope as of a day. There are as many as practices, so they are sorted in memory."""
    covered = baas.covered(on)
    found = _named(every())
    rows = [_row(one, tenant, on, one.practice in covered) for one, tenant in found]
    words = filters.text.lower()
    kept = [
        row
        for row in rows
        if (not words or words in f"{row.practice_name} {row.practice_code} {row.public_id}".lower())
        and (not filters.many("is") or row.standing in filters.many("is"))
        and (not filters.many("mode") or row.mode in filters.many("mode"))
    ]
    key = page.sort if page.sort in {"practice_name", "starts_on", "ends_on", "mode", "standing"} else "practice_name"
    kept.sort(key=lambda row: (getattr(row, key) or date.max, row.public_id), reverse=page.desc)
    return Page(kept[page.offset : page.offset + page.size], len(kept), page)


def _named(found: Iterable[Agreement]) -> Iterator[tuple[Agreement, Tenant]]:
    found = list(found)
    tenants = Tenant.objects.in_bulk([one.practice for one in found])
    return ((one, tenants[one.practice]) for one in found)


def _row(one: Agreement, tenant: Tenant, on: date, covered: bool) -> AgreementRow:
    version = one.version_on(on) or one.latest
    shown = version or one.draft
    assert shown is not None, "an agreement has a draft or a version"
    terms = shown.terms
    return AgreementRow(
        one.public_id, tenant.name, tenant.code, terms.mode, rules.standing(one, on), shown.number,
        terms.days.starts_on, one.terminated_on or terms.days.ends_on, len(terms.lines),
        sentence(terms.fee) if terms.fee is not None else "", covered,
    )  # fmt: skip


def _agreements(found: QuerySet[ServiceAgreement]) -> list[Agreement]:
    rows = list(found.order_by("pk"))
    versions = _versions(rows)
    drafts = {row.agreement_id: row for row in AgreementDraft.objects.filter(agreement__in=rows)}
    return [
        Agreement(
            row.public_id, row.practice_id, row.mso_id, S(row.state), tuple(versions[row.pk]),
            _draft(row, drafts.get(row.pk)), row.terminated_on, row.terminated_why, row.winds_down_until,
            tuple(row.wind_down_lines),
        )
        for row in rows
    ]  # fmt: skip


def _versions(rows: list[ServiceAgreement]) -> dict[int, list[Version]]:
    ids = {row.pk: row.public_id for row in rows}
    kept = list(AgreementVersion.objects.filter(agreement__in=rows).order_by("number"))
    signers: dict[int, list[Signer]] = defaultdict(list)
    for signature in Signature.objects.filter(version__in=kept).order_by("signed_at", "pk"):
        signers[signature.version_id].append(
            Signer(Side(signature.side), signature.name, signature.title, signature.signed_at)
        )
    versions: dict[int, list[Version]] = defaultdict(list)
    for row in kept:
        versions[row.agreement_id].append(
            Version(
                row.public_id, ids[row.agreement_id], row.number, row.starts_on, termsheet.from_json(row.terms),
                row.summary, row.document, row.document_sha256, row.executed_at, tuple(signers[row.pk]),
            )
        )  # fmt: skip
    return versions


def _draft(row: ServiceAgreement, draft: AgreementDraft | None) -> Draft | None:
    if draft is None:
        return None
    return Draft(
        row.public_id,
        draft.number,
        draft.starts_on,
        termsheet.from_json(draft.terms),
        draft.summary,
        draft.revised_at,
        draft.drafted_by,
    )
