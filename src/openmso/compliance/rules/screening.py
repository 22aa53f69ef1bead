"""The list of exclusions: reading the file as the Office of Inspector General publishes it, and who is named on it.

The file is the Updated LEIE Database (UPDATED.csv): a head of eighteen columns, one row a person or firm, days as
`20260131` and `00000000` where there is none, an NPI of noughts where none is known. It names no EIN, so that a firm
is found by NPI or name. It has those who are excluded now; reinstated ones leave it.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from openmso.compliance.contracts import Exclusion, NoExclusionList
from openmso.compliance.rules.recognising import normalised

COLUMNS = (
    "LASTNAME", "FIRSTNAME", "MIDNAME", "BUSNAME", "GENERAL", "SPECIALTY", "UPIN", "NPI", "DOB", "ADDRESS", "CITY",
    "STATE", "ZIP", "EXCLTYPE", "EXCLDATE", "REINDATE", "WAIVERDATE", "WVRSTATE",
)  # fmt: skip
ROWS_MAX, TOLD_MAX, NAME_MAX = 500_000, 20, 160
NO_DAY, NO_NPI = "00000000", "0000000000"


def read(content: bytes) -> list[Exclusion]:
    """The rows of the file; raises `NoExclusionList` with the line and column of each fault."""
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        head = [name.strip().upper() for name in next(reader, [])]
        if lacking := [name for name in COLUMNS if name not in head]:
            raise NoExclusionList([f"Line 1: the column {lacking[0]} is missing."])
        faults: list[str] = []
        found = [one for one in _rows(reader, head, faults) if one is not None]
    except UnicodeDecodeError:
        return read(content.decode("latin-1").encode())
    except csv.Error as no:
        raise NoExclusionList(["The file is not CSV."]) from no
    if faults:
        raise NoExclusionList(faults)
    if not found:
        raise NoExclusionList(["The file has a head and no rows."])
    return found


def _rows(reader: Iterator[list[str]], head: list[str], faults: list[str]) -> Iterator[Exclusion | None]:
    for number, row in enumerate(reader, start=2):
        if number > ROWS_MAX or len(faults) >= TOLD_MAX:
            raise NoExclusionList(faults or [f"The file has more than {ROWS_MAX:,} rows."])
        if len(row) != len(head):
            faults.append(f"Line {number}: it has {len(row)} fields, the head {len(head)}.")
            continue
        yield _row(number, dict(zip(head, map(str.strip, row), strict=True)), faults)


def _row(number: int, row: Mapping[str, str], faults: list[str]) -> Exclusion | None:
    def day(column: str) -> date | None:
        said = row[column]
        if said in {"", NO_DAY}:
            return None
        try:
            return date(int(said[:4]), int(said[4:6]), int(said[6:])) if len(said) == 8 else date.fromisoformat(said)
        except ValueError:
            faults.append(f"Line {number}, {column}: {said[:20]!r} is no day such as 20260131.")
            return None

    name = row["BUSNAME"] or " ".join(filter(None, (row["FIRSTNAME"], row["MIDNAME"], row["LASTNAME"])))
    key = normalised(row["BUSNAME"] or f"{row['FIRSTNAME']} {row['LASTNAME']}")
    excluded_on = day("EXCLDATE")
    if excluded_on is None or not key:
        lacks = "EXCLDATE" if key else "BUSNAME"
        faults.append(f"Line {number}, {lacks}: it is empty.")
        return None
    npi = "" if row["NPI"] in {"", NO_NPI} else row["NPI"][:10]
    return Exclusion(
        number, name[:NAME_MAX], key[:NAME_MAX], npi, row["CITY"][:60], row["STATE"][:2], row["EXCLTYPE"][:16],
        excluded_on, day("REINDATE"), day("WAIVERDATE"), row["WVRSTATE"][:2],
    )  # fmt: skip


class Screen:
    """Rows of the list by NPI and by name."""

    def __init__(self, rows: Iterable[Exclusion]) -> None:
        self._by_npi: dict[str, list[Exclusion]] = defaultdict(list)
        self._by_name: dict[str, list[Exclusion]] = defaultdict(list)
        for one in rows:
            if one.npi:
                self._by_npi[one.npi].append(one)
            self._by_name[one.key].append(one)

    def of(self, name: str, npi: str) -> Iterator[tuple[Exclusion, bool]]:
        """The rows that may be somebody, those of the same NPI first, and whether it is by NPI.

        A name alone is not them where both have an NPI and they differ.
        """
        certain = self._by_npi.get(npi, []) if npi else []
        yield from ((one, True) for one in certain)
        for one in self._by_name.get(normalised(name), ()):
            if one not in certain and not (npi and one.npi):
                yield one, False
