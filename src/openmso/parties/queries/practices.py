"""Questions about practices, their legal entities, accounts and contacts, and about the MSO."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from openmso.kit.clock import day_in
from openmso.kit.errors import NotFound, Refused
from openmso.parties import contracts
from openmso.parties.contracts import AccountUse, Basis, ContactRole, EntityForm, Ownership, Specialty, TaxStatus
from openmso.parties.models.clinicians import Clinician
from openmso.parties.models.dated import Dated
from openmso.parties.models.practices import BankAccount, EntityName, LegalEntity, Mso, Practice, PracticeName
from openmso.parties.models.providers import BillingProvider, Site
from openmso.parties.models.vendors import Contact
from openmso.platform.access.contracts import Actor
from openmso.platform.ui.contracts import Filters, Page, PageAsk

D = TypeVar("D", bound=Dated)
_SORTS = {"name": "practice__name", "code": "practice__code", "specialty": "specialty", "state": "state"}


def holding(rows: Iterable[D], on: date) -> D:
    """The row that holds on a day: the last one that has begun, the latest record of it; before all, the first."""
    ordered = sorted(rows, key=lambda row: (row.starts_on, row.recorded_at))
    begun = [row for row in ordered if row.starts_on <= on]
    return begun[-1] if begun else ordered[0]


def mso(tenant: int | None = None) -> contracts.Mso:
    """The MSO of a tenant, or the only one; raises `NotFound` where there is none or several."""
    found = msos() if tenant is None else [one for one in msos() if one.id == tenant]
    if len(found) != 1:
        raise NotFound("Say which MSO is meant." if found else "No MSO is registered yet.", field="mso")
    return found[0]


def msos() -> list[contracts.Mso]:
    """Every MSO of this installation, by name."""
    rows = Mso.objects.select_related("tenant").order_by("tenant__name")
    return [
        contracts.Mso(
            row.pk, row.tenant.code, row.tenant.name, row.legal_name, Ownership(row.ownership),
            TaxStatus(row.tax_status), row.state, row.tenant.zone, row.tenant.public_id,
        )
        for row in rows
    ]  # fmt: skip


def mso_where(actor: Actor, permission: str) -> int:
    """The MSO in which one has a permission, so that one speaks for the network; 0 for none."""
    return next((one.id for one in msos() if actor.can(permission, one.id)), 0)


def mso_that_decides(actor: Actor, permission: str, *, otherwise: str) -> int:
    """The same, of what only the MSO decides; raises `Refused` with the words `otherwise` for anybody else."""
    if not (mine := mso_where(actor, permission)):
        raise Refused(otherwise, code="not_the_mso")
    return mine


def practice(practice: int, *, on: date) -> contracts.Practice:
    """A practice in scope as of a day; raises `NotFound`."""
    return _told(_one(pk=practice), on)


def by_code(code: str, *, on: date) -> contracts.Practice:
    """A practice in scope by its short code."""
    return _told(_one(practice__code=code.upper()), on)


def by_public_id(public_id: str, *, at: datetime) -> contracts.Practice:
    """A practice in scope by its public id, as of its own day at an instant; raises `NotFound`."""
    row = _one(practice__public_id=public_id)
    return _told(row, day_in(row.practice.zone, at))


def specialties() -> dict[int, Specialty]:
    """What each practice in scope does."""
    return {key: Specialty(one) for key, one in Practice.objects.values_list("pk", "specialty")}


def listing(*, filters: Filters, page: PageAsk) -> Page[contracts.PracticeRow]:
    """The practices in scope, narrowed and sorted."""
    rows = Practice.objects.select_related("practice").annotate(
        clinicians=_count(Clinician.objects.filter(ends_on=None)),
        sites=_count(Site.objects.filter(closed_on=None)),
        billers=_count(BillingProvider.objects.filter(closed_on=None)),
    )
    if filters.text:
        rows = rows.filter(Q(practice__name__icontains=filters.text) | Q(practice__code__istartswith=filters.text))
    for key in ("specialty", "state"):
        if filters.many(key):
            rows = rows.filter(**{f"{key}__in": filters.many(key)})
    order = F(_SORTS.get(page.sort, "practice__name"))
    rows = rows.order_by(order.desc() if page.desc else order.asc(), "pk")
    shown = rows[page.offset : page.offset + page.size]
    return Page([_row(row) for row in shown], rows.count(), page)


def entities(practice: int, *, on: date) -> list[contracts.LegalEntity]:
    """The legal entities of a tenant as of a day."""
    return _entities(LegalEntity.objects.filter(practice_id=practice), on)


def entity(entity: int, *, on: date) -> contracts.LegalEntity:
    """A legal entity in scope by its key; raises `NotFound`."""
    found = _entities(LegalEntity.objects.filter(pk=entity), on)
    if not found:
        raise NotFound("There is no such legal entity.", field="entity")
    return found[0]


def entity_by_public_id(public_id: str, *, on: date) -> contracts.LegalEntity:
    """A legal entity in scope by its public id; raises `NotFound`."""
    found = _entities(LegalEntity.objects.filter(public_id=public_id), on)
    if not found:
        raise NotFound("There is no such legal entity.", field="entity")
    return found[0]


def accounts(*practices: int) -> list[contracts.BankAccount]:
    """The bank accounts of some tenants, tenant by tenant, open ones first."""
    rows = BankAccount.objects.filter(practice_id__in=practices)
    ordered = rows.order_by("practice_id", F("closed_on").desc(nulls_first=True), "name")
    return [_account(row) for row in ordered]


def account_names(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Public id and name of bank accounts, by key; their numbers stay sealed."""
    rows = BankAccount.objects.filter(pk__in=ids).values_list("pk", "public_id", "name")
    return {pk: (public_id, name) for pk, public_id, name in rows}


def account(public_id: str, *, practice: int) -> contracts.BankAccount:
    """A bank account of a tenant; raises `NotFound`."""
    row = BankAccount.objects.filter(practice_id=practice, public_id=public_id).first()
    if row is None:
        raise NotFound("There is no such bank account.", field="account")
    return _account(row)


def contacts(practice: int, *, on: date) -> list[contracts.Contact]:
    """The people to call at a tenant on a day."""
    rows = Contact.objects.filter(practice_id=practice, starts_on__lte=on).exclude(ends_on__lte=on)
    return [
        contracts.Contact(row.public_id, row.practice_id, row.name, ContactRole(row.role), row.email, row.phone)
        for row in rows.order_by("role", "name")
    ]


def _one(**by: object) -> Practice:
    row = Practice.objects.select_related("practice").filter(**by).first()
    if row is None:
        raise NotFound("There is no such practice.", field="practice")
    return row


def _told(row: Practice, on: date) -> contracts.Practice:
    tenant = row.practice
    legal_name = holding(PracticeName.objects.filter(practice_id=row.pk), on).legal_name
    return contracts.Practice(
        row.pk, tenant.public_id, tenant.code, tenant.name, legal_name, Specialty(row.specialty), row.state, tenant.zone
    )


def _entities(found: QuerySet[LegalEntity], on: date) -> list[contracts.LegalEntity]:
    rows = list(found.order_by("pk"))
    names: dict[int, list[EntityName]] = {}
    for name in EntityName.objects.filter(legal_entity__in=rows):
        names.setdefault(name.legal_entity_id, []).append(name)
    return [
        contracts.LegalEntity(
            row.pk, row.public_id, row.practice_id, holding(names[row.pk], on).legal_name, EntityForm(row.form),
            row.ein, Basis(row.basis), row.fiscal_year_starts, row.closed_on,
        )
        for row in rows
    ]  # fmt: skip


def _account(row: BankAccount) -> contracts.BankAccount:
    return contracts.BankAccount(
        row.pk, row.public_id, row.practice_id, row.legal_entity_id, row.name, row.bank_name, row.routing,
        str(row.account_number or ""), AccountUse(row.use), row.closed_on,
    )  # fmt: skip


def _row(row: Practice) -> contracts.PracticeRow:
    counts: Sequence[int] = (row.clinicians, row.sites, row.billers)  # type: ignore[attr-defined]
    tenant = row.practice
    return contracts.PracticeRow(
        tenant.public_id, tenant.code, tenant.name, Specialty(row.specialty), row.state, *counts
    )


def _count(rows: QuerySet[Clinician] | QuerySet[Site] | QuerySet[BillingProvider]) -> Coalesce:
    """How many of these rows belong to the practice of the outer row."""
    counted = rows.filter(practice_id=OuterRef("pk")).order_by().values("practice_id").annotate(n=Count("*"))
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)
