"""Terms from JSON: strict about what it does not understand, with the path of the field and the fix in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from openmso.agreements.fees.categories import folded
from openmso.agreements.fees.terms import (
    ORDER,
    PRORATED,
    SCHEMA,
    AmountFrom,
    BadTerms,
    Band,
    Base,
    BaseTerm,
    Component,
    Cost,
    CostPlus,
    Credit,
    DayCount,
    FeeTerms,
    Flat,
    LesserOf,
    Limit,
    MarkupHow,
    Per,
    Percent,
    PerUnit,
    Prorated,
    RateFrom,
    Residual,
    Stage,
    TierHow,
    Tiers,
)
from openmso.agreements.fees.units import count_of
from openmso.agreements.tasks.contracts import Volume, VolumeBand
from openmso.kit.money import Money

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")
D = TypeVar("D")
_ABSENT: Any = object()
NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
"""A number as text: digits, or digits in groups of three; `6,40` is neither."""
KINDS_TOTAL_MAX = 50
"""Components, bands or base terms in one list; more is a mistake, not a contract."""


@dataclass(frozen=True)
class Node:
    """A value of the JSON and where it stands; every reading of it is checked and named."""

    value: Any
    path: str

    def bad(self, sentence: str, fix: str = "") -> BadTerms:
        """A refusal about this field."""
        return BadTerms(sentence, field=self.path, fix=fix)

    def at(self, key: str) -> Node:
        """A member, which may be absent."""
        value = self.value.get(key, _ABSENT) if isinstance(self.value, Mapping) else _ABSENT
        return Node(value, f"{self.path}.{key}" if self.path else key)

    @property
    def given(self) -> bool:
        """Whether it is there at all."""
        return self.value is not _ABSENT and self.value is not None

    def table(self, known: str) -> Node:
        """An object with no other members than the known ones."""
        if not isinstance(self.value, Mapping):
            raise self.bad(f"{self._name} is an object.", f"Members: {known.replace(' ', ', ')}.")
        strange = sorted(set(self.value) - set(known.split()))
        if strange:
            raise Node(None, self.at(strange[0]).path).bad(
                f"{strange[0]!r} is not known here.", f"Known are: {known.replace(' ', ', ')}."
            )
        return self

    def items(self) -> Iterator[Node]:
        """The members of a list, at most fifty."""
        if not isinstance(self.value, list | tuple):
            raise self.bad(f"{self._name} is a list.")
        if len(self.value) > KINDS_TOTAL_MAX:
            raise self.bad(f"{self._name} has {len(self.value)} members; {KINDS_TOTAL_MAX} are the most.")
        return (Node(value, f"{self.path}[{number}]") for number, value in enumerate(self.value))

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.bad(f"{self._name} is missing." if not self.given else f"{self._name} is a text.")
        return self.value.strip()

    def number(self) -> Decimal:
        """An exact number: a text, a whole number, or a JSON number read without loss."""
        if isinstance(self.value, float | bool) or not isinstance(self.value, str | int | Decimal):
            raise self.bad(
                f"{self._name} is missing." if not self.given else f"{self._name} is an exact number.",
                'Write it as text, such as "12000.00".',
            )
        said = self.value.strip() if isinstance(self.value, str) else str(self.value)
        if isinstance(self.value, str) and not NUMBER.fullmatch(said):
            raise self.bad(f"{self.value!r} is not a number.", 'Write it as "12000.00" or "12,000.00".')
        number = Decimal(said.replace(",", ""))
        if not number.is_finite() or abs(number) >= Decimal(10) ** 12:
            raise self.bad(f"{self.value!r} is not an amount anybody owes.")
        return number

    def money(self) -> Money:
        """An amount in whole cents."""
        try:
            return Money(self.number())
        except ValueError:
            raise self.bad(f"{self.value} has a fraction of a cent.", "Give whole cents.") from None

    def rate(self) -> Decimal:
        """A rate: `"12.5%"` or `"0.125"`; more than the whole is said in percent, so that nobody means 26.2%."""
        if isinstance(self.value, str) and self.value.strip().endswith("%"):
            return Node(self.value.strip().removesuffix("%"), self.path).number() / 100
        number = self.number()
        if number > 1:
            raise self.bad(
                f"{self.value} as a rate is {number * 100:,f}%.",
                f'Write {number:f}% as "{number:f}%" or "{(number / 100).normalize():f}".',
            )
        return number

    def whole(self) -> int:
        """A whole number, zero or more."""
        number = self.number()
        if number != number.to_integral_value() or number < 0:
            raise self.bad(f"{self._name} is a whole number, zero or more.")
        return int(number)

    def day(self) -> date:
        """A calendar day, `2026-03-01`."""
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            raise self.bad(f"{self.value!r} is not a day.", "Write it as 2026-03-01.") from None

    def one_of(self, choices: type[E]) -> E:
        """A word out of a list."""
        try:
            return choices(self.text())
        except ValueError:
            raise self.bad(f"{self.value!r} is not known.", f"One of: {', '.join(choices)}.") from None

    def or_else(self, read: Callable[[Node], T], default: D) -> T | D:
        """What is read, or the default where nothing is given."""
        return read(self) if self.given else default

    @property
    def _name(self) -> str:
        return f"`{self.path}`" if self.path else "This"


def terms_of(value: Any, path: str = "") -> FeeTerms:
    """Fee terms from their JSON form. Raises `BadTerms` with the path of the field and the fix."""
    node = Node(value, path).table(
        "schema period components minimum cap fmv_cap credits proration order true_up words entered"
    )
    schema = node.at("schema")
    if schema.given and schema.whole() != SCHEMA:
        raise schema.bad(f"Terms of schema {schema.value} are not known here.", f"Write schema {SCHEMA}.")
    period = node.at("period").one_of(Per)
    proration = node.at("proration").or_else(lambda n: n.table("day_count applies_to"), Node({}, "proration"))
    try:
        return FeeTerms(
            period=period,
            components=tuple(component(one, period) for one in node.at("components").items()),
            minimum=node.at("minimum").or_else(lambda n: limit(n, period), None),
            cap=node.at("cap").or_else(lambda n: limit(n, period), None),
            fmv_cap=node.at("fmv_cap").or_else(lambda n: limit(n, period), None),
            credits=node.at("credits").or_else(lambda n: tuple(map(credit, n.items())), ()),
            day_count=proration.at("day_count").or_else(lambda n: n.one_of(DayCount), DayCount.ACTUAL),
            prorates=proration.at("applies_to").or_else(
                lambda n: tuple(one.one_of(Prorated) for one in n.items()), PRORATED
            ),
            order=node.at("order").or_else(lambda n: tuple(one.one_of(Stage) for one in n.items()), ORDER),
            true_up=node.at("true_up").or_else(lambda n: n.one_of(Per), None),
            words=node.at("words").or_else(_words, {}),
            entered=node.at("entered").or_else(_words, {}),
        )
    except BadTerms as bad:
        if path and not bad.field.startswith(path):
            bad.field = f"{path}.{bad.field}"
        raise


def component(node: Node, period: Per, *, nested: bool = False) -> Component:
    """One component by its kind."""
    kind = node.at("kind").text()
    reader = _READERS.get(kind)
    if reader is None or (nested and kind == "lesser_of"):
        known = ", ".join(key for key in _READERS if not (nested and key == "lesser_of"))
        raise node.at("kind").bad(f"{kind!r} is no kind of component here.", f"One of: {known}.")
    return reader(node, period)


def _flat(node: Node, period: Per) -> Flat:
    node.table("kind amount per for then")
    per = node.at("per").or_else(lambda n: n.one_of(Per), period)
    return Flat(node.at("amount").money(), per, _serves(node), _amounts(node))


def _amounts(node: Node) -> tuple[AmountFrom, ...]:
    """The amounts that take the place of the first, each from its day on."""
    later = node.at("then").or_else(lambda n: tuple(one.table("from amount") for one in n.items()), ())
    return tuple(AmountFrom(one.at("from").day(), one.at("amount").money()) for one in later)


def _percent(node: Node, period: Per) -> Percent:
    node.table("kind rate of include exclude for")
    rate, of = node.at("rate"), _of(node)
    if not isinstance(rate.value, list):
        return Percent(of, (RateFrom(date.min, rate.rate()),), _serves(node))
    dated = [one.table("from rate") for one in rate.items()]
    if not dated:
        raise rate.bad("A list of rates has at least one.")
    rates = tuple(RateFrom(one.at("from").day(), one.at("rate").rate()) for one in dated)
    return Percent(of, rates, _serves(node))


def _residual(node: Node, period: Per) -> Residual:
    return Residual(_of(node.table("kind of include exclude")))


def _tiers(node: Node, period: Per) -> Tiers:
    node.table("kind how of include exclude bands per")
    bands = tuple(
        Band(one.at("up_to").or_else(Node.money, None), one.at("rate").rate())
        for one in (band.table("up_to rate") for band in node.at("bands").items())
    )
    per = node.at("per").or_else(lambda n: n.one_of(Per), period)
    if not per.months:
        raise node.at("per").bad("Bands are for months.", "Use month, quarter or year.")
    return Tiers(node.at("how").one_of(TierHow), _of(node), bands, per)


def _per_unit(node: Node, period: Per) -> PerUnit:
    node.table("kind unit count price included for volume")
    unit = node.at("unit").text()
    count = node.at("count").or_else(Node.text, count_of(unit))
    return PerUnit(
        unit, count, node.at("price").money(), node.at("included").or_else(Node.whole, 0), _serves(node),
        node.at("volume").or_else(_volume, None),
    )  # fmt: skip


def _volume(node: Node) -> Volume:
    node.table("bands above")
    bands = tuple(
        VolumeBand(one.at("first").whole(), one.at("last").whole(), one.at("price").or_else(Node.money, None))
        for one in (band.table("first last price") for band in node.at("bands").items())
    )
    return Volume(bands, node.at("above").or_else(Node.money, None))


def _serves(node: Node) -> str:
    """The service line or the task that a component is for."""
    return node.at("for").or_else(Node.text, "")


def _cost_plus(node: Node, period: Per) -> CostPlus:
    node.table("kind costs markups_combine for")
    costs = tuple(_cost(one) for one in node.at("costs").items())
    if not costs:
        raise node.at("costs").bad("Cost-plus of what?", "Name the costs that are passed on.")
    how = node.at("markups_combine")
    if not how.given and any(len(cost.markups) > 1 for cost in costs):
        raise how.bad(
            "Several mark-ups on one cost either add up or compound; the terms must say which.",
            "Write additive or compounding.",
        )
    return CostPlus(costs, how.or_else(lambda n: n.one_of(MarkupHow), MarkupHow.ADDITIVE), _serves(node))


def _cost(node: Node) -> Cost:
    if isinstance(node.value, str):
        return Cost(node.text())
    node.table("name markups")
    markups = node.at("markups").or_else(lambda n: tuple(one.rate() for one in n.items()), ())
    return Cost(node.at("name").text(), markups)


def _lesser_of(node: Node, period: Per) -> LesserOf:
    node.table("kind of excess_to")
    options = tuple(component(one, period, nested=True) for one in node.at("of").items())
    return LesserOf(options, node.at("excess_to").or_else(Node.text, ""))  # type: ignore[arg-type]


_READERS: dict[str, Callable[[Node, Per], Component]] = {
    "flat": _flat,
    "percent": _percent,
    "residual": _residual,
    "tiers": _tiers,
    "per_unit": _per_unit,
    "cost_plus": _cost_plus,
    "lesser_of": _lesser_of,
}


def _of(node: Node) -> Base:
    """The base of a component; of a plain name the component itself may say what it includes and excludes."""
    categories = {key: node.value[key] for key in ("include", "exclude") if key in node.value}
    if not categories:
        return base(node.at("of"))
    return base(Node({"name": node.at("of").text()} | categories, node.path))


def base(node: Node) -> Base:
    """What a percentage is of: a name, a name with categories, or a formula of `plus` and `minus`."""
    if isinstance(node.value, Mapping) and ("plus" in node.value or "minus" in node.value):
        node.table("plus minus words")
        plus = tuple(_term(one, Decimal(1)) for one in node.at("plus").items())
        minus = node.at("minus").or_else(lambda n: tuple(_term(one, Decimal(-1)) for one in n.items()), ())
        if not plus:
            raise node.at("plus").bad("A base is of something.", "Name a figure.")
        return Base(plus + minus, node.at("words").or_else(Node.text, ""))
    if isinstance(node.value, Mapping) and "words" in node.value:
        named = Node({key: value for key, value in node.value.items() if key != "words"}, node.path)
        return Base((_term(named, Decimal(1)),), node.at("words").text())
    return Base((_term(node, Decimal(1)),))


def _term(node: Node, sign: Decimal) -> BaseTerm:
    if not isinstance(node.value, Mapping):
        return BaseTerm(node.text(), sign)
    node.table("name rate include exclude then")
    include = node.at("include").or_else(_categories, ())
    exclude = node.at("exclude").or_else(_categories, ())
    both = sorted(set(include) & set(exclude))
    if both:
        raise node.at("exclude").bad(f"{both[0]!r} is both included and excluded.", "Keep it in one of the two.")
    rate = node.at("rate").or_else(Node.rate, Decimal(1))
    if rate < 0:
        raise node.at("rate").bad("A share is not below zero.", "Name the figure under `minus`.")
    later = node.at("then").or_else(lambda n: tuple(one.table("from rate") for one in n.items()), ())
    then = tuple(RateFrom(one.at("from").day(), sign * one.at("rate").rate()) for one in later)
    if any(sign * one.rate < 0 for one in then):
        raise node.at("then").bad("A share is not below zero.", "Name the figure under `minus`.")
    return BaseTerm(node.at("name").text(), sign * rate, include, exclude, then)


def limit(node: Node, period: Per) -> Limit:
    """A minimum or a cap: an amount for the fee's period, or for the period it names."""
    if not isinstance(node.value, Mapping):
        return Limit(node.money(), period)
    node.table("amount per then")
    per = node.at("per").or_else(lambda n: n.one_of(Per), period)
    return Limit(node.at("amount").money(), per, _amounts(node))


def credit(node: Node) -> Credit:
    """A credit for each one counted."""
    node.table("words count rate cap")
    return Credit(
        node.at("words").or_else(Node.text, "missed promise"), node.at("count").text(), node.at("rate").rate(),
        node.at("cap").or_else(Node.rate, None),
    )  # fmt: skip


def _categories(node: Node) -> tuple[str, ...]:
    return tuple(dict.fromkeys(folded(one.text()) for one in node.items()))


def _words(node: Node) -> dict[str, str]:
    if not isinstance(node.value, Mapping):
        raise node.bad(f"`{node.path.rpartition('.')[2]}` maps names to words.")
    return {str(key): Node(value, f"{node.path}.{key}").text() for key, value in node.value.items()}
