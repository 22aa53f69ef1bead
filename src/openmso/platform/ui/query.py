"""The words a list is filtered by: `is:denied payer:"Blue Cross" open:>40 due:2026-11-01..2026-11-30 okafor`.

Chips, the filter form and the text box all edit this one text, which stands in the URL as `q`. Reading is
forgiving (what is not understood becomes a problem in words), writing is canonical: the same filters always give
the same text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from openmso.kit.periods import Month
from openmso.kit.words import MINUS
from openmso.platform.ui import cells
from openmso.platform.ui.contracts import Filter, FilterKind, Filters, Operator, Term

_PIECE = re.compile(r'(?:(?P<key>[a-z][a-z0-9_]*):)?(?P<value>(?:[<>]=?)?"[^"]*"|\S+)', re.IGNORECASE)
_OPERATOR = re.compile(r"(<=|>=|<|>|=)?(.*)", re.DOTALL)
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Chip:
    """One term as it is shown: `Payer Tidewater`, and the query without it."""

    label: str
    words: str
    without: str


def read(text: str, filters: Sequence[Filter]) -> tuple[Filters, tuple[str, ...]]:
    """The filters a text asks for, and what was not understood, in words."""
    known = {one.key: one for one in filters} | {f"is:{one.key}": one for one in filters if one.kind == "flag"}
    terms: list[Term] = []
    free: list[str] = []
    problems: list[str] = []
    if len(text) > _LONGEST:
        text = text[:_LONGEST].rpartition(" ")[0]
        problems.append(f"A filter has {_LONGEST:,} characters at most; what came after is left out.")
    for piece in _PIECE.finditer(text):
        key, raw = (piece["key"] or "").lower(), piece["value"].replace('"', "")
        found = known.get(f"{key}:{raw.lower()}") or known.get(key)
        if not key:
            free.append(raw)
        elif found is None:
            problems.append(f"There is no filter “{key}”. You can filter by {_listed(filters)}.")
        else:
            try:
                terms += _terms(found, raw)
            except ValueError as no:
                problems.append(str(no))
    return Filters(tuple(dict.fromkeys(terms)), " ".join(free)), tuple(problems)


def write(filters: Filters, known: Sequence[Filter]) -> str:
    """The canonical text of some filters, in the order the table declares them."""
    order = {one.key: at for at, one in enumerate(known)}
    terms = sorted(filters.terms, key=lambda term: (order.get(term.key, len(order)), term.op, term.raw))
    kinds = {one.key: one.kind for one in known}
    return " ".join([*(_written(term, kinds.get(term.key, "text")) for term in terms), *filters.text.split()])


def chips(filters: Filters, known: Sequence[Filter]) -> Iterator[Chip]:
    """The terms as chips, each with the query that is left when it is removed."""
    by_key = {one.key: one for one in known}
    for term in filters.terms:
        rest = Filters(tuple(other for other in filters.terms if other != term), filters.text)
        found = by_key[term.key]
        yield Chip("" if found.kind == "flag" else found.label, _shown(found, term), write(rest, known))
    if filters.text:
        yield Chip("Search", filters.text, write(Filters(filters.terms), known))


def merged(filters: Filters, added: Iterable[tuple[Filter, str, Sequence[str]]]) -> tuple[Filters, tuple[str, ...]]:
    """The filters with some keys asked anew by a form: (filter, operator, values); no value takes the key out."""
    terms, problems = list(filters.terms), []
    for found, op, values in added:
        terms = [t for t in terms if not (t.key == found.key and (not op or t.op == op))]
        for raw in filter(None, values):
            try:
                terms += _terms(found, op + raw)
            except ValueError as no:
                problems.append(str(no))
    return Filters(tuple(dict.fromkeys(terms)), filters.text), tuple(problems)


def _terms(found: Filter, raw: str) -> list[Term]:
    if found.kind == "flag":
        return [Term(found.key, "=", True, found.key)]
    if found.kind == "choice":
        return [Term(found.key, "=", value, value) for value in _chosen(found, raw)]
    if found.kind != "text" and ".." in raw:
        low, high = raw.split("..", 1)
        return [t for bound, end in ((">=", low), ("<=", high)) if end for t in _terms(found, bound + end)]
    match = _OPERATOR.fullmatch(raw)
    op, rest = (match[1] or "=", match[2]) if match and found.kind != "text" else ("=", raw)
    return [Term(found.key, _operator(op), _value(found, rest.strip()), rest.strip())]


def _operator(op: str) -> Operator:
    match op:
        case "<" | "<=" | ">" | ">=":
            return op
        case _:
            return "="


def _chosen(found: Filter, raw: str) -> list[str]:
    options = {value.lower(): value for value, _ in found.options()}
    options |= {label.lower(): value for value, label in found.options() if label.lower() not in options}
    chosen = []
    for part in raw.split(",") if found.many else [raw]:
        if part.lower() not in options:
            some = ", ".join(value for value, _ in list(found.options())[:6])
            raise ValueError(f"{found.label}: there is no “{part}”. It can be {some}.")
        chosen.append(options[part.lower()])
    return chosen


_READERS: dict[FilterKind, tuple[Any, str]] = {
    "money": (
        lambda raw: Decimal(raw.replace(",", "").replace("$", "").replace(MINUS, "-")),
        "an amount: 40 or 1250.50",
    ),
    "count": (lambda raw: int(raw.replace(",", "")), "a whole number"),
    "day": (date.fromisoformat, "a day: 2026-11-18"),
    "month": (Month.parse, "a month: 2026-11"),
    "text": (str, "some text"),
}


def _value(found: Filter, raw: str) -> Any:
    reader, form = _READERS[found.kind]
    try:
        value = reader(raw)
        if isinstance(value, Decimal) and not value.is_finite():
            raise ValueError(raw)
    except (ValueError, InvalidOperation):
        raise ValueError(f"{found.label}: “{raw}” is not {form}.") from None
    return value


def _written(term: Term, kind: FilterKind) -> str:
    if kind == "flag":
        return f"is:{term.key}"
    op = "" if term.op == "=" else term.op
    return f'{term.key}:{op}"{term.raw}"' if " " in term.raw else f"{term.key}:{op}{term.raw}"


_WORDS: dict[FilterKind, Callable[[Any], str]] = {
    "money": cells.money_text,
    "count": cells.count_text,
    "day": cells.day_text,
    "month": cells.month_text,
}
_SAYS = {"=": "", "<": "under ", "<=": "up to ", ">": "over ", ">=": "from "}


def _shown(found: Filter, term: Term) -> str:
    if found.kind == "flag":
        return found.label
    if found.kind == "choice":
        return dict(found.options()).get(term.value, term.raw)
    return _SAYS[term.op] + _WORDS.get(found.kind, str)(term.value)


def _listed(filters: Sequence[Filter]) -> str:
    return ", ".join("is" if one.kind == "flag" else one.key for one in filters) or "words only"
