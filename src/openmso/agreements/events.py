"""What happened to agreements, for higher apps to hear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class AgreementExecuted:
    """A first version or an amendment was recorded as executed and holds from `starts_on`."""

    agreement: str
    version: str
    number: int
    starts_on: date


@dataclass(frozen=True, slots=True)
class AgreementTerminated:
    """An agreement ends: `ends_on` is the first day on which it no longer holds."""

    agreement: str
    ends_on: date


@dataclass(frozen=True, slots=True)
class BaaEnded:
    """A business associate agreement ends: from `ends_on` on no patient data is open to the MSO."""

    baa: str
    ends_on: date
