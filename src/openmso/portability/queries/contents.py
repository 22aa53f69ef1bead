"""What any export holds, part by part, and what stays behind with the reason: said before anything is taken."""

from __future__ import annotations

from dataclasses import dataclass

from openmso.platform.access.contracts import Actor
from openmso.portability.queries import revenue, whole
from openmso.portability.queries.revenue import Practice
from openmso.portability.rules.contents import OF_THE_NETWORK, REFERENCES, STAYS


@dataclass(frozen=True, slots=True)
class Held:
    """A part of an export: where it lies, what it holds, and whether it is in that of the revenue cycle alone, too."""

    path: str
    words: str
    in_revenue_cycle: bool

    @property
    def is_table(self) -> bool:
        """Whether it is a table as it lies in the house, of which there are more than people read through."""
        return self.path.startswith(("tables/", "references/"))


def held(*, actor: Actor) -> list[Held]:
    """The parts of any export."""
    cycle = [Held(part.path, part.words, True) for part in revenue.parts(Practice(0, actor, actor.today, actor.at))]
    references = [Held(f"references/{one.model}.csv", one.words, False) for one in REFERENCES]
    tables = [Held(part.path, part.words, False) for part in whole.tables()]
    return [*cycle, *(Held(path, words, False) for path, words in whole.OTHERS), *references, *tables]


def stays() -> list[tuple[str, str]]:
    """What no export holds, with the reason; nothing of it is a practice's."""
    return sorted({**STAYS, **OF_THE_NETWORK}.items())
