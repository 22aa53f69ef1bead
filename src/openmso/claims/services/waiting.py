"""Work items of claims: opened when a claim waits for a person, closed when it waits no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from openmso.claims.models.acknowledgements import Acknowledgement
from openmso.claims.models.claims import Claim
from openmso.platform.access.contracts import Actor


def keep_in_step(rows: Sequence[Claim], *, actor: Actor, at: datetime) -> None:
    """Open an item for every claim that waits for a person, and close those of claims that do not."""


def unmatched(rows: Sequence[Acknowledgement], *, actor: Actor, at: datetime) -> None:
    """Open an item for every acknowledgement that speaks of claims which are none of ours."""
