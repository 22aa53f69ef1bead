"""The sentences of events, registered by the apps at start-up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from string import Formatter
from typing import Any

from openmso.kit import words
from openmso.kit.periods import Month
from openmso.platform.audit.contracts import Fact

_sentences: dict[str, str] = {}
_ungranted: dict[str, str] = {}
_readings: dict[str, Callable[[str], str]] = {}
_FIELDS: Mapping[str, str] = {
    "born_on": "birth date", "service_on": "day of service", "service_through": "last day of service",
    "starts_on": "first day", "ends_on": "end", "total_amount": "charge", "line1": "street", "line2": "apartment",
    "zip": "ZIP code", "ndc": "NDC", "is_priced": "price", "fee_version": "price list",
}  # fmt: skip
"""Fields whose names are not what people call them; the others read as they are, without underscores."""


def _fields(text: str) -> str:
    """`born_on, middle_name` as people say it."""
    return ", ".join(_FIELDS.get(name, name.replace("_", " ")) for name in text.split(", "))


_BY_NAME: Mapping[str, Callable[[str], str]] = {
    "fields": _fields,
    "amount": lambda text: words.amount(Decimal(text)),
    "month": lambda text: Month.parse(text).words,
    "until": lambda text: words.instant(datetime.fromisoformat(text)),
}
"""How facts of these names read; a name that ends in `_on` is a day."""


class UnknownAction(LookupError):
    """An event was recorded that nobody could read: its app registered no sentence for it."""


class NoDecision(LookupError):
    """An event was recorded without the decision that allowed it, and its app does not say why there is none."""


def add_sentences(sentences: Mapping[str, str]) -> None:
    """Declare how actions are told: `{"claims.submitted": "{actor} sent claim {subject} to {payer}"}`.

    `{actor}` and `{subject}` are always there; the other names are facts of the event. A number of things names the
    thing: `{claims:claim}`.
    """
    for action, sentence in sentences.items():
        if "." not in action:
            raise ValueError(f"an action is named app.verb; {action!r} is not")
        if _sentences.setdefault(action, sentence) != sentence:
            raise ValueError(f"the action {action} has two sentences")


def add_readings(readings: Mapping[str, Callable[[str], str]]) -> None:
    """Declare how the coded facts of an app read in its sentences: `{"documents.purpose": registry.words_of}`.

    The trail keeps the code; only whoever reads it is told the words.
    """
    for fact, reading in readings.items():
        if _readings.setdefault(fact, reading) is not reading:
            raise ValueError(f"the fact {fact} has two readings")


def add_ungranted(actions: Mapping[str, str]) -> None:
    """Declare the actions that no grant stands behind, each with the reason in words."""
    for action, why in actions.items():
        must_know(action)
        _ungranted[action] = why


def ungranted() -> Mapping[str, str]:
    """The actions that no grant stands behind, with the reason."""
    return _ungranted


def must_be_decided(action: str) -> None:
    """Raise `NoDecision` for an action that somebody must have allowed."""
    if action not in _ungranted:
        raise NoDecision(f"{action!r} is told without the decision that allowed it: decision=actor.must(...).")


def must_know(action: str) -> None:
    """Raise `UnknownAction` for an action without a sentence."""
    if action not in _sentences:
        raise UnknownAction(f"No sentence is registered for {action!r}: audit.registry.add_sentences.")


def actions() -> Mapping[str, str]:
    """All sentences by action."""
    return _sentences


def tell(action: str, *, actor: str, subject: str, facts: Mapping[str, Fact]) -> str:
    """The sentence of an event; a fact that is missing (events are older than sentences) is a dash."""
    sentence = _sentences.get(action, "{actor}: " + action + " {subject}")
    told: defaultdict[str, object] = defaultdict(lambda: "–")
    told |= {name: _read(action.partition(".")[0], name, value) for name, value in facts.items()}
    told |= {"actor": actor, "subject": subject}
    said = _Counting().vformat(sentence, (), told)
    return said[:1].upper() + said[1:]


def _read(app: str, name: str, value: Fact) -> Fact:
    """A fact as people say it; what is not of the form that its name promises stays as it was written."""
    if value is None or value == "":
        return "–"
    reading = _readings.get(f"{app}.{name}") or (_day if name.endswith("_on") else _BY_NAME.get(name))
    if reading is None or not isinstance(value, str):
        return value
    try:
        return reading(value)
    except (ValueError, ArithmeticError):
        return value


def _day(text: str) -> str:
    return words.day(date.fromisoformat(text))


class _Counting(Formatter):
    """Writes `{claims:claim}` as `1 claim` or `2 claims`, `{sent:batch,batches}` as `2 batches`."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if not format_spec:
            return str(value)
        noun, _, many = format_spec.partition(",")
        return words.counted(value, noun, many) if isinstance(value, int) else f"{value} {many or noun + 's'}"
