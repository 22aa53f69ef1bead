"""Questions about payers; they are one register for all, so no scope is needed."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, Q, QuerySet

from openmso.kit.errors import NotFound
from openmso.parties import contracts
from openmso.parties.contracts import Address, Filing, PayerKind
from openmso.parties.models.payers import Payer
from openmso.platform.ui.contracts import Filters, Page, PageAsk

_SORTS = {"name": "name", "edi_id": "edi_id", "kind": "kind", "timely_filing_days": "timely_filing_days"}


def payer(payer: int) -> contracts.Payer:
    """A payer by its key; raises `NotFound`."""
    return _only(Payer.objects.filter(pk=payer))


def by_public_id(public_id: str) -> contracts.Payer:
    """A payer by its public id; raises `NotFound`."""
    return _only(Payer.objects.filter(public_id=public_id))


def by_edi_id(edi_id: str) -> contracts.Payer | None:
    """The open payer with an EDI id, if there is one."""
    row = Payer.objects.filter(edi_id=edi_id, closed_on=None).first()
    return _payer(row) if row else None


def every() -> list[contracts.Payer]:
    """All open payers, by name."""
    return [_payer(row) for row in Payer.objects.filter(closed_on=None).order_by("name", "pk")]


def kinds_by_edi_id() -> dict[str, str]:
    """The line of business of every open payer, by its EDI id."""
    return dict(Payer.objects.filter(closed_on=None).exclude(edi_id="").values_list("edi_id", "kind"))


def kinds() -> dict[int, str]:
    """The line of business of every payer by its key, of those that were closed too."""
    return dict(Payer.objects.values_list("pk", "kind"))


def names() -> dict[int, str]:
    """The name of every payer by its key, of those that were closed too."""
    return dict(Payer.objects.values_list("pk", "name"))


def named(keys: Collection[int]) -> dict[int, tuple[str, str]]:
    """Public id and name of some payers, by their keys."""
    return {key: (name, words) for key, name, words in Payer.objects.filter(pk__in=keys).values_list(
        "pk", "public_id", "name")}  # fmt: skip


def keys(public_ids: Collection[str]) -> list[int]:
    """The keys of some payers."""
    return list(Payer.objects.filter(public_id__in=public_ids).order_by("pk").values_list("pk", flat=True))


def choices() -> list[tuple[str, str]]:
    """All open payers as (public id, name), for filters and forms."""
    return list(Payer.objects.filter(closed_on=None).order_by("name").values_list("public_id", "name"))


def all_choices() -> list[tuple[str, str]]:
    """The same of payers that were closed too, for figures of the past."""
    return list(Payer.objects.order_by("name", "pk").values_list("public_id", "name"))


def listing(*, filters: Filters, page: PageAsk) -> Page[contracts.Payer]:
    """The register, narrowed and sorted."""
    rows = Payer.objects.all()
    if filters.text:
        rows = rows.filter(Q(name__icontains=filters.text) | Q(edi_id__istartswith=filters.text))
    if filters.many("kind"):
        rows = rows.filter(kind__in=filters.many("kind"))
    order = F(_SORTS.get(page.sort, "name"))
    rows = rows.order_by(order.desc() if page.desc else order.asc(), "pk")
    return Page([_payer(row) for row in rows[page.offset : page.offset + page.size]], rows.count(), page)


def _only(found: QuerySet[Payer]) -> contracts.Payer:
    row = found.first()
    if row is None:
        raise NotFound("There is no such payer.", field="payer")
    return _payer(row)


def _payer(row: Payer) -> contracts.Payer:
    address = Address(row.claim_line1, row.claim_line2, row.claim_city, row.claim_state, row.claim_zip)
    return contracts.Payer(
        row.pk, row.public_id, row.name, row.edi_id, PayerKind(row.kind), Filing(row.filing), row.timely_filing_days,
        row.corrected_days, row.appeal_days, address, row.phone, row.closed_on,
    )  # fmt: skip
