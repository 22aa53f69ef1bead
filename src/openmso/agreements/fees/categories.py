"""The categories by which a base counts only some of a figure: how they are written, and the groups that have a name.

What books know of a figure is kind of payer. A group stands for its members wherever terms or figures name it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from openmso.parties.contracts import PayerKind

OTHER = "other"
"""What came from no payer that the books know, such as from patients."""
GROUPS: Mapping[str, tuple[str, ...]] = {
    "government": tuple(kind.value for kind in PayerKind if kind.is_government),
}
"""The groups by name; government's are federal and state programmes (42 CFR 424.73, 447.10)."""
OF_PAYERS = (*(kind.value for kind in PayerKind), OTHER, *GROUPS)
"""The categories of a figure that books know by kind of payer."""


def folded(name: str) -> str:
    """A category as it is compared: `Medicaid ` is `medicaid`."""
    return name.strip().casefold()


def widened(names: Iterable[str]) -> frozenset[str]:
    """Categories with the members of the groups among them."""
    given = frozenset(names)
    return given.union(*(GROUPS.get(name, ()) for name in given))
