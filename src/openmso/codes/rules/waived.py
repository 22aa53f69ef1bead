"""Readers of tests that a certificate of waiver allows: a list of one's own, CMS's list, the laboratory fee schedule.

CMS publishes *Tests Granted Waived Status Under CLIA* (Pub. 100-04, chapter 16, section 70.8) as a table of four
columns: CPT code, test, manufacturer, use; a code is followed by QW where the claim has to say it, and stands there as
often as it has tests. The clinical laboratory fee schedule (`PUF_CLFS_CY2026_Q2V1.csv`, each quarter) has, below four
lines of preamble, a row with the modifier QW for each code that is waived with it. Names of tests and descriptions of
procedures are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from openmso.codes.contracts import Check, SourceFile
from openmso.codes.rules import sets
from openmso.codes.rules.reading import (
    PUBLISHED,
    Reading,
    code_of,
    day_named,
    day_of,
    has_header,
    under_header,
    unreadable,
)
from openmso.kit.words import counted

QW, NO_QW = "QW", "No QW"
BARE = frozenset({"81002", "81025", "82270", "82272", "82962", "83026", "84830", "85013", "85651"})
"""Waived without QW: page one of CMS's list, as its change requests name them (11747 among others)."""
OWN = {name: f"^{name}$" for name in ("code", "qw", "first_day", "last_day")}
LIST = {name: name for name in ("cpt code", "test name", "manufacturer")}
FEES = {name: f"^{name}$" for name in ("hcpcs", "mod", "eff_date", "rate")}
CODES = re.compile(r"\b([0-9A-Z]\d{3}[0-9A-Z])(QW)?\b")


def waived_tests(files: Sequence[SourceFile]) -> Reading:
    """Tests that are waived, and whether the claim says QW.

    A CSV `code,qw,first_day,last_day` (Y, N), CMS's list saved as CSV, or the laboratory fee schedule, which tells
    those with QW; those without are added.
    """
    if all(has_header(file, LIST) for file in files):
        return _whole(files, dict(_listed(files)), "CMS's list")
    if all(has_header(file, FEES) for file in files):
        found = {code: line for file in files for line, code in _priced(file)}
        return _whole(files, {(code, True): line for code, line in found.items()} | {(one, False): 0 for one in BARE},
                      "laboratory fee schedule")  # fmt: skip
    rows = (row for file in files for row in _own(file))
    return sets.reading_of(files, rows, day_named(*(file.name for file in files)))


def _whole(files: Sequence[SourceFile], found: dict[tuple[str, bool], int], what: str) -> Reading:
    """The codes of a published list, each once; one that stands with QW and without contradicts itself."""
    for code, says_qw in found:
        if says_qw and ((code, False) in found or code in BARE):
            line = found[code, True]
            raise unreadable(files[0], line or None, f"{code} stands with QW, and is waived without it.", PUBLISHED)
    if not any(says_qw for _, says_qw in found):
        raise unreadable(files[0], None, "no test with QW was found.", PUBLISHED)
    rows = ((line, _entry(code, says_qw=says_qw)) for (code, says_qw), line in sorted(found.items()))
    bare = sum(not says_qw for _, says_qw in found)
    check = Check("QW", f"By the {what}: {counted(bare, 'test')} without QW, {len(found) - bare:,} with it")
    return sets.reading_of(files, rows, day_named(*(file.name for file in files)), check)


def _entry(code: str, *, says_qw: bool, first: date | None = None, last: date | None = None) -> sets.Row:
    label = f"Waived under CLIA, {'with' if says_qw else 'without'} QW"
    return sets.entry(code, label, category=QW if says_qw else NO_QW, starts_on=first, last_on=last)


def _listed(files: Sequence[SourceFile]) -> Iterator[tuple[tuple[str, bool], int]]:
    """The codes of CMS's list with the line on which each stands first; a row may name several."""
    for file in files:
        seen: set[tuple[str, bool]] = set()
        for line, (codes, *_) in under_header(file, LIST, "waived tests"):
            named = [(code, bool(qw)) for code, qw in CODES.findall(codes.upper())]
            if codes and not named and not re.match("CPT", codes, re.IGNORECASE):
                raise unreadable(file, line, f"{codes[:40]!r} is no code.", PUBLISHED)
            yield from ((one, line) for one in named if one not in seen)
            seen.update(named)


def _priced(file: SourceFile) -> Iterator[tuple[int, str]]:
    for line, (code, modifier, *_) in under_header(file, FEES, "laboratory fees"):
        if modifier.upper() == QW:
            yield line, code_of(file, line, code)


def _own(file: SourceFile) -> Iterator[tuple[int, sets.Row]]:
    for line, (code, qw, first, last) in under_header(file, OWN, "waived tests"):
        if qw not in {"Y", "N"}:
            raise unreadable(file, line, f"{qw!r} is not Y or N.", PUBLISHED)
        yield (
            line,
            _entry(
                code_of(file, line, code),
                says_qw=qw == "Y",
                first=day_of(file, line, first),
                last=day_of(file, line, last),
            ),
        )
