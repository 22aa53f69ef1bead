"""What leaves equity of capital calls for the practice that is called: its permission, and what waits there."""

from __future__ import annotations

from collections.abc import Iterable

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Permission
from openmso.platform.work.contracts import FIRST_DUE
from openmso.platform.work.contracts import Kind as WorkKind

ANSWER = Permission(
    "equity.answer", "answer capital calls on a practice or its people", classes=frozenset({DataClass.BUSINESS})
)
PERMISSIONS: Iterable[Permission] = (ANSWER,)
CALLED = "equity.call_to_answer"
KINDS = (WorkKind(CALLED, "Capital call to answer", ANSWER.code, ranked=FIRST_DUE, decides=True),)
"""The cap table is the entity's: the practice reads what is asked of it on the item itself."""
