"""Small files in the official formats, with codes and numbers only: for tests of all apps, and for the demo."""

from __future__ import annotations

from openmso.codes.contracts import SourceFile

PTP_HEAD = (
    "Notice\t\t\t\t\t\t\r\nColumn1/Column2 Edits\t\t\t\t\t\t\r\n"
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r\n"
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t\r\n\t\t\t\t*=no data\t1=allowed\t\r\n"
    "\t\t\t\t\t9=not applicable\t\r\n"
)
MUE_HEAD = (
    '"A notice \xae\n\nover lines",,,\n"HCPCS/\nCPT Code",Practitioner Services MUE Values,'
    "MUE Adjudication Indicator,MUE Rationale\n"
)
WHY = "Mutually exclusive procedures"


def ptp(*rows: str, name: str = "ccipra-v322r0-f1.TXT") -> SourceFile:
    """`"92133 92134 20110101 * 0"`: codes, first day, last day or *, indicator."""
    lines = "".join(
        f"{one}\t{two}\t\t{first}\t{last}\t{indicator}\t{WHY}\r\n"
        for one, two, first, last, indicator in map(str.split, rows)
    )
    return SourceFile(name, (PTP_HEAD + lines).encode("latin-1"))


def mue(*rows: str, name: str = "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv") -> SourceFile:
    """`"99213 2 3"`: code, units, MAI."""
    kinds = {"1": "1 Line Edit", "2": "2 Date of Service Edit: Policy", "3": "3 Date of Service Edit: Clinical"}
    lines = "".join(
        f"{code},{units},{kinds.get(mai, mai)},Nature of Service\n" for code, units, mai in map(str.split, rows)
    )
    return SourceFile(name, (MUE_HEAD + lines).encode("cp1252"))


def aoc(*rows: str, name: str = "AOC_V2026Q2-F-MCR.txt") -> SourceFile:
    """`"1 11103 11102 2019001 -"`: type, add-on, primary, first and last day as year and day, or -."""
    lines = "".join(
        f"{kind}{code}{'':7}{primary}{'':7}{first.strip('-'):7}{last.strip('-'):7}\r\n"
        for kind, code, primary, first, last in map(str.split, rows)
    )
    return SourceFile(name, lines.encode())
