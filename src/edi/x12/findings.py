"""What a reader says about a file: values, never exceptions.

A finding is addressed so that a person can put a finger on it: the segment's number (counted from 1 through the
whole file, empty segments left out), the byte offset of the segment in the file, the loop that the walk was in, a
sentence, and what would mend it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark about one place of a file."""

    code: str
    """Stable, machine-readable: `set_count_wrong`, `line_out_of_balance` ..."""
    severity: Severity
    """`error` makes the file invalid; `warning` does not, unless checked strictly; `info` never does."""
    segment: int | None
    """Number of the segment in the file, from 1; None when the remark is about the file as a whole."""
    offset: int | None
    """Byte offset of that segment in the file, from 0."""
    loop: str | None
    """TR3 loop (`2110`), or `envelope`; None when not known."""
    message: str
    fix: str

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def strictly(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The same findings with every warning an error: the measure for files that we send ourselves."""
    return tuple(replace(f, severity="error") if f.severity == "warning" else f for f in findings)


def blocking(findings: tuple[Finding, ...] | list[Finding]) -> bool:
    """Is there an error among them?"""
    return any(f.severity == "error" for f in findings)
