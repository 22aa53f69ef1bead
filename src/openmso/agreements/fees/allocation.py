"""Shared cost among those it is for: pools by drivers, blends and direct amounts, in step-down order, to the cent.

A pool closes into whoever its driver names: practices, and pools that close after it (facility, then IT, then HR ...).
A pool that has closed receives nothing more. Shares are whole cents by the largest remainder, so that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

from openmso.agreements.fees import sentences
from openmso.agreements.fees.reading import Node
from openmso.agreements.fees.terms import BadTerms
from openmso.kit.money import ZERO, Money
from openmso.kit.words import grouped

EQUAL = "equal"
"""The driver that needs no figures: one for each practice."""


@dataclass(frozen=True, slots=True)
class Pool:
    """A cost that is shared: its amount, its driver or a blend (weights add up to one), or amounts given outright."""

    name: str
    amount: Money
    by: Mapping[str, Decimal]
    direct: Mapping[str, Money]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is allocated: pools in the order in which they close, drivers by receiver, ramps of new practices."""

    practices: tuple[str, ...]
    drivers: Mapping[str, Mapping[str, Decimal]]
    pools: tuple[Pool, ...]
    ramp: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Share:
    """What a receiver gets of a pool, and how it came about."""

    pool: str
    to: str
    amount: Money
    formula: str


@dataclass(frozen=True, slots=True)
class Closing:
    """A pool as it closed: its own amount, what earlier pools gave it, and its shares, which add up to both."""

    pool: str
    own: Money
    received: Money
    shares: tuple[Share, ...]

    @property
    def amount(self) -> Money:
        """What was shared out."""
        return self.own + self.received


@dataclass(frozen=True, slots=True)
class Allocation:
    """The pools as they closed, and what each practice bears of each; the sum of all is the sum of the pools."""

    closings: tuple[Closing, ...]
    practices: tuple[str, ...]

    def borne(self, practice: str) -> Money:
        """What a practice bears in all."""
        return Money.total(one.amount for closing in self.closings for one in closing.shares if one.to == practice)

    @property
    def whole(self) -> Money:
        """What the pools cost before anything was shared."""
        return Money.total(closing.own for closing in self.closings)


def allocate(plan: Plan) -> Allocation:
    """Close every pool in its order. Raises `BadTerms` for a pool that nobody bears."""
    received: dict[str, Money] = {}
    closings = []
    for position, pool in enumerate(plan.pools):
        open_to = [*(later.name for later in plan.pools[position + 1 :]), *plan.practices]
        got = received.pop(pool.name, ZERO)
        shares = (*_direct(pool), *_driven(pool, got, plan, open_to))
        for one in shares:
            if one.to not in plan.practices:
                received[one.to] = received.get(one.to, ZERO) + one.amount
        closings.append(Closing(pool.name, pool.amount, got, shares))
    return Allocation(tuple(closings), plan.practices)


def _direct(pool: Pool) -> list[Share]:
    return [Share(pool.name, to, amount, "direct") for to, amount in pool.direct.items()]


def _driven(pool: Pool, got: Money, plan: Plan, open_to: list[str]) -> list[Share]:
    """What is left after direct amounts, by the driver; of a blend, by the weighted sum of the drivers' shares."""
    left = pool.amount + got - Money.total(pool.direct.values())
    if not pool.by:
        if left:
            raise BadTerms(f"Of {pool.name}, {left} is borne by nobody.", field=f"pools.{pool.name}",
                           fix="Name a driver for what is not direct.")  # fmt: skip
        return []
    weights: dict[str, Fraction] = {}
    said: dict[str, list[str]] = {}
    for driver, weight in pool.by.items():
        figures = _weights(driver, pool, plan, open_to)
        every = sum(figures.values(), Decimal(0))
        part = "" if len(pool.by) == 1 else f"{sentences.percent(Fraction(weight))} × "
        for to, figure in figures.items():
            share = Fraction(weight) * Fraction(figure) / Fraction(every)
            weights[to] = weights.get(to, Fraction(0)) + share
            said.setdefault(to, []).append(f"{part}{_plain(figure)} ÷ {_plain(every)} {driver}")
    unit = lcm(*(weight.denominator for weight in weights.values()))
    cents = left.split([int(weight * unit) for weight in weights.values()])
    return [
        Share(pool.name, to, amount, f"{_plain(left.amount)} × ({' + '.join(said[to])})")
        for to, amount in zip(weights, cents, strict=True)
    ]


def _weights(driver: str, pool: Pool, plan: Plan, open_to: list[str]) -> dict[str, Decimal]:
    """The driver's figures of those who can still receive, ramped; refused where nobody has any."""
    figures = {to: Decimal(1) for to in plan.practices} if driver == EQUAL else plan.drivers[driver]
    found = {to: figures[to] * plan.ramp.get(to, Decimal(1)) for to in open_to if to in figures}
    if not any(found.values()):
        raise BadTerms(
            f"{pool.name} is shared by {driver}, of which nobody who can still receive has any.",
            field=f"drivers.{driver}", fix="Give its figures by practice, or choose another driver.",
        )  # fmt: skip
    return found


def _plain(value: Decimal) -> str:
    return grouped(f"{value.normalize():f}") if value == value.to_integral_value() else grouped(f"{value}")


# ---- reading and writing --------------------------------------------------------------------------------------


def plan_of(value: Any) -> Plan:
    """A plan from JSON. Raises `BadTerms` with the path of the field and the fix."""
    node = Node(value, "").table("practices drivers pools ramp step_down")
    drivers = {name: _figures(Node(figures, f"drivers.{name}")) for name, figures in _members(node.at("drivers"))}
    named = node.at("practices").or_else(lambda n: tuple(one.text() for one in n.items()), ())
    pools = [_pool(one) for one in node.at("pools").items()]
    order = node.at("step_down").or_else(lambda n: [one.text() for one in n.items()], [one.name for one in pools])
    names = [one.name for one in pools]
    practices = named or tuple(
        dict.fromkeys(to for figures in [*drivers.values(), *(one.direct for one in pools)] for to in figures
                      if to not in names)
    )  # fmt: skip
    if not pools or not practices:
        raise node.at("pools").bad("There is nothing to share, or nobody to share it.", "Name pools and practices.")
    if sorted(order) != sorted(names) or len(set(names)) != len(names):
        raise node.at("step_down").bad("The order names every pool once.", f"Pools: {', '.join(names)}.")
    made = Plan(practices, drivers, tuple(sorted(pools, key=lambda one: order.index(one.name))), _ramp(node.at("ramp")))
    _refuse_strangers(made)
    return made


def _refuse_strangers(plan: Plan) -> None:
    known = {*plan.practices, *(pool.name for pool in plan.pools)}
    for pool in plan.pools:
        for driver in pool.by:
            if driver != EQUAL and driver not in plan.drivers:
                raise BadTerms(f"There is no driver {driver!r}.", field=f"pools.{pool.name}.by",
                               fix=f"Known: {', '.join([*plan.drivers, EQUAL])}.")  # fmt: skip
        if Money.total(pool.direct.values()) > pool.amount:
            raise BadTerms(f"More of {pool.name} is direct than there is.", field=f"pools.{pool.name}.direct")
    for name, figures in (*plan.drivers.items(), ("ramp", plan.ramp), *((p.name, p.direct) for p in plan.pools)):
        strange = sorted(set(figures) - known)
        if strange:
            raise BadTerms(f"{strange[0]!r} is no practice and no pool.", field=f"drivers.{name}",
                           fix=f"Known: {', '.join(sorted(known))}.")  # fmt: skip


def _members(node: Node) -> list[tuple[str, Any]]:
    if not node.given:
        return []
    if not isinstance(node.value, Mapping):
        raise node.bad(f"`{node.path}` is an object.")
    return list(node.value.items())


def _figures(node: Node) -> dict[str, Decimal]:
    made = {name: Node(value, f"{node.path}.{name}").number() for name, value in _members(node)}
    for name, number in made.items():
        if number < 0:
            raise BadTerms("A driver is not below zero.", field=f"{node.path}.{name}")
    return made


def _pool(node: Node) -> Pool:
    node.table("name amount by direct")
    by = node.at("by")
    if isinstance(by.value, Mapping):
        blend = {name: Node(value, f"{by.path}.{name}").rate() for name, value in by.value.items()}
        if any(weight <= 0 for weight in blend.values()):
            raise by.bad("A driver of a blend has a weight above zero.", "Leave it out.")
        if (weighed := sum(blend.values(), Decimal(0))) != 1:
            raise by.bad(f"The weights of a blend add up to 100%, not to {sentences.percent(Fraction(weighed))}.",
                         "Change a weight; nothing is rescaled.")  # fmt: skip
    else:
        blend = {by.text(): Decimal(1)} if by.given else {}
    direct = {to: Node(value, f"{node.path}.direct.{to}").money() for to, value in _members(node.at("direct"))}
    amount = node.at("amount").money()
    if amount < ZERO or any(one < ZERO for one in direct.values()):
        raise node.at("amount").bad("A cost is not below zero.")
    return Pool(node.at("name").text(), amount, blend, direct)


def _ramp(node: Node) -> dict[str, Decimal]:
    made = {name: Node(value, f"ramp.{name}").rate() for name, value in _members(node)}
    for name, rate in made.items():
        if not 0 <= rate <= 1:
            raise BadTerms("A ramp is from 0% to 100%.", field=f"ramp.{name}")
    return made


def as_data(found: Allocation) -> dict[str, Any]:
    """The allocation as plain data: each pool with its shares, and what each practice bears."""
    return {
        "whole": str(found.whole), "practices": {name: str(found.borne(name)) for name in found.practices},
        "pools": [
            {"name": one.pool, "own": str(one.own), "received": str(one.received), "amount": str(one.amount),
             "shares": [{"to": s.to, "amount": str(s.amount), "formula": s.formula} for s in one.shares]}
            for one in found.closings
        ],
    }  # fmt: skip
