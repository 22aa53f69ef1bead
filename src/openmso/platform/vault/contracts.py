"""What leaves the vault: its permission, its sentences, and what a rotation did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Permission

REVEAL = Permission(
    "vault.reveal", "reveal an identity secret", classes=frozenset({DataClass.IDENTITY_SECRET}), fresh=True
)
PERMISSIONS: Iterable[Permission] = (REVEAL,)
SENTENCES = {"vault.revealed": "{actor} revealed the {kind} of {subject}"}


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation found in one column of secrets."""

    table: str
    column: str
    resealed: int
    left: int
