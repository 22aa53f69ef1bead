"""The waterfall of a distribution: preferred return, then capital, then pro rata to units, to the last cent.

In each tier what is there is shared in proportion to what is owed (tier one and two) or to units that have vested (tier
three), with largest-remainder cents. Profits units with a participation threshold (a hurdle) take part in the third
tier once so much has gone to the others: units that were worth nothing on the day of their grant (Rev. Proc. 93-27,
2001-43) have a threshold of what the entity was worth then. Nothing else may be followed: a return that follows
referrals is no return on capital (42 CFR 1001.952(a)(2)(viii); 42 U.S.C. 1320a-7b(b)).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openmso.equity.rules import asking, preferred
from openmso.equity.states import LAWFUL, By, Compounding, DayCount, Flow
from openmso.kit.errors import Refused
from openmso.kit.money import ZERO, Money

CITATION = "42 CFR 1001.952(a)(2)(viii); 42 U.S.C. 1320a-7b(b)"
TIERS = (Flow.PREFERRED, Flow.CAPITAL, Flow.RESIDUAL)


class FollowsReferrals(Refused):
    """A return would follow referrals; the sentence carries the citation."""

    code = "follows_referrals"


class NotDistributed(Refused):
    """There is nobody to distribute to, or nothing."""

    code = "not_distributed"


@dataclass(frozen=True, slots=True)
class Position:
    """What a holder has of a class on a day: preferred return that is owed, capital not returned, vested units."""

    holder: str
    name: str
    cls: str
    class_name: str
    preferred: Money = ZERO
    capital: Money = ZERO
    units: Decimal = Decimal(0)
    hurdle: Money = ZERO
    """What still has to go to others, as capital or as their share of the rest, before these units take part."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a holder gets of a class in a tier, and of what it is the share."""

    holder: str
    name: str
    cls: str
    class_name: str
    tier: Flow
    owed: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Distributed:
    """A distribution as it was computed; its shares add up to the whole."""

    amount: Money
    shares: tuple[Share, ...]

    def of_tier(self, tier: Flow) -> Money:
        """What a tier takes."""
        return Money.total(one.amount for one in self.shares if one.tier is tier)

    def of_holder(self, holder: str) -> Money:
        """What a holder gets in all."""
        return Money.total(one.amount for one in self.shares if one.holder == holder)


def refuse_referrals(by: By, *, what: str) -> None:
    """Refuse whatever follows referrals, with the citation."""
    if by not in LAWFUL:
        raise FollowsReferrals(
            f"{what} cannot follow {by.label}: the return is in proportion to the capital invested ({CITATION}).",
            field="by", fix="Distribute by units.",
        )  # fmt: skip


def distribute(amount: Money, positions: Sequence[Position], *, by: By = By.UNITS) -> Distributed:
    """Share an amount among holders. Raises `FollowsReferrals` and `NotDistributed`."""
    refuse_referrals(by, what="A distribution")
    if amount.amount <= 0:
        raise NotDistributed("What is distributed is more than nothing.", field="amount")
    shares: list[Share] = []
    left = amount
    for tier in TIERS:
        owed = [(one, _owed(one, tier)) for one in positions if _owed(one, tier) > 0]
        if not left or not owed:
            continue
        whole = sum(weight for _, weight in owed)
        if tier is Flow.RESIDUAL:
            returned = Money.total(each.amount for each in shares if each.tier is Flow.CAPITAL)
            rest = _rest(left, owed, returned)
            shares += rest
            left -= Money.total(each.amount for each in rest)
            continue
        taken = min(left, Money.of(whole))
        for (one, weight), part in zip(owed, taken.split([weight for _, weight in owed]), strict=True):
            if part:
                words = f"{weight:,.2f} owed"
                shares.append(Share(one.holder, one.name, one.cls, one.class_name, tier, words, part))
        left -= taken
    if left:
        raise NotDistributed(
            f"{left:,.2f} would be nobody's: no vested unit shares in what is left.", field="amount",
            fix="Distribute less, or issue units first.",
        )  # fmt: skip
    return Distributed(amount, tuple(shares))


def _rest(left: Money, owed: Sequence[tuple[Position, Decimal]], returned: Money) -> list[Share]:
    """The third tier: pro rata to vested units, each class of profits units from its threshold on.

    What has gone to others counts towards a threshold: capital that this distribution returns, and the rest as it is
    shared.
    """
    gone, parts = returned, dict.fromkeys(range(len(owed)), ZERO)
    while left:
        within = [at for at, (one, _) in enumerate(owed) if one.hurdle <= gone]
        ahead = [one.hurdle - gone for one, _ in owed if one.hurdle > gone]
        if not within:
            break
        taken = min([left, *ahead])
        for at, part in zip(within, taken.split([owed[at][1] for at in within]), strict=True):
            parts[at] += part
        gone, left = gone + taken, left - taken
    return [
        Share(one.holder, one.name, one.cls, one.class_name, Flow.RESIDUAL, _units(one, weight), parts[at])
        for at, (one, weight) in enumerate(owed) if parts[at]
    ]  # fmt: skip


def _units(one: Position, weight: Decimal) -> str:
    beyond = f" beyond {one.hurdle:,.2f}" if one.hurdle else ""
    return f"{weight.normalize():f} units{beyond}"


def _owed(one: Position, tier: Flow) -> Decimal:
    if tier is Flow.RESIDUAL:
        return one.units
    return max((one.preferred if tier is Flow.PREFERRED else one.capital).amount, Decimal(0))


def question_of(asked: Any) -> tuple[Money, list[Position], By]:
    """A question as JSON: amount, day, classes and holders with units, capital and what was paid. Raises `Refused`."""
    fields = asking.only(asked, needed="amount on classes holders", may="by")
    on = asking.day(fields, "on")
    classes, hurdles = {}, {}
    for at, given in enumerate(asking.listed(fields, "classes")):
        where = f"classes[{at}]."
        one = asking.only(given, needed="name", may="by preferred_rate compounding day_count threshold", where=where)
        if one["name"] in classes:
            raise asking.NotUnderstood(f"The class {one['name']} is there twice.", field=f"{where}name")
        refuse_referrals(_by(one, where), what=f"The class {one['name']}")
        hurdles[str(one["name"])] = asking.money(one, "threshold", least=0, where=where)
        classes[str(one["name"])] = preferred.Terms(
            asking.rate(one, "preferred_rate", where=where),
            asking.choice(one, "compounding", Compounding, Compounding.NONE, where=where),
            asking.choice(one, "day_count", DayCount, DayCount.ACTUAL_365, where=where),
        )
    positions = []
    for at, given in enumerate(asking.listed(fields, "holders")):
        where = f"holders[{at}]."
        one = asking.only(given, needed="name class", may="units steps", where=where)
        if one["class"] not in classes:
            raise asking.NotUnderstood(f"There is no class {one['class']}.", field=f"{where}class")
        steps = _steps(one.get("steps", []), where)
        capital = Money.total(step.capital for step in steps if step.on <= on)
        positions.append(
            Position(
                str(one["name"]), str(one["name"]), str(one["class"]), str(one["class"]),
                preferred.accrued(classes[one["class"]], steps, on), max(capital, ZERO),
                asking.number(one, "units", least=0, where=where), hurdles[one["class"]],
            )
        )  # fmt: skip
    return asking.money(fields, "amount", above=0), positions, _by(fields)


def _by(fields: Mapping[str, Any], where: str = "") -> By:
    """What a return follows; other words for referrals are read as such, so that the refusal says why."""
    said = fields.get("by")
    if isinstance(said, str) and said not in set(By) and "referr" in said.casefold():
        return By.VOLUME
    return asking.choice(fields, "by", By, By.UNITS, where=where)


def _steps(given: Any, where: str) -> list[preferred.Step]:
    if not isinstance(given, list):
        raise asking.NotUnderstood("steps is a list.", field=f"{where}steps")
    found = []
    for at, each in enumerate(given):
        here = f"{where}steps[{at}]."
        one = asking.only(each, needed="on", may="capital preferred_paid", where=here)
        found.append(
            preferred.Step(
                asking.day(one, "on", where=here), asking.money(one, "capital", where=here),
                asking.money(one, "preferred_paid", least=0, where=here),
            )
        )  # fmt: skip
    return found


def distributed_data(one: Distributed) -> Mapping[str, Any]:
    """The answer as plain data."""
    holders = dict.fromkeys((share.holder, share.name) for share in one.shares)
    return {
        "amount": str(one.amount),
        "tiers": [{"tier": tier.value, "amount": str(one.of_tier(tier))} for tier in TIERS],
        "shares": [
            {"holder": share.name, "class": share.class_name, "tier": share.tier.value, "of": share.owed,
             "amount": str(share.amount)}
            for share in one.shares
        ],
        "holders": [{"holder": name, "amount": str(one.of_holder(holder))} for holder, name in holders],
    }  # fmt: skip
