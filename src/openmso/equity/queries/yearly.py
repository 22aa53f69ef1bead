"""Questions about the statements that practices have as holders: theirs alone, by the practice that holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from openmso.equity.contracts.yearly import ClassYear, HolderStatement
from openmso.equity.models import yearly as kept
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Filters, Page, PageAsk

SORTS: Mapping[str, Callable[[HolderStatement], Any]] = {
    "ends_on": lambda one: one.ends_on, "entity_name": lambda one: one.entity_name.casefold(),
    "holder_name": lambda one: one.holder_name.casefold(), "closing": lambda one: one.closing,
    "paid_out": lambda one: one.paid_out, "made_at": lambda one: one.made_at,
}  # fmt: skip


def statement(public_id: str) -> HolderStatement:
    """A statement as it was issued; raises `NotFound`."""
    row = kept.HolderStatement.objects.select_related("practice").filter(public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no statement {public_id} among those of your practices.", field="statement")
    return _told(row)


def listing(filters: Filters, page: PageAsk) -> Page[HolderStatement]:
    """The statements of the practices in scope; there are few, so they are sorted in memory."""
    rows = kept.HolderStatement.objects.select_related("practice").order_by("pk")
    if codes := filters.many("practice"):
        rows = rows.filter(practice_id__in=tenancy.keys_of([one.lower() for one in codes]))
    words = filters.text.lower()
    found = [one for one in map(_told, rows) if words in f"{one.entity_name} {one.holder_name}".lower()]
    found.sort(key=lambda one: (SORTS.get(page.sort, SORTS["ends_on"])(one), one.public_id), reverse=page.desc)
    totals = {"paid_out": Money.total(one.paid_out for one in found)}
    return Page(found[page.offset : page.offset + page.size], len(found), page, totals)


def _told(row: kept.HolderStatement) -> HolderStatement:
    return HolderStatement(
        row.public_id, row.practice_id, row.practice.name, row.venture, row.holder, row.entity_name, row.holder_name,
        row.starts_on, row.ends_on, tuple(ClassYear.of_json(each) for each in row.content), row.document, row.made_at,
        row.made_by,
    )  # fmt: skip
