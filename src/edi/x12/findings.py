"""What a reader says about a file: values, never exceptions.

A finding is addressed so that a person can put a finger on it: the segment's number (counted from 1 through
the whole file, empty segments left out), the byte offset of the segment in the file, the loop that the walk was
in, a sentence, and what would mend it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from edi.x12.catalogue import CATALOGUE, Severity

KEPT_PER_CODE = 200
"""How many findings of one code a file (or one set) keeps; the rest are counted, so that memory stays flat."""


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
    tag: str = ""
    """The segment's tag, where the remark is about one: what a 999 says in IK301."""
    element: int | None = None
    """The element's position, where the remark is about one."""

    def as_json(self) -> dict[str, object]:
        """What a person needs to find the place; tag and element are in the message."""
        return {
            "code": self.code,
            "severity": self.severity,
            "segment": self.segment,
            "offset": self.offset,
            "loop": self.loop,
            "message": self.message,
            "fix": self.fix,
        }


class FindingLog:
    """The findings of one set or one file, as they are made.

    Keeps `KEPT_PER_CODE` of each code and counts the rest, so that a file with a million faults is answered
    in the memory of a file with a few.
    """

    __slots__ = ("_counts", "_kept", "has_errors", "strict")

    def __init__(self, *, strict: bool = False) -> None:
        self.strict = strict
        self.has_errors = False
        self._kept: list[Finding] = []
        self._counts: dict[str, int] = {}

    def add(self, code: str, *, segment: int | None, offset: int | None, loop: str | None, **values: object) -> Finding:
        """Make the finding that the catalogue has under `code`, and keep it."""
        finding = made(code, segment=segment, offset=offset, loop=loop, strict=self.strict, **values)
        self.take(finding)
        return finding

    def take(self, finding: Finding) -> None:
        """Keep a finding that was made elsewhere."""
        if finding.severity == "error":
            self.has_errors = True
        seen = self._counts.get(finding.code, 0) + 1
        self._counts[finding.code] = seen
        if seen <= KEPT_PER_CODE:
            self._kept.append(finding)

    def has_any_of(self, codes: frozenset[str]) -> bool:
        """Was any of these found, kept or only counted?"""
        return not codes.isdisjoint(self._counts)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.all())

    def all(self) -> tuple[Finding, ...]:
        """What was kept, and one remark for each code of which more were found than kept."""
        more = [
            Finding(
                code="more_of_the_same",
                severity="info",
                segment=None,
                offset=None,
                loop=None,
                message=f"{count - KEPT_PER_CODE} more findings of {code} are not listed.",
                fix="Mend those that are listed and check again.",
            )
            for code, count in self._counts.items()
            if count > KEPT_PER_CODE
        ]
        return (*self._kept, *more)


def made(
    code: str,
    *,
    segment: int | None,
    offset: int | None,
    loop: str | None,
    strict: bool = False,
    **values: object,
) -> Finding:
    """The finding that the catalogue has under `code`, in words; strictly, a warning is an error."""
    entry = CATALOGUE[code]
    severity: Severity = "error" if strict and entry.severity == "warning" else entry.severity
    place = "the header" if loop == "header" else f"loop {loop}"
    words = {"loop": loop, "place": place} | {
        name: f"{one:f}" if isinstance(one, Decimal) else one for name, one in values.items()
    }
    position = values.get("position")
    return Finding(
        code=code,
        severity=severity,
        segment=segment,
        offset=offset,
        loop=loop,
        message=entry.message.format(**words),
        fix=entry.fix.format(**words),
        tag=str(values.get("tag", "")).partition("*")[0][:3],
        element=position if isinstance(position, int) else None,
    )


def strictly(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The same findings with every warning an error: the measure for files that we send ourselves."""
    return tuple(replace(f, severity="error") if f.severity == "warning" else f for f in findings)


def blocking(findings: Iterable[Finding]) -> bool:
    """Is there an error among them?"""
    return any(f.severity == "error" for f in findings)
