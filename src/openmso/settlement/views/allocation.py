"""Edges of shared cost: allocations, a month's draft and its freezing, one that was frozen, what is behind figures."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from openmso.kit.errors import NotFound
from openmso.kit.periods import Month
from openmso.ledger.contracts import Selection
from openmso.ledger.queries import selection as ledger
from openmso.platform.access.edges import ActorRequest, act, form, page
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import respond, tables
from openmso.platform.ui.contracts import Page
from openmso.platform.ui.filling import fill
from openmso.settlement import drivers, runs
from openmso.settlement.contracts import ALLOCATE, FREEZE, SHARED
from openmso.settlement.contracts.allocation import Allocated
from openmso.settlement.forms import WithdrawForm
from openmso.settlement.queries import allocating, allocations, counting, plans
from openmso.settlement.services import allocating as services
from openmso.settlement.states import Allocating
from openmso.settlement.tables import BEHIND
from openmso.settlement.tables.allocation import ALLOCATIONS, COUNTED, ENTERED, SHARES, counts, matrix


@page(SHARED.code)
def index(request: ActorRequest) -> HttpResponse:
    """Every allocation that was frozen, the latest month first, and the way to the month that is over last."""
    ask, actor = tables.ask(request, ALLOCATIONS), request.actor
    context = {
        "month": Month.of(actor.today).plus(-1), "may_prepare": actor.can(ALLOCATE.code), "here": "Shared cost",
        "planned": bool(plans.plans()),
    }  # fmt: skip
    return tables.answer(
        request, ALLOCATIONS, ask, template="settlement/allocations.html", context=context,
        fetch=lambda wanted: allocations.listed(ask.filters, wanted),
    )  # fmt: skip


@page(SHARED.code)
def draft(request: ActorRequest, month: str) -> HttpResponse:
    """A month as it would be frozen now: every share by practice and pool, and what is missing."""
    actor, asked = request.actor, named(month)
    mso = runs.mso_of(actor, SHARED.code)
    one = allocating.draft(mso, asked)
    stands = allocations.standing(mso, asked)
    context = {
        "may_prepare": actor.can(ALLOCATE.code) and not stands, "stands": stands, "before": asked.plus(-1),
        "after": asked.plus(1), "freeze": None if stands else _freeze(request, one, asked),
        "here": f"{asked.words}, draft",
    }  # fmt: skip
    return _shown(request, one, context, lambda number: reverse("settlement:draft-pool", args=[str(asked), number]))


@page(SHARED.code)
def allocation(request: ActorRequest, allocation: str) -> HttpResponse:
    """An allocation as it was frozen."""
    found = allocations.run(allocation)
    context = {
        "row": found.row, "here": found.row.month.words,
        "may_withdraw": request.actor.can(FREEZE.code) and found.row.state is Allocating.FROZEN,
    }  # fmt: skip
    return _shown(
        request,
        found.allocated,
        context,
        lambda number: reverse("settlement:allocation-pool", args=[allocation, number]),
    )


@page(SHARED.code)
def draft_pool(request: ActorRequest, month: str, number: int) -> HttpResponse:
    """A pool of a month's draft: how it is shared, and the lines of the MSO's book behind its cost."""
    asked = named(month)
    one = allocating.draft(runs.mso_of(request.actor, SHARED.code), asked)
    back = (f"{asked.words}, draft", reverse("settlement:allocation-draft", args=[month]))
    return _pool(request, one, number, back)


@page(SHARED.code)
def allocation_pool(request: ActorRequest, allocation: str, number: int) -> HttpResponse:
    """A pool of an allocation that was frozen, and the lines of the MSO's book behind its cost."""
    found = allocations.run(allocation)
    back = (found.row.month.words, reverse("settlement:allocation", args=[allocation]))
    return _pool(request, found.allocated, number, back)


@page(SHARED.code)
def driver(request: ActorRequest, month: str, driver: str, practice: str) -> HttpResponse:
    """What stands behind the figure of a practice by a driver: ledger lines, records, or what was entered."""
    asked = named(month)
    one = allocating.asked(runs.mso_of(request.actor, SHARED.code), asked)
    key = tenancy.key_in_scope(practice)
    member = next((each for each in one.members if each.practice == key), None)
    if member is None:
        raise NotFound(f"{practice} does not take part in {asked.words}.")
    words = drivers.words_of(driver)
    context = {
        "title": f"{words} of {member.name}", "here": words, "month": asked,
        "crumbs": [*crumbs(), (f"{asked.words}, draft", reverse("settlement:allocation-draft", args=[month]))],
    }  # fmt: skip
    if driver == drivers.REVENUE:
        found = counting.collections_of(member, asked)
        return tables.answer(
            request, BEHIND, tables.ask(request, BEHIND), template="settlement/allocation_driver.html", context=context,
            fetch=lambda wanted: ledger.lines(found, wanted),
        )  # fmt: skip
    known = drivers.BY_CODE.get(driver)
    entered = known is None or known.entered
    spec = ENTERED if entered else COUNTED
    rows: list[Any] = plans.history(asked, member.practice, driver) if entered else counting.records(member, driver)
    if file := tables.exported(request, spec, rows):
        return file
    return respond.page(
        request, "settlement/allocation_driver.html", context | {"still": tables.static(request, spec, rows)}
    )


@act(FREEZE.code)
def freeze(request: ActorRequest, month: str) -> HttpResponse:
    """Freeze a month."""
    made = services.freeze(
        actor=request.actor, mso=runs.mso_of(request.actor, FREEZE.code), month=named(month), at=request.actor.at
    )
    messages.success(request, f"{named(month).words} is frozen.")
    return respond.redirect(request, reverse("settlement:allocation", args=[made]))


@form(FREEZE.code)
def withdraw(request: ActorRequest, allocation: str) -> HttpResponse:
    """Take an allocation back with a reason."""
    with reading():
        row = allocations.run(allocation).row
    back = reverse("settlement:allocation", args=[allocation])

    def save(given: dict[str, Any]) -> str:
        services.withdraw(actor=request.actor, allocation=allocation, why=given["why"], at=request.actor.at)
        return reverse("settlement:allocation-draft", args=[str(row.month)])

    return fill(
        request, WithdrawForm(request.POST or None), save=save, said="Withdrawn; the month can be allocated anew.",
        context={
            "title": f"Withdraw the allocation of {row.month.words}", "here": "Withdraw", "act_label": "Withdraw it",
            "danger": True, "crumbs": [*crumbs(), (row.month.words, back)], "back": back,
            "lede": f"{row.whole} among {row.practices} practices, frozen by {row.frozen_by}.",
            "consequences": ["It stays to be read, with its reason.", "Practices no longer see its shares."],
        },
    )  # fmt: skip


def named(month: str) -> Month:
    """The month of an address; raises `NotFound`."""
    try:
        return Month.parse(month)
    except ValueError:
        raise NotFound(f"{month[:20]} is no month.") from None


def crumbs() -> list[tuple[str, str]]:
    """The way to shared cost."""
    return [("Shared cost", reverse("settlement:allocations"))]


def _freeze(request: ActorRequest, one: Allocated, month: Month) -> respond.Button | None:
    why = None
    if request.actor.today <= month.last:
        why = services.NotAllocated(
            f"{month.words} is not over.", fix=f"Freeze it from {month.plus(1).first:%-d %B %Y} on."
        )
    elif one.missing:
        why = services.NotAllocated(one.missing[0].sentence, fix="Enter what is missing first.")
    url = reverse("settlement:freeze-allocation", args=[str(month)])
    return respond.act(request.actor, FREEZE.code, "Freeze", practice=one.plan.mso, why_not=why, url=url)


def _shown(request: ActorRequest, one: Allocated, context: dict[str, Any], link: Any) -> HttpResponse:
    """The page of a month's allocation, or its matrix as a file."""
    spec, rows, totals = matrix(one, link)
    if file := tables.exported(request, spec, rows, totals=totals):
        return file
    figures, lines = counts(one)
    return respond.page(request, "settlement/allocation.html", context | {
        "one": one, "month": one.month, "crumbs": crumbs(), "matrix": tables.static(request, spec, rows, totals=totals),
        "figures": tables.static(request, figures, lines) if one.drivers else None,
        "pools": [(pool, link(pool.number)) for pool in one.pools],
    })  # fmt: skip


def _pool(request: ActorRequest, one: Allocated, number: int, back: tuple[str, str]) -> HttpResponse:
    pool = allocating.pool_of(one, number)
    names = dict(one.members)
    shares = [(names.get(to, to), pool.formulas[to], amount) for to, amount in pool.shares.items()]
    context = {
        "pool": pool, "here": pool.name, "crumbs": [*crumbs(), back], "month": one.month,
        "shares": tables.static(request, SHARES, shares, totals={"amount": pool.amount}),
    }  # fmt: skip
    wanted = Selection.from_json(pool.selection) if pool.selection else None
    return tables.answer(
        request, BEHIND, tables.ask(request, BEHIND), template="settlement/allocation_pool.html",
        context=context | {"now": ledger.total(wanted).net if wanted else pool.own},
        fetch=lambda asked: ledger.lines(wanted, asked) if wanted else Page([], 0, asked),
    )  # fmt: skip
