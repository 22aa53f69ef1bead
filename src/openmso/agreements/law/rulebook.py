"""Rules of law written as data: what each is, where and when it holds, and how it is read.

The house's own rules are `rules.toml`; one that an office wrote takes the place of the house's of the same code.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from openmso.agreements.law.facts import CLOSED, FACTS
from openmso.kit import conditions
from openmso.kit.conditions import BadCondition, Condition
from openmso.kit.errors import Refused
from openmso.platform.ui.contracts import Status, Tone

EVERYWHERE = "US"


class Outcome(Status):
    """What a rule brings about where it applies."""

    ALLOW = "allow", "Allows", Tone.GOOD
    WARN = "warn", "Warns", Tone.WARN
    REQUIRE = "require", "Requires", Tone.BAD
    BLOCK = "block", "Blocks", Tone.BAD
    RESERVE = "reserve", "Reserves to the practice", Tone.INFO
    NOTICE = "notice", "Notice to an authority", Tone.WARN
    CLOCK = "clock", "Starts a clock", Tone.WARN
    CHECKLIST = "checklist", "Checklist", Tone.WARN
    SWITCH = "switch", "Another kind of fee", Tone.WARN
    WATCH = "watch", "To be watched", Tone.NONE
    NOT_APPLICABLE = "not_applicable", "Exempts", Tone.INFO
    INFO = "info", "For information", Tone.NONE


class Moment(Status):
    """When rules are asked."""

    DRAFT = "draft", "Drafting"
    SIGN = "sign", "Signing"
    RENEWAL = "renewal", "Renewal"
    PAYMENT = "payment", "Payment"
    CHANGE = "change", "Change of facts"
    ACCESS = "access", "Opening patients' data"
    END = "end", "End"


class Evidence(Status):
    """How well a rule is known: seen in its source, recalled (counsel confirms it before it stops anything), a bill."""

    SEEN = "seen", "Seen", Tone.GOOD
    RECALLED = "recalled", "Recalled", Tone.WARN
    PROPOSED = "proposed", "Proposed", Tone.NONE


class BadRule(Refused):
    """A rule that cannot be judged as it is written."""

    code = "bad_law_rule"


@dataclass(frozen=True, slots=True)
class Timer:
    """A clock of so many calendar days: before a day that a fact names, or after it; what was done on time is a fact.

    `done` is empty where nothing is recorded about it. `sooner` is a fact of hours that the parties agreed on, which
    hold where they are fewer.
    """

    days: int
    fact: str
    before: bool
    done: str = ""
    to: str = ""
    sooner: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of law. `words` say it, `remedy` says what is done about it; the rest is when it holds and what it asks.

    It applies where `when` holds and `unless` does not; `needs` is what a rule that requires, allows or lists asks
    for, each by itself. `from_on` is its first day, `existing_from_on` its first day for relationships that began
    before that. `reserves` are codes of decisions, `exempts` codes of rules that it takes away, `offers` kinds of fee;
    `review_on` is the day by which what is only watched is looked at again.
    """

    code: str
    places: tuple[str, ...]
    moments: frozenset[Moment]
    outcome: Outcome
    words: str
    remedy: str
    citation: str
    source: str
    evidence: Evidence
    as_of: date
    when: Condition | None = None
    unless: Condition | None = None
    needs: tuple[Condition, ...] = ()
    from_on: date | None = None
    existing_from_on: date | None = None
    until_on: date | None = None
    reserves: tuple[str, ...] = ()
    exempts: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    timer: Timer | None = None
    review_on: date | None = None
    number: int = 0
    signed_off: str = field(default="", compare=False)

    @property
    def is_hard(self) -> bool:
        """Whether it may stop anything: it was seen in its source, or counsel has signed it off."""
        return self.evidence is Evidence.SEEN or bool(self.signed_off)

    def concerns(self, state: str) -> bool:
        """Whether it is a rule of this state, or of all."""
        return EVERYWHERE in self.places or state in self.places

    def begins_on(self, begun_on: date | None) -> date | None:
        """Its first day for a relationship that began on that day; none where it has always held."""
        existing = begun_on is not None and self.from_on is not None and begun_on < self.from_on
        return self.existing_from_on if existing and self.existing_from_on else self.from_on

    def holds_on(self, on: date, begun_on: date | None) -> bool:
        """Whether it is law on a day, for a relationship that began on `begun_on`."""
        begins = self.begins_on(begun_on)
        return (begins is None or begins <= on) and (self.until_on is None or on < self.until_on)


_KNOWN = frozenset(
    "code places moments outcome words remedy citation source evidence as_of when unless needs from existing_from "
    "until reserves exempts offers timer review".split()
)
_NEEDED = ("code", "places", "moments", "outcome", "words", "citation", "evidence", "as_of")
_ASKS_NEEDS = frozenset({Outcome.REQUIRE, Outcome.CHECKLIST})
_ASKS_TIMER = frozenset({Outcome.NOTICE, Outcome.CLOCK})
_WHOLE = frozenset("is is_not is_one_of is_none_of has_any has_all has_none".split())
"""Comparisons with whole values: one that a fact never has would never hold."""
_MOST = {"code": 20, "words": 400, "remedy": 300, "citation": 160, "source": 300}


def rule_of(given: Mapping[str, Any], *, number: int = 0) -> Rule:
    """A rule from its data (TOML or JSON). Raises `BadRule` that names the field and what mends it."""
    strange = sorted(set(given) - _KNOWN)
    if strange:
        raise BadRule(
            f"{strange[0]!r} is not known of a rule.", field=strange[0], fix=f"Known: {', '.join(sorted(_KNOWN))}."
        )
    for name in _NEEDED:
        if not given.get(name):
            raise BadRule(f"A rule without {name.replace('_', ' ')}.", field=name, fix="Write it.")
    for name, most in _MOST.items():
        if not isinstance(given.get(name, ""), str) or len(given.get(name, "")) > most:
            raise BadRule(f"{name.capitalize()} is a text of up to {most} characters.", field=name, fix="Shorten it.")
    made = Rule(
        code=given["code"], places=_places(given["places"]),
        moments=frozenset(_one_of(Moment, one, "moments") for one in _list(given, "moments")),
        outcome=_one_of(Outcome, given["outcome"], "outcome"), words=given["words"], remedy=given.get("remedy", ""),
        citation=given["citation"], source=given.get("source", ""),
        evidence=_one_of(Evidence, given["evidence"], "evidence"), as_of=_day(given, "as_of") or date.min,
        when=_condition(given, "when"), unless=_condition(given, "unless"),
        needs=tuple(_read(one, "needs") for one in _list(given, "needs")), from_on=_day(given, "from"),
        existing_from_on=_day(given, "existing_from"), until_on=_day(given, "until"),
        reserves=tuple(_list(given, "reserves")), exempts=tuple(_list(given, "exempts")),
        offers=tuple(_list(given, "offers")), timer=_timer(given.get("timer")),
        review_on=_day(given, "review"), number=number,
    )  # fmt: skip
    _refuse_half(made)
    return made


def _refuse_half(made: Rule) -> None:
    """A rule that requires says what, one that reserves says which decisions, one with a clock says when."""
    lacks = (
        ("needs", "what it needs", made.outcome in _ASKS_NEEDS and not made.needs),
        ("reserves", "which decisions", made.outcome is Outcome.RESERVE and not made.reserves),
        ("timer", "when it runs", made.outcome in _ASKS_TIMER and made.timer is None),
        ("exempts", "from which rules", made.outcome is Outcome.NOT_APPLICABLE and not made.exempts),
        ("offers", "which kinds of fee it offers", made.outcome is Outcome.SWITCH and not made.offers),
        ("review", "when it is looked at again", made.outcome is Outcome.WATCH and not made.review_on),
        ("when", "when", made.outcome is Outcome.BLOCK and made.when is None),
        ("source", "where it was seen", made.evidence is Evidence.SEEN and not made.source),
    )
    for name, words, is_lacking in lacks:
        if is_lacking:
            raise BadRule(f"{made.outcome.label}: it does not say {words}.", field=name, fix="Write it.")
    if made.existing_from_on and not made.from_on:
        raise BadRule("A later first day for existing relationships needs a first day.", field="from", fix="Give it.")


def as_data(rule: Rule) -> dict[str, Any]:
    """The rule as data; `rule_of` makes it again."""
    made: dict[str, Any] = {
        "code": rule.code, "places": list(rule.places), "moments": sorted(one.value for one in rule.moments),
        "outcome": rule.outcome.value, "words": rule.words, "remedy": rule.remedy, "citation": rule.citation,
        "source": rule.source, "evidence": rule.evidence.value, "as_of": rule.as_of.isoformat(),
    }  # fmt: skip
    for name, condition in (("when", rule.when), ("unless", rule.unless)):
        if condition is not None:
            made[name] = conditions.written(condition)
    for name, day in (("from", rule.from_on), ("existing_from", rule.existing_from_on), ("until", rule.until_on),
                      ("review", rule.review_on)):  # fmt: skip
        if day is not None:
            made[name] = day.isoformat()
    for name, several in (("reserves", rule.reserves), ("exempts", rule.exempts), ("offers", rule.offers)):
        if several:
            made[name] = list(several)
    if rule.needs:
        made["needs"] = [conditions.written(one) for one in rule.needs]
    if rule.timer is not None:
        side = "before" if rule.timer.before else "after"
        made["timer"] = {
            "days": rule.timer.days, side: rule.timer.fact, "done": rule.timer.done, "to": rule.timer.to
        }  # fmt: skip
        if rule.timer.sooner:
            made["timer"]["sooner"] = rule.timer.sooner
    return made


@cache
def of_the_house() -> tuple[Rule, ...]:
    """The rules that come with the product."""
    return read_toml(files("openmso.agreements.law").joinpath("rules.toml").read_text(encoding="utf-8"))


def read_toml(text: str) -> tuple[Rule, ...]:
    """Rules from TOML, each a `[[rule]]`. Raises `BadRule` that names the rule, or the line that is no TOML."""
    try:
        rows: Sequence[Any] = tomllib.loads(text).get("rule", [])
    except tomllib.TOMLDecodeError as no:
        raise BadRule(f"The rules are not TOML: {no}.", field="file", fix="Mend that line.") from None
    made: dict[str, Rule] = {}
    for position, row in enumerate(rows, start=1):
        name = str(row.get("code", f"rule {position}")) if isinstance(row, Mapping) else f"rule {position}"
        try:
            one = rule_of(row)
        except Refused as no:
            raise BadRule(f"{name}: {no.sentence}", field=no.field, fix=no.fix) from None
        if one.code in made:
            raise BadRule(f"{name} stands twice.", field="code", fix="Keep one of the two.")
        made[one.code] = one
    return tuple(made.values())


@cache
def doctrines() -> Mapping[str, str]:
    """How strong the corporate practice doctrine is, by state: strong, moderate, none_or_weak."""
    rows = files("openmso.agreements.law").joinpath("states.csv").read_text(encoding="utf-8").split()
    return dict(row.split(",") for row in rows[1:])


STATES = frozenset(doctrines())
"""The states, and the District of Columbia."""


def values_of(fact: str) -> tuple[str, ...]:
    """The values that a fact may have; none where any will do."""
    return tuple(sorted(STATES)) if fact == "place.state" else CLOSED.get(fact, ())


# ---- reading ----------------------------------------------------------------------------------------------------


def _list(given: Mapping[str, Any], name: str) -> list[Any]:
    value = given.get(name, [])
    if not isinstance(value, list):
        raise BadRule(f"{name.capitalize()} is a list.", field=name, fix="Write it in brackets.")
    return value


def _places(given: Any) -> tuple[str, ...]:
    strange = [one for one in given if one != EVERYWHERE and one not in STATES] if isinstance(given, list) else [given]
    if strange:
        raise BadRule(f"{strange[0]!r} is no state.", field="places", fix='Two letters, or "US" for all of them.')
    return tuple(given)


def _one_of(choices: Any, value: Any, name: str) -> Any:
    try:
        return choices(value)
    except ValueError:
        known = ", ".join(one.value for one in choices)
        raise BadRule(f"{value!r} is not known of {name}.", field=name, fix=f"One of: {known}.") from None


def _day(given: Mapping[str, Any], name: str) -> date | None:
    value = given.get(name)
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise BadRule(f"{value!r} is no day.", field=name, fix="Write it as 2026-01-01.") from None


def _condition(given: Mapping[str, Any], name: str) -> Condition | None:
    value = given.get(name)
    if value is None:
        return None
    return _read({"all": value} if isinstance(value, list) else value, name)


def _read(value: Any, name: str) -> Condition:
    try:
        made = conditions.read(_spelled(value), FACTS)
    except BadCondition as no:
        raise BadRule(no.sentence, field=name, fix=no.fix) from None
    for one in conditions.comparisons(made):
        known = values_of(one.name)
        strange = [each for each in one.values if known and each not in known]
        if strange and one.operator in _WHOLE:
            raise BadRule(f"{one.asked.label}: {strange[0]!r} is none.", field=name, fix=f"One of: {', '.join(known)}.")
    return made


def _spelled(value: Any) -> Any:
    """A condition with its comparisons spelled out: `place.state is OR` is property, operator and value."""
    if isinstance(value, str):
        name, _, rest = value.partition(" ")
        operator, _, values = rest.partition(" ")
        return {"property": name, "operator": operator, "value": values}
    if isinstance(value, Mapping) and "property" not in value:
        return {
            how: [_spelled(one) for one in parts] if isinstance(parts, list) else parts for how, parts in value.items()
        }
    return value


def _timer(given: Any) -> Timer | None:
    if given is None:
        return None
    side = "before" if "before" in given else "after"
    fact, done, sooner = given.get(side, ""), given.get("done", ""), given.get("sooner", "")
    for name in filter(None, (fact, done, sooner)):
        if name not in FACTS:
            raise BadRule(f"There is no fact {name!r}.", field="timer", fix="Choose one of the list of facts.")
    if not fact or not isinstance(given.get("days"), int) or given["days"] <= 0:
        raise BadRule("A clock has days, and the day before or after which they run.", field="timer", fix="Give both.")
    return Timer(given["days"], fact, side == "before", done, given.get("to", ""), sooner)
