"""What waits for a yes or no: invoices, proposals, budgets, runs of payments, agreements to sign, and more."""

from __future__ import annotations

from datetime import datetime

from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.ui.contracts import Filters, Page, PageAsk, Tally
from openmso.platform.work import queries as work
from openmso.platform.work import registry
from openmso.platform.work.contracts import InboxFilters, ItemRow


def listing(*, actor: Actor, filters: Filters, page: PageAsk, at: datetime) -> Page[ItemRow]:
    """All that this person may decide, what is due first, with the sum of what it is about."""
    return work.inbox(actor=actor, filters=_asked(filters), page=page, at=at)


def tally(*, actor: Actor, filters: Filters, at: datetime) -> Tally:
    """How much of that there is, and what it comes to."""
    return work.tally(actor=actor, filters=_asked(filters), at=at)


def count(*, actor: Actor, practice: int, at: datetime) -> int:
    """How much of that there is in a practice."""
    kinds = tuple(one.code for one in registry.deciding())
    return work.tally(actor=actor, filters=InboxFilters(kinds=kinds, practices=(practice,)), at=at).total


def _asked(filters: Filters) -> InboxFilters:
    wanted, codes = set(filters.many("kind")), filters.many("practice")
    kinds = tuple(one.code for one in registry.deciding() if not wanted or one.code in wanted)
    return InboxFilters(
        text=filters.text, kinds=kinds or ("",), practices=tuple(tenancy.keys_of(codes)) if codes else (),
        overdue=filters.flag("overdue"),
    )  # fmt: skip


def kinds() -> list[tuple[str, str]]:
    """The kinds of decisions, by code, in the order of their words."""
    return sorted(((one.code, one.words) for one in registry.deciding()), key=lambda pair: pair[1])
