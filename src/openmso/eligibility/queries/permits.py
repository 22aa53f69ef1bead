"""Questions about authorizations and the rules of payers that ask for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Q, QuerySet

from openmso.eligibility.contracts import Authorization, AuthorizationRule, Permit
from openmso.eligibility.models import Authorization as AuthorizationRow
from openmso.eligibility.models import AuthorizationRule as RuleRow
from openmso.eligibility.rules.permits import judge
from openmso.parties.queries import payers
from openmso.patients import queries as patients
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui import paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.platform.ui.narrowing import by_terms

lacking = judge
"""What a line of a claim lacks, by rules and authorizations that were asked for together."""


def rules_of(practices: Collection[int], payer_ids: Collection[int]) -> list[AuthorizationRule]:
    """What some payers ask for in some practices."""
    return _rules(RuleRow.objects.filter(practice_id__in=list(practices), payer_id__in=list(payer_ids)))


def of_patients(patient_ids: Collection[int]) -> list[Authorization]:
    """The authorizations of some patients, the one that ends last first."""
    return _held(AuthorizationRow.objects.filter(patient_id__in=list(patient_ids)).order_by("-ends_on", "pk"))


def ending(practice: int, *, starts_on: date, ends_on: date) -> list[Authorization]:
    """The authorizations of a practice that end from a day to before another."""
    rows = AuthorizationRow.objects.filter(practice_id=practice, ends_on__gte=starts_on, ends_on__lt=ends_on)
    return _held(rows.order_by("ends_on", "pk"))


def rules(*, filters: Filters, page: PageAsk) -> Page[AuthorizationRule]:
    """A page of the rules in scope."""
    found = RuleRow.objects.all()
    if chosen := filters.many("payer"):
        found = found.filter(payer_id__in=payers.keys(chosen))
    shown = paging.rows(found, ("payer_id", "first_code", "pk"), page)
    return Page(_rules(shown), found.count(), page)


def authorizations(*, filters: Filters, page: PageAsk) -> Page[Authorization]:
    """A page of the authorizations in scope, those that end first before others unless asked otherwise."""
    found = _filtered(filters)
    keys = ("-ends_on", "-pk") if page.desc else ("ends_on", "pk")
    shown = list(paging.sorted_whole(found, keys, page)) if filters.text else paging.rows(found, keys, page)
    return Page(_held(shown), found.count(), page)


def _filtered(filters: Filters) -> QuerySet[AuthorizationRow]:
    found = AuthorizationRow.objects.filter(by_terms(filters, {"ends": "ends_on"}))
    if chosen := filters.many("payer"):
        found = found.filter(payer_id__in=payers.keys(chosen))
    if text := filters.text.strip():
        found = found.filter(Q(number__iexact=text) | Q(patient_id__in=patients.ids_named(text)))
    return found


def _rules(rows: Sequence[RuleRow] | QuerySet[RuleRow]) -> list[AuthorizationRule]:
    held = list(rows)
    paying = payers.names() if held else {}
    return [
        AuthorizationRule(
            row.public_id, row.practice_id, row.payer_id, paying.get(row.payer_id, ""), Permit(row.kind),
            row.first_code, row.last_code, tuple(row.places), tuple(row.diagnoses), row.starts_on, row.ends_on,
            row.source,
        )
        for row in held
    ]  # fmt: skip


def _held(rows: Sequence[AuthorizationRow] | QuerySet[AuthorizationRow]) -> list[Authorization]:
    held = list(rows)
    names = patients.names_of({row.patient_id for row in held})
    paying = payers.names() if held else {}
    practices = {tenant.pk: tenant.name for tenant in tenancy.tenants()} if held else {}
    return [
        Authorization(
            row.public_id, row.practice_id, practices.get(row.practice_id, ""), row.patient_id,
            names.get(row.patient_id, ""), row.payer_id, paying.get(row.payer_id, ""), Permit(row.kind), row.number,
            row.first_code, row.last_code, row.starts_on, row.ends_on, row.units, row.note,
        )
        for row in held
    ]  # fmt: skip
