"""Whether a fee follows what a practice earns: judged by what its parts are of, not by how they are written.

Six cents for each dollar collected are six percent of collections, and so are collections passed on "at cost". A
count that the system knows (claims, visits) follows no revenue; of one that it does not know, somebody has to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from openmso.agreements.fees.terms import (
    Base,
    Component,
    CostPlus,
    FeeTerms,
    Flat,
    LesserOf,
    Percent,
    PerUnit,
    Residual,
    Tiers,
)
from openmso.agreements.fees.units import unit_of

EARNED = frozenset(
    "collection collections collected revenue revenues receipt receipts charge charges charged billed billings income "
    "proceeds earnings earned profit profits margin ebitda pde distributable reimbursement reimbursements dollar "
    "dollars usd cents sales takings deposits deposited receivable receivables npr agr gross allowed payments balance "
    "surplus residual".split()
)
"""Words of a figure that is money earned, billed or collected."""
SPENT = frozenset(
    "cost costs expense expenses payroll salaries salary wages benefits staff staffing personnel labor rent lease "
    "leases supplies supply equipment assets software licence licences license licenses insurance utilities postage "
    "services service agency vendor vendors purchasing marketing advertising fees fee training travel taxes interest "
    "overhead depreciation maintenance repairs".split()
)
"""Words with which the name of a cost that is passed on ends."""
COSTS = frozenset("cost costs expense expenses payroll salaries wages rent supplies overhead".split())
LEFT = frozenset("net after less over before minus".split())
"""Words of a figure from which something was taken: what is left of revenue is revenue."""


def follows(fee: FeeTerms) -> bool | None:
    """Whether any part of a fee follows revenue, charges or collections; `None` where that cannot be said."""
    said = [_part(one, fee) for one in _parts(fee.components)]
    return True if True in said else None if None in said else False


def _parts(components: Iterable[Component]) -> Iterator[Component]:
    """The parts; those of which the least counts are each a part."""
    for one in components:
        yield from _parts(one.of) if isinstance(one, LesserOf) else (one,)


def _part(one: Component, fee: FeeTerms) -> bool | None:
    match one:
        case Flat():
            return False
        case Residual():
            return True
        case Percent(of=base) | Tiers(of=base):
            return not _of_costs(base)
        case CostPlus(costs=costs):
            return any(_is_earned(cost.name, fee.words.get(cost.name, "")) for cost in costs)
        case PerUnit(unit=unit, count=count):
            if unit_of(count) is not None:
                return False
            return True if _is_earned(count, unit, fee.words.get(count, "")) else None
        case _:
            raise AssertionError(f"{one} is no part")


def _of_costs(base: Base) -> bool:
    """Whether all that a base adds up is cost; a percentage of anything else is one of revenue."""
    named = [_words(term.name) for term in base.terms]
    return all(words and words[-1] in COSTS and (EARNED | LEFT).isdisjoint(words) for words in named)


def _is_earned(*names: str) -> bool:
    """Whether one of the names of a figure is of money that comes in, and does not end as a cost does."""
    for name in names:
        words = _words(name)
        if words and words[-1] not in SPENT and not EARNED.isdisjoint(words):
            return True
    return False


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z]+", name.lower())
