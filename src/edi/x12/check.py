"""Is this file valid, and what does it hold? The answer behind `openmso x12 check`.

`valid` means that nothing of severity `error` was found. Errors are: no or broken envelope, segment and set counts,
control numbers that disagree, a set that cannot be read or that is not a health care set, and for an 835 its
balance at three levels. What the implementation guides ask beyond (required segments, codes, CLM02 against its
lines, a GS08 that names no known guide) is a warning, and an error in a strict check, which our own files must pass.

Every health care set (see `edi.x12.envelope.HEALTH_CARE_SETS`) is supported at the level of its envelope: an 834
whose envelope is right is valid, though nothing is read from it. A 4010 file is valid on the same terms: its
version is a warning. Claims are counted and summed over CLP (835) or CLM (837), whatever the version; a set
without claims of either kind has none to count (null), which is not zero.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import IO

from edi.x12.claim.model import BatchTotals
from edi.x12.claim.read import ClaimBody
from edi.x12.eligibility.read import EligibilityBody, InquiryBody
from edi.x12.envelope import HEALTH_CARE_SETS, Body, FileEnd, SetEnd, SetStart, read_sets
from edi.x12.findings import Finding, FindingLog
from edi.x12.grammar.guides import guide_for, is_known, wanted_versions
from edi.x12.remittance.model import RemittanceTotals
from edi.x12.remittance.read import RemittanceBody
from edi.x12.tokens import Segment, Source, as_stream
from edi.x12.values import Span
from edi.x12.walk import Walker

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class SetReport:
    """One transaction set."""

    set_id: str
    version: str
    control: str
    claims: int | None
    charge: Decimal | None
    paid: Decimal | None
    findings: tuple[Finding, ...]
    has_errors: bool

    def as_json(self) -> dict[str, object]:
        return {
            "set": self.set_id,
            "version": self.version,
            "control": self.control,
            "claims": self.claims,
            "charge": _money(self.charge),
            "paid": _money(self.paid),
            "findings": [finding.as_json() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file: its own findings (envelope, text between sets), and its sets."""

    file: str
    sha256: str
    valid: bool
    findings: tuple[Finding, ...]
    transactions: tuple[SetReport, ...]

    def as_json(self) -> dict[str, object]:
        return {
            "file": self.file,
            "sha256": self.sha256,
            "valid": self.valid,
            "findings": [finding.as_json() for finding in self.findings],
            "transactions": [report.as_json() for report in self.transactions],
        }

    def all_findings(self) -> Iterator[Finding]:
        """Of the file, then of its sets."""
        yield from self.findings
        for report in self.transactions:
            yield from report.findings


def check_file(path: str | Path, *, strict: bool = False) -> FileReport:
    """Read the file once, in chunks. Raises OSError when it cannot be opened or read, never for what is in it."""
    with Path(path).open("rb") as stream:
        return check_stream(stream, name=os.fspath(path), strict=strict)


def check_bytes(data: bytes, *, name: str = "", strict: bool = False) -> FileReport:
    return check_stream(data, name=name, strict=strict)


def check_stream(source: Source, *, name: str = "", strict: bool = False) -> FileReport:
    hashing = _Hashing(as_stream(source))
    reports: list[SetReport] = []
    totals: BatchTotals | RemittanceTotals | None = None
    findings: tuple[Finding, ...] = ()
    has_errors = False
    for event in read_sets(hashing, open_body, strict=strict):  # type: ignore[arg-type]
        if isinstance(event, SetStart):
            totals = None
        elif isinstance(event, BatchTotals | RemittanceTotals):
            totals = event
        elif isinstance(event, SetEnd):
            reports.append(_report(event, totals))
            has_errors = has_errors or event.has_errors
        elif isinstance(event, FileEnd):
            findings = event.findings
            has_errors = has_errors or event.has_errors
    return FileReport(
        file=name,
        sha256=hashing.sha256.hexdigest(),
        valid=not has_errors,
        findings=findings,
        transactions=tuple(reports),
    )


def open_body(start: SetStart, log: FindingLog) -> Body | None:
    """The body that looks closest: typed where we have types, by the guide where we have its table."""
    names_guide = start.group is not None or start.guide  # a missing GS was said, and with it that none is named
    if start.set_id in HEALTH_CARE_SETS and names_guide and not is_known(start.set_id, start.guide):
        log.add(
            "version_unknown",
            segment=start.number,
            offset=start.start,
            loop="header",
            version=start.version[:20],
            set_id=start.set_id,
            wanted=wanted_versions(start.set_id),
        )
    if start.set_id == "835":
        return RemittanceBody(start, log, guide=True)
    if start.set_id == "837":
        return ClaimBody(start, log)
    if start.set_id == "270":
        return InquiryBody(start, log)
    if start.set_id == "271":
        return EligibilityBody(start, log)
    guide = guide_for(start.set_id, start.guide)
    return _Walked(Walker(guide, log, start.number, start.start)) if guide else None


class _Walked:
    """A set of which only the guide is checked."""

    def __init__(self, walker: Walker) -> None:
        self._walker = walker

    def feed(self, segment: Segment) -> None:
        self._walker.feed(segment)

    def finish(self, span: Span) -> tuple[object, ...]:
        self._walker.finish()
        return ()


class _Hashing:
    """A stream that knows the SHA-256 of what was read from it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(size)
        self.sha256.update(chunk)
        return chunk


def _report(end: SetEnd, totals: BatchTotals | RemittanceTotals | None) -> SetReport:
    return SetReport(
        set_id=end.start.set_id,
        version=end.start.version,
        control=end.start.control,
        claims=totals.claims if totals else None,
        charge=totals.charge if totals else None,
        paid=totals.paid if isinstance(totals, RemittanceTotals) else None,
        findings=end.findings,
        has_errors=end.has_errors,
    )


def _money(amount: Decimal | None) -> str | None:
    """Two places; a sender's fraction of a cent is rounded half to even, here only."""
    return None if amount is None else str(amount.quantize(_CENT, rounding=ROUND_HALF_EVEN))
