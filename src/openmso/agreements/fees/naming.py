"""Whether what a fee names can be given when a month is settled: by books, by meters and levels, or entered by people.

Asked while a draft is written and again before it is signed, so that nothing is signed that cannot be settled.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from openmso.agreements import registry
from openmso.agreements.faults import Fault
from openmso.agreements.fees import charging, quoting, sentences
from openmso.agreements.fees.terms import BaseTerm, FeeTerms, Percent, Residual, Tiers

FIELD = "fee"
NAME_MAX = 60
CLOSE = 0.7
"""How much alike (from 0 to 1) two names are before one is told as what was meant by the other."""


def known(name: str) -> bool:
    """Whether the system gives a figure by itself: it sums it, counts it, or measures it."""
    found = registry.figure(name) or registry.meter(name) or charging.level_of(name)
    return found is not None


def entered(fee: FeeTerms) -> tuple[str, ...]:
    """The figures of a fee that people enter for each month, in the order of their use."""
    return tuple(name for name in quoting.figures_of(fee) if not known(name))


def nearest(name: str, fee: FeeTerms | None = None) -> str:
    """The known name that is most like one; the empty text where none is."""
    names = [*(one.name for one in registry.figures()), *(one.count for one in registry.meters())]
    found = difflib.get_close_matches(name, [*names, *(fee.entered if fee else ())], n=1, cutoff=CLOSE)
    return found[0] if found else ""


def faults(fee: FeeTerms | None) -> Iterator[Fault]:
    """What a fee names that nobody could give, first things first."""
    if fee is None:
        return
    used = quoting.figures_of(fee)
    for name in used:
        if not known(name) and name not in fee.entered:
            yield _unknown(name, fee)
    for name in fee.entered:
        if known(name):
            yield Fault(FIELD, f"{_said(name, fee)} is to be entered, and the system knows it by itself.",
                        f"Take {name} out of `entered`, or call by another name what is meant.")  # fmt: skip
        elif name not in used:
            yield Fault(FIELD, f"{_said(name, fee)} is to be entered, and no part of the fee uses it.",
                        f"Use {name} in a part of the fee, or take it out of `entered`.")  # fmt: skip
        elif len(name) > NAME_MAX:
            yield Fault(FIELD, f"The name {name[:20]}… is too long.", f"A figure has a name of {NAME_MAX} letters.")
    for term in _terms(fee):
        yield from _categories(term, fee)


def _unknown(name: str, fee: FeeTerms) -> Fault:
    meant = nearest(name, fee)
    return Fault(
        FIELD, f"The fee names {name}, which neither books nor counts nor promises know.",
        f"{f'Write {meant}, if that is meant. ' if meant else ''}A figure that people are to enter each month is named "
        f'under `entered`, with what shows it: {{"{name}": "the invoice of the vendor"}}.',
    )  # fmt: skip


def _terms(fee: FeeTerms) -> Iterator[BaseTerm]:
    for one in charging.parts(fee.components):
        if isinstance(one, Percent | Residual | Tiers):
            yield from one.of.terms


def _categories(term: BaseTerm, fee: FeeTerms) -> Iterator[Fault]:
    """The categories that a base names and that its figure is not known by."""
    figure = registry.figure(term.name)
    offered = figure.categories if figure else ()
    for category in (*term.include, *term.exclude):
        if category in offered:
            continue
        said, meant = _said(term.name, fee), difflib.get_close_matches(category, offered, n=1, cutoff=CLOSE)
        by = f"by {', '.join(offered)}" if offered else "as one figure, without categories"
        instead = f"Write {meant[0]}, if that is meant." if meant else (
            "Let the share of it be a figure that people enter, and take that off under `minus`."
        )  # fmt: skip
        yield Fault(FIELD, f"{said} is known {by}, not by “{category}”: nothing would be counted as that.", instead)


def _said(name: str, fee: FeeTerms) -> str:
    said = sentences.name(name, fee.words)
    return said[:1].upper() + said[1:]
