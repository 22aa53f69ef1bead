"""What leaves the simulator: the summary of a run, and the checks of conservation with their figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """A law of conservation: what it says, whether it holds, and the figures on both sides."""

    name: str
    holds: bool
    words: str
    left: str = ""
    right: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run came to."""

    counts: Mapping[str, int]
