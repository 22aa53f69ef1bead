"""A month's allocation of shared cost as it would be frozen now: pools, drivers, shares; or what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openmso.agreements.fees import allocation
from openmso.agreements.fees.terms import BadTerms
from openmso.kit.errors import NotFound
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Selection
from openmso.ledger.queries import books
from openmso.ledger.queries import selection as ledger
from openmso.platform.tenancy.models import Tenant
from openmso.settlement import drivers
from openmso.settlement.contracts.allocation import (
    Allocated,
    DriverShown,
    Figure,
    Member,
    Missing,
    Plan,
    Pool,
    PoolShown,
    Wanted,
)
from openmso.settlement.queries import counting, plans


@dataclass(frozen=True, slots=True)
class Asked:
    """A month with everything that was asked about it."""

    plan: Plan
    month: Month
    members: tuple[Member, ...]
    unseen: tuple[str, ...]
    wanted: tuple[Wanted, ...]
    known: Mapping[str, Mapping[int, Decimal]]


def asked(mso: int, month: Month) -> Asked:
    """The plan of a month, who takes part, the figures that it wants of people, and those that the system knows."""
    plan = plans.plan_for(mso, month)
    taking = counting.taking_part(mso, plan.entity, month)
    entered = plans.entered(month, tenants=[mso, *(one.practice for one in taking.members)])
    wanted = _wanted(plan, taking.members, entered)
    codes = dict.fromkeys(code for pool in plan.pools for code in pool.by if not drivers.BY_CODE[code].entered)
    known = counting.counted(taking.members, month, [code for code in codes if code != allocation.EQUAL])
    return Asked(plan, month, taking.members, taking.unseen, tuple(wanted), known)


def draft(mso: int, month: Month) -> Allocated:
    """The allocation of a month as it would be frozen now; where something is missing, no shares, and what it is.

    Raises `NotFound` where no plan holds.
    """
    one = asked(mso, month)
    costs = {pool.name: _cost(one, pool) for pool in one.plan.pools}
    given, opens = _given(one, costs), _opens(one, costs)
    missing = [*_missing(one), *_below_zero(one, costs)]
    members = tuple((each.code, each.name) for each in one.members)
    shares: Mapping[str, Any] = {}
    if not members:
        missing.append(Missing("", "", "No agreement with a practice is in force in this month."))
    if not missing:
        try:
            shares = allocation.as_data(allocation.allocate(allocation.plan_of(given)))
        except BadTerms as no:
            missing.append(Missing("", "", f"{no.sentence} {no.fix}".strip()))
    return shown(one.plan, month, members, given, shares, opens, missing=tuple(missing), unseen=one.unseen)


def shown(
    plan: Plan, month: Month, members: tuple[tuple[str, str], ...], given: Mapping[str, Any],
    shares: Mapping[str, Any], opens: Mapping[str, Any], *, missing: tuple[Missing, ...] = (),
    unseen: tuple[str, ...] = (),
) -> Allocated:  # fmt: skip
    """An allocation from its data, whether it is a draft or was frozen."""
    closed = {one["name"]: one for one in shares.get("pools", ())}
    made = []
    for number, (pool, cost) in enumerate(zip(plan.pools, given["pools"], strict=True), start=1):
        one = closed.get(pool.name, {"received": "0.00", "shares": []})
        amounts: dict[str, Money] = {}
        formulas: dict[str, list[str]] = {}
        for share in one["shares"]:
            amounts[share["to"]] = amounts.get(share["to"], ZERO) + Money.of(share["amount"])
            formulas.setdefault(share["to"], []).append(share["formula"])
        source = opens["pools"][pool.name]
        made.append(PoolShown(
            number, pool.name, Money.of(cost["amount"]), Money.of(one["received"]), drivers.how(pool),
            source["words"], source["selection"], amounts, {to: " + ".join(each) for to, each in formulas.items()},
        ))  # fmt: skip
    figures = tuple(
        DriverShown(
            code, drivers.words_of(code), {to: Decimal(one) for to, one in each.items()}, opens["drivers"][code]
        )
        for code, each in given["drivers"].items()
    )
    return Allocated(month, plan, members, tuple(made), figures, given, shares, opens, missing, unseen)


def _wanted(
    plan: Plan, members: Sequence[Member], entered: Mapping[tuple[int, str, str], Figure]
) -> list[Wanted]:  # fmt: skip
    """Every figure that somebody is to enter: by driver of each practice and bearing pool, direct amounts, costs."""
    mso = Tenant.objects.get(pk=plan.mso)
    made: dict[tuple[int, str, str], Wanted] = {}

    def want(tenant: int, code: str, name: str, driver: str, pool: str = "") -> None:
        key = (tenant, driver, pool)
        words = drivers.words_of(driver)
        made.setdefault(key, Wanted(tenant, code, name, driver, words, pool, entered.get(key)))

    for position, pool in enumerate(plan.pools):
        if not pool.accounts:
            want(mso.pk, mso.code, pool.name, drivers.COST, pool.name)
        if pool.direct:
            for one in members:
                want(one.practice, one.code, one.name, drivers.DIRECT, pool.name)
        for code in (code for code in pool.by if drivers.BY_CODE[code].entered):
            for one in members:
                want(one.practice, one.code, one.name, code)
            for later in (each for each in plan.pools[position + 1 :] if each.bears):
                want(mso.pk, mso.code, later.name, code, later.name)
    return list(made.values())


def _missing(one: Asked) -> list[Missing]:
    made = []
    for each in (each for each in one.wanted if each.known is None):
        of = f" of {each.pool}" if each.pool and each.name != each.pool else ""
        sentence = f"{each.words}{of} of {each.name} is missing for {one.month.words}."
        made.append(Missing(each.name, each.words, sentence))
    return made


def _below_zero(one: Asked, costs: Mapping[str, tuple[Money, Mapping[str, Any]]]) -> list[Missing]:
    """What a share cannot be made of: costs and collections that came out below zero."""
    names, month = {each.practice: each.name for each in one.members}, one.month.words
    found = [
        Missing(
            names[practice], words, f"{words} of {names[practice]} are below zero in {month}; no cost is theirs."
        )
        for code, figures in one.known.items() for practice, figure in figures.items()
        if figure < 0 and (words := drivers.words_of(code))
    ]  # fmt: skip
    return found + [
        Missing(name, "", f"{name} comes to {amount} in {month}: a cost below zero is not shared.")
        for name, (amount, _) in costs.items() if amount < ZERO
    ]  # fmt: skip


def _cost(one: Asked, pool: Pool) -> tuple[Money, Mapping[str, Any]]:
    """What a pool cost in the month, and what stands behind that."""
    if not pool.accounts:
        figure = next((each.known for each in one.wanted if each.key[1:] == (drivers.COST, pool.name)), None)
        if figure is None:
            return ZERO, {"words": "Nothing entered yet", "selection": {}}
        return Money.of(figure.value.quantize(Decimal("0.01"))), {"words": figure.why, "selection": {}}
    method = books.book_of(one.plan.entity).method
    wanted = Selection(
        one.plan.entity, pool.accounts, tuple(method.bases(method)), one.month.plus(1).first, one.month.first
    )
    return ledger.total(wanted).net, {"words": f"Accounts {', '.join(pool.accounts)}", "selection": wanted.as_json()}


def _given(one: Asked, costs: Mapping[str, tuple[Money, Mapping[str, Any]]]) -> dict[str, Any]:
    """What goes into the calculator, in the form of its file."""
    entered = {each.key: each.known.value for each in one.wanted if each.known is not None}
    codes = {each.practice: each.code for each in one.members}
    figures: dict[str, dict[str, str]] = {
        code: {codes[practice]: _plain(figure) for practice, figure in known.items()}
        for code, known in one.known.items()
    }
    direct: dict[str, dict[str, str]] = {}
    for (tenant, driver, pool), value in entered.items():
        if driver == drivers.DIRECT:
            direct.setdefault(pool, {})[codes[tenant]] = f"{value:.2f}"
        elif driver != drivers.COST:
            figures.setdefault(driver, {})[pool or codes[tenant]] = _plain(value)
    return {
        "practices": [each.code for each in one.members], "drivers": figures,
        "pools": [
            {"name": pool.name, "amount": str(costs[pool.name][0]),
             **({"by": {code: str(weight) for code, weight in pool.by.items()}} if pool.by else {}),
             **({"direct": direct[pool.name]} if pool.name in direct else {})}
            for pool in one.plan.pools
        ],
    }  # fmt: skip


def _opens(one: Asked, costs: Mapping[str, tuple[Money, Mapping[str, Any]]]) -> dict[str, Any]:
    """Where figures come from, in words, and the ledger lines of a pool."""
    said: dict[str, dict[str, str]] = {
        code: {each.code: _days(each, one.month) for each in one.members} for code in one.known
    }
    for each in one.wanted:
        if each.known is not None and each.driver not in {drivers.COST, drivers.DIRECT}:
            said.setdefault(each.driver, {})[each.pool or each.code] = f"{each.known.why} ({each.known.entered_by})"
    return {"pools": {name: dict(source) for name, (_, source) in costs.items()}, "drivers": said,
            "members": [[each.code, each.name] for each in one.members]}  # fmt: skip


def _days(one: Member, month: Month) -> str:
    """How much of the month was counted."""
    if one.days == month.range:
        return "Counted by the system"
    last = f" before {one.days.ends_on}" if one.days.ends_on and one.days.ends_on <= month.last else ""
    return f"Counted by the system from {one.days.starts_on}{last}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def pool_of(one: Allocated, number: int) -> PoolShown:
    """A pool of an allocation by its number; raises `NotFound`."""
    found = next((pool for pool in one.pools if pool.number == number), None)
    if found is None:
        raise NotFound("The allocation has no such pool.")
    return found


def as_data(one: Allocated) -> dict[str, Any]:
    """An allocation as plain data, for machines."""
    pools = [
        {
            "number": pool.number, "name": pool.name, "own": str(pool.own), "received": str(pool.received),
            "amount": str(pool.amount), "by": pool.how, "source": pool.source, "opens": bool(pool.selection),
            "shares": [
                {"to": to, "amount": str(amount), "formula": pool.formulas[to]} for to, amount in pool.shares.items()
            ],
        }
        for pool in one.pools
    ]  # fmt: skip
    return {
        "month": str(one.month), "plan": one.plan.public_id, "whole": str(one.whole),
        "practices": {code: str(one.borne(code)) for code, _ in one.members}, "pools": pools,
        "drivers": {each.code: {to: _plain(figure) for to, figure in each.figures.items()} for each in one.drivers},
        "missing": [each.sentence for each in one.missing], "not_seen": list(one.unseen),
    }  # fmt: skip
