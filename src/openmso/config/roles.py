"""Who may do what: the roles of the installation, one readable matrix.

MSO roles say what a person could do; what they may do in a practice is what its executed agreement also opens.
"""

from __future__ import annotations

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Role, Side

_PHI = frozenset({DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
_DEMOGRAPHIC = frozenset({DataClass.DEMOGRAPHIC})
_NONE: frozenset[DataClass] = frozenset()


def _role(code: str, words: str, side: Side, permissions: str, classes: frozenset[DataClass] = _NONE) -> Role:
    return Role(code, words, side, frozenset(permissions.split()), classes)


ROLES: tuple[Role, ...] = (_role("administrator", "Administrator", Side.MSO, "access.read access.assign"),)
