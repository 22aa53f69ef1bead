"""Questions about authorizations and the rules of payers that ask for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from openmso.eligibility import registry
from openmso.eligibility.contracts import Authorization, AuthorizationRule, Permit, RequestRow
from openmso.eligibility.models import Authorization as AuthorizationRow
from openmso.eligibility.models import AuthorizationRule as RuleRow
from openmso.eligibility.models import Request as RequestModel
from openmso.eligibility.rules import permits as judging
from openmso.eligibility.states import R
from openmso.kit.errors import NotFound
from openmso.parties.queries import payers
from openmso.patients import queries as patients
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui import paging
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.platform.ui.narrowing import by_terms

asks = judging.asks
"""Whether a rule asks for its permit for a service."""
lacking = judging.judge
"""What a line of a claim lacks, by rules and authorizations that were asked for together."""


def payers_that_ask(practice: int) -> list[int]:
    """The payers that ask a practice for permits."""
    rows = RuleRow.objects.filter(practice_id=practice).order_by("payer_id")
    return list(rows.values_list("payer_id", flat=True).distinct())


def rules_of(practices: Collection[int], payer_ids: Collection[int]) -> list[AuthorizationRule]:
    """What some payers ask for in some practices."""
    return _rules(RuleRow.objects.filter(practice_id__in=list(practices), payer_id__in=list(payer_ids)))


def of_patients(patient_ids: Collection[int]) -> list[Authorization]:
    """The authorizations of some patients, the one that ends last first."""
    return _held(AuthorizationRow.objects.filter(patient_id__in=list(patient_ids)).order_by("-ends_on", "pk"))


def one(public_id: str) -> Authorization:
    """One authorization; raises `NotFound`."""
    found = _held(AuthorizationRow.objects.filter(public_id=public_id))
    if not found:
        raise NotFound(f"There is no authorization {public_id}.")
    return found[0]


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
    held = _held(shown)
    used = registry.used([one for one in held if one.units is not None])
    rows = [replace(one, used=used.get(one.public_id, Decimal(0))) if one.units is not None else one for one in held]
    return Page(rows, found.count(), page)


def requests(*, filters: Filters, page: PageAsk) -> Page[RequestRow]:
    """A page of the requests in scope, the latest first."""
    found = RequestModel.objects.all()
    if states := filters.many("is"):
        found = found.filter(state__in=states)
    if chosen := filters.many("payer"):
        found = found.filter(payer_id__in=payers.keys(chosen))
    if text := filters.text.strip():
        found = found.filter(
            Q(public_id__iexact=text) | Q(number__iexact=text) | Q(patient_id__in=patients.ids_named(text))
        )
    return Page(_requested(paging.rows(found, ("-asked_at", "pk"), page)), found.count(), page)


def request(public_id: str) -> RequestRow:
    """One request; raises `NotFound`."""
    row = RequestModel.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no request {public_id}.")
    return _requested([row])[0]


def requests_of_claim(claim: str) -> list[RequestRow]:
    """What payers were asked for because a claim lacked it, the latest first."""
    return _requested(RequestModel.objects.filter(claim=claim).order_by("-pk"))


def _requested(rows: Sequence[RequestModel] | QuerySet[RequestModel]) -> list[RequestRow]:
    held = list(rows)
    names = patients.names_of({row.patient_id for row in held})
    paying = payers.names() if held else {}
    practices = {tenant.pk: tenant.name for tenant in tenancy.tenants()} if held else {}
    yes = AuthorizationRow.objects.filter(pk__in=[row.authorization_id for row in held if row.authorization_id])
    made = dict(yes.values_list("pk", "public_id"))
    return [
        RequestRow(
            row.public_id, row.practice_id, practices.get(row.practice_id, ""), names.get(row.patient_id, ""),
            paying.get(row.payer_id, ""), Permit(row.kind), row.code, row.units, row.starts_on, row.ends_on,
            tuple(row.diagnoses), R(row.state), row.words, row.number, made.get(row.authorization_id or 0, ""),
            row.claim, row.asked_at, row.asked_by, row.answered_at, row.document, row.answer,
        )
        for row in held
    ]  # fmt: skip


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
