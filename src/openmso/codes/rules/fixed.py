"""The files of the physician fee schedule that CMS publishes by position beside its CSV: each line a record of that.

Places as the lines of RVU25A show them (PPRRVU25_JAN.txt, GPCI2025.txt) beside the CSV of the same release. A line of
values has no separators, so whoever reads one checks its totals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from openmso.codes.contracts import SourceFile
from openmso.codes.rules.reading import PUBLISHED, text_of, unreadable

VALUES = (
    (0, 5), (5, 7), (7, 57), (57, 58), (58, 59), (59, 65), (65, 72), (72, 74), (74, 81), (81, 83), (83, 89), (89, 96),
    (96, 102), (102, 103), (103, 106), (106, 109), (109, 112), (112, 115), (115, 116), (116, 117), (117, 118),
    (118, 119), (119, 120), (120, 125), (125, 140), (140, 143), (143, 144), (144, 150), (150, 157), (157, 164),
    (164, 171),
)  # fmt: skip
"""Where the 31 columns of a release of relative values stand, until 2025."""
WIDTH = VALUES[-1][1]
VALUE = re.compile(r"[0-9A-Z]{5}(?:  |[0-9A-Z]{2}).{50}[A-Z] .{112}")
LOCALITY = re.compile(r"(\d{5})\s+([A-Z]{2})\s+(\d{2})\s+(\S.*?)\s{2,}(\d\.\d+)\s+(\d\.\d+)\s+(\d\.\d+)\s*")


def is_values(file: SourceFile) -> bool:
    """Whether the first line that is no header is one of relative values by position."""
    first = next((line for line in text_of(file).splitlines() if line.strip() and not line.startswith("HDR")), "")
    return VALUE.fullmatch(first.rstrip("\r\n").ljust(WIDTH)) is not None


def values(file: SourceFile) -> Iterator[tuple[int, list[str]]]:
    """The records of a release of relative values by position, with their lines."""
    for number, line in enumerate(text_of(file).splitlines(), start=1):
        if not line.strip() or line.startswith(("HDR", "TRL")):
            continue
        if len(line.rstrip()) > WIDTH:
            raise unreadable(
                file, number, f"the line has {len(line.rstrip())} characters; until 2025 CMS's have {WIDTH}.",
                "Give the CSV of the release.",
            )  # fmt: skip
        yield number, [line[first:last].strip() for first, last in VALUES]


def is_localities(file: SourceFile) -> bool:
    """Whether some line near the beginning is a locality by position."""
    return any(map(LOCALITY.fullmatch, text_of(file).splitlines()[:20]))


def localities(file: SourceFile) -> Iterator[tuple[int, list[str]]]:
    """Contractor, state, number, name and the three indices of each locality, with its line; notes are passed over."""
    for number, line in enumerate(text_of(file).splitlines(), start=1):
        found = LOCALITY.fullmatch(line)
        if found is not None:
            yield number, [part.strip() for part in found.groups()]
        elif re.match(r"\d{5}\s", line):
            raise unreadable(file, number, "the line is no locality with three indices.", PUBLISHED)
