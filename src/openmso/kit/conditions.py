"""Conditions of rules written on screen: all of, any of, and comparisons of one property of a catalogue.

A comparison answers yes, no, or that it cannot say (`None`), when the case does not know what is asked. Of `all`, one
no is a no; of `any`, one yes is a yes; otherwise one that cannot say makes the whole unable to say. The order of the
conditions makes no difference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Literal

from openmso.kit.errors import Refused

DEEP_MAX = 4
TESTS_MAX = 60
VALUES_MAX = 500
TEXT_MAX = 80
Verdict = bool | None
Judge = Callable[[Any], Verdict]
"""Of a case, which only the properties of its catalogue can read."""


class Kind(StrEnum):
    """What a property answers with, and so which operators it takes."""

    TEXT = "text"
    CODES = "codes"
    NUMBER = "number"
    MONEY = "money"
    DAY = "day"
    FLAG = "flag"

    @property
    def words(self) -> str:
        """As people read it."""
        return {"text": "text or code", "codes": "several codes", "flag": "yes or no"}.get(self.value, self.value)


Ask = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Property:
    """A named question. `field` is where it is mended (as in findings); `note` says what its values mean."""

    name: str
    label: str
    kind: Kind
    ask: Ask
    field: str = ""
    note: str = ""

    @property
    def of_line(self) -> bool:
        """Whether it is asked of each line; a rule with such a property is judged line by line."""
        return self.name.startswith("line.")

    @property
    def group(self) -> str:
        """The part of the case it is about."""
        return self.name.partition(".")[0]


Catalogue = Mapping[str, Property]
"""What may be asked, by name."""


class BadCondition(Refused):
    """A condition that cannot be judged as it is written."""

    code = "bad_condition"


@dataclass(frozen=True, slots=True)
class Operator:
    """How a property is compared. `takes`: no value, one, two (from and to, both included) or any number."""

    name: str
    words: str
    kinds: frozenset[Kind]
    takes: Literal["none", "one", "two", "many"]

    @property
    def takes_words(self) -> str:
        """How many values it takes, in words."""
        return {"none": "no value", "one": "one value", "two": "two values, from and to"}.get(
            self.takes, "one value or more"
        )


_TEXTS, _SETS, _DAYS, _FLAGS = ({Kind.TEXT}, {Kind.CODES}, {Kind.DAY}, {Kind.FLAG})
_SIZES = {Kind.NUMBER, Kind.MONEY}
_ALL = set(Kind)


def _operator(name: str, words: str, kinds: set[Kind], takes: Literal["none", "one", "two", "many"]) -> Operator:
    return Operator(name, words, frozenset(kinds), takes)


OPERATORS: Mapping[str, Operator] = {
    one.name: one
    for one in (
        _operator("is", "is", _TEXTS | _SIZES | _DAYS, "one"),
        _operator("is_not", "is not", _TEXTS | _SIZES | _DAYS, "one"),
        _operator("is_one_of", "is one of", _TEXTS, "many"),
        _operator("is_none_of", "is none of", _TEXTS, "many"),
        _operator("begins_with", "begins with one of", _TEXTS | _SETS, "many"),
        _operator("begins_with_none", "begins with none of", _TEXTS | _SETS, "many"),
        _operator("has_any", "has any of", _SETS, "many"),
        _operator("has_all", "has all of", _SETS, "many"),
        _operator("has_none", "has none of", _SETS, "many"),
        _operator("less", "is less than", _SIZES, "one"),
        _operator("at_most", "is at most", _SIZES, "one"),
        _operator("more", "is more than", _SIZES, "one"),
        _operator("at_least", "is at least", _SIZES, "one"),
        _operator("before", "is before", _DAYS, "one"),
        _operator("from", "is on or after", _DAYS, "one"),
        _operator("between", "is from ... to", _TEXTS | _SIZES | _DAYS, "two"),
        _operator("is_empty", "is empty or unknown", _ALL - _FLAGS, "none"),
        _operator("is_filled", "is filled", _ALL - _FLAGS, "none"),
        _operator("yes", "holds", _FLAGS, "none"),
        _operator("no", "does not hold", _FLAGS, "none"),
    )
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One property compared with values of its kind."""

    asked: Property
    operator: str
    values: tuple[Any, ...] = ()

    @property
    def name(self) -> str:
        """The property's name in its catalogue."""
        return self.asked.name


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all, or any, must hold."""

    how: Literal["all", "any"]
    of: tuple[Comparison | Group, ...]


Condition = Comparison | Group


# ---- reading and writing --------------------------------------------------------------------------------------


def read(given: Any, catalogue: Catalogue) -> Condition:
    """A condition over the properties of a catalogue, from JSON.

    `{"all": [...]}`, `{"any": [...]}`, or `{"property": ..., "operator": ..., "value": ...}`.

    Raises `BadCondition` that names the place of the fault and what mends it.
    """
    made = _read(given, catalogue, "the rule", 1)
    if len(list(comparisons(made))) > TESTS_MAX:
        raise BadCondition(f"A rule has {TESTS_MAX} conditions at most.", field="conditions", fix="Make two rules.")
    return made


def _read(given: Any, catalogue: Catalogue, where: str, depth: int) -> Condition:
    if not isinstance(given, Mapping):
        raise BadCondition(f"At {where} there is no condition.", field="conditions", fix="Choose a property.")
    if "property" in given:
        return _comparison(given, catalogue, where)
    how = next((key for key in ("all", "any") if key in given), None)
    if how is None or set(given) != {how}:
        raise BadCondition(
            f"At {where} stands neither a property nor all or any.", field="conditions",
            fix='Write {"all": [...]}, {"any": [...]} or a property with its operator.',
        )  # fmt: skip
    parts = given[how]
    if not isinstance(parts, Sequence) or isinstance(parts, str) or not parts:
        raise BadCondition(f"At {where}, {how} of nothing is asked.", field="conditions", fix="Add a condition.")
    if depth >= DEEP_MAX:
        raise BadCondition(
            f"At {where} conditions stand more than {DEEP_MAX} deep.", field="conditions", fix="Make two rules."
        )
    inner = (
        _read(part, catalogue, f"condition {number} of {where}", depth + 1)
        for number, part in enumerate(parts, start=1)
    )
    return Group("all" if how == "all" else "any", tuple(inner))


def _comparison(given: Mapping[str, Any], catalogue: Catalogue, where: str) -> Comparison:
    asked = catalogue.get(str(given["property"]))
    if asked is None:
        raise BadCondition(
            f"At {where}: there is no property {str(given['property'])[:40]!r}.", field="conditions",
            fix="Choose one of the list of properties.",
        )  # fmt: skip
    operator = OPERATORS.get(str(given.get("operator", "")))
    if operator is None or asked.kind not in operator.kinds:
        fitting = ", ".join(one.words for one in OPERATORS.values() if asked.kind in one.kinds)
        raise BadCondition(
            f"At {where}: {asked.label} ({asked.kind.words}) cannot be compared like that.", field="conditions",
            fix=f"It takes: {fitting}.",
        )  # fmt: skip
    return Comparison(asked, operator.name, _values(given.get("value"), asked, operator, where))


def _values(given: Any, asked: Property, operator: Operator, where: str) -> tuple[Any, ...]:
    if isinstance(given, str) and operator.takes != "one":
        given = [part for part in re.split(r"[,\s]+", given) if part]
    listed = list(given) if isinstance(given, list | tuple) else [given] if given not in (None, "") else []
    wanted = {"none": range(1), "one": range(1, 2), "two": range(2, 3), "many": range(1, VALUES_MAX + 1)}
    if len(listed) not in wanted[operator.takes]:
        raise BadCondition(
            f"At {where}: {asked.label} {operator.words} takes {operator.takes_words}.",
            field="conditions",
            fix="Separate several by commas." if operator.takes in {"two", "many"} else "Correct the value.",
        )
    made = tuple(_value(one, asked, where) for one in listed)
    if operator.takes == "two" and made[0] > made[1]:
        raise BadCondition(
            f"At {where}: {asked.label} is asked from {listed[0]} to {listed[1]}, which ends before it begins.",
            field="conditions", fix="Put the smaller first.",
        )  # fmt: skip
    return made


def _value(given: Any, asked: Property, where: str) -> Any:
    typed = str(given).strip()
    try:
        if not typed or len(typed) > TEXT_MAX or not typed.isprintable():
            raise ValueError
        match asked.kind:
            case Kind.NUMBER | Kind.MONEY:
                number = Decimal(typed.replace("$", "").replace(",", ""))
                if not number.is_finite():
                    raise ValueError
                return number
            case Kind.DAY:
                return date.fromisoformat(typed)
            case _:
                return typed
    except (ValueError, InvalidOperation):
        forms = {Kind.NUMBER: "a number, as 12", Kind.MONEY: "an amount, as 120.50", Kind.DAY: "a day, as 2026-11-30"}
        raise BadCondition(
            f"At {where}: {typed[:40] or 'nothing'} is no value for {asked.label}.", field="conditions",
            fix=f"Enter {forms.get(asked.kind, f'up to {TEXT_MAX} characters')}.",
        ) from None  # fmt: skip


def written(condition: Condition) -> dict[str, Any]:
    """The condition as JSON; `read` makes it again."""
    if isinstance(condition, Group):
        return {condition.how: [written(part) for part in condition.of]}
    made: dict[str, Any] = {"property": condition.name, "operator": condition.operator}
    if condition.values:
        made["value"] = [str(value) for value in condition.values]
    return made


def comparisons(condition: Condition) -> Iterator[Comparison]:
    """The comparisons within, in order."""
    if isinstance(condition, Comparison):
        yield condition
    else:
        for part in condition.of:
            yield from comparisons(part)


def wanted(condition: Condition, name: str) -> frozenset[str]:
    """The values of which a property must have one, where the condition says so outright; else none."""
    parts = condition.of if isinstance(condition, Group) and condition.how == "all" else (condition,)
    named = (part for part in parts if isinstance(part, Comparison) and part.name == name)
    return next((frozenset(one.values) for one in named if one.operator in {"is", "is_one_of"}), frozenset())


def by_line(condition: Condition) -> bool:
    """Whether it is judged line by line."""
    return any(one.asked.of_line for one in comparisons(condition))


def in_words(condition: Condition) -> str:
    """The condition as a sentence without a full stop."""
    if isinstance(condition, Group):
        joined = " and " if condition.how == "all" else " or "
        parts = [f"({in_words(one)})" if isinstance(one, Group) and len(one.of) > 1 else in_words(one)
                 for one in condition.of]  # fmt: skip
        return joined.join(parts)
    label = condition.asked.label
    if condition.asked.of_line:
        label = f"line: {label[:1].lower()}{label[1:]}"
    operator = OPERATORS[condition.operator]
    if operator.takes == "two":
        return f"{label} is from {condition.values[0]} to {condition.values[1]}"
    return " ".join(filter(None, (label, operator.words, ", ".join(str(value) for value in condition.values))))


# ---- judging --------------------------------------------------------------------------------------------------


def interpret(condition: Condition, case: Any) -> Verdict:
    """The meaning of a condition, word by word; what the engine compiles must come to the same."""
    if isinstance(condition, Group):
        verdicts = [interpret(part, case) for part in condition.of]
        decisive = condition.how == "any"
        if decisive in verdicts:
            return decisive
        return None if None in verdicts else not decisive
    return _compared(condition, condition.asked.ask(case))


def _compared(one: Comparison, answer: Any) -> Verdict:
    values = one.values
    match one.operator:
        case "is_empty":
            return answer is None or answer in ("", frozenset())
        case "is_filled":
            return not (answer is None or answer in ("", frozenset()))
        case _ if answer is None:
            return None
        case "yes":
            return bool(answer)
        case "no":
            return not answer
        case "is":
            return bool(answer == values[0])
        case "is_not":
            return bool(answer != values[0])
        case "is_one_of":
            return answer in values
        case "is_none_of":
            return answer not in values
        case "begins_with" | "begins_with_none":
            several = answer if isinstance(answer, frozenset) else [answer]
            begins = any(one.startswith(value) for one in several for value in values)
            return begins if one.operator == "begins_with" else not begins
        case "has_any":
            return any(value in answer for value in values)
        case "has_all":
            return all(value in answer for value in values)
        case "has_none":
            return not any(value in answer for value in values)
        case "less" | "before":
            return bool(answer < values[0])
        case "at_most":
            return bool(answer <= values[0])
        case "more":
            return bool(answer > values[0])
        case "at_least" | "from":
            return bool(answer >= values[0])
        case _:
            return bool(values[0] <= answer <= values[1])


def compiled(condition: Condition) -> Judge:
    """The condition as one function: values are looked up once, and the cheapest are asked first."""
    if isinstance(condition, Comparison):
        return _compiled_comparison(condition)
    parts = [compiled(part) for part in sorted(condition.of, key=_cost)]
    if len(parts) == 1:
        return parts[0]
    decisive = condition.how == "any"

    def judge(case: Any) -> Verdict:
        unsure = False
        for part in parts:
            verdict = part(case)
            if verdict is decisive:
                return decisive
            unsure = unsure or verdict is None
        return None if unsure else not decisive

    return judge


def _cost(condition: Condition) -> int:
    if isinstance(condition, Group):
        return 1 + sum(_cost(part) for part in condition.of)
    return 2 if condition.asked.kind is Kind.CODES else 1


_BY_SET: Mapping[str, Callable[[frozenset[Any]], Callable[[Any], bool]]] = {
    "is_one_of": lambda wanted: wanted.__contains__,
    "is_none_of": lambda wanted: lambda answer: answer not in wanted,
    "has_any": lambda wanted: lambda answer: not wanted.isdisjoint(answer),
    "has_all": lambda wanted: wanted.issubset,
    "has_none": lambda wanted: wanted.isdisjoint,
}


def _compiled_comparison(one: Comparison) -> Judge:
    ask = one.asked.ask
    if one.operator in {"is_empty", "is_filled"}:
        wanted = one.operator == "is_empty"
        return lambda case: (ask(case) in (None, "", frozenset())) is wanted
    if one.operator in _BY_SET:
        holds = _BY_SET[one.operator](frozenset(one.values))
    elif one.operator in {"begins_with", "begins_with_none"}:
        holds = _beginning(one)
    else:
        holds = lambda answer: bool(_compared(one, answer))  # noqa: E731

    def judge(case: Any) -> Verdict:
        answer = ask(case)
        return None if answer is None else holds(answer)

    return judge


def _beginning(one: Comparison) -> Callable[[Any], bool]:
    beginnings, wanted = tuple(one.values), one.operator == "begins_with"
    if one.asked.kind is Kind.CODES:
        return lambda answer: any(one.startswith(beginnings) for one in answer) is wanted
    return lambda answer: answer.startswith(beginnings) is wanted


def unknown(condition: Condition, case: Any) -> list[Property]:
    """The properties for whose sake a condition cannot be judged."""
    asked = {one.name: one.asked for one in comparisons(condition) if interpret(one, case) is None}
    return list(asked.values())
