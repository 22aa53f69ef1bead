"""The demo's code sets: its own few dozen codes, written as the official files are and loaded through the door.

Codes and numbers are facts of the published editions; nobody's descriptions are here.
"""

from __future__ import annotations

from datetime import datetime

from openmso.codes import services, testing
from openmso.codes.contracts import SourceFile
from openmso.codes.services import Edition
from openmso.platform.access.contracts import Actor

VISITS = "92012 92014 99213 99214"
UNBUNDLED = {
    "11102": f"17000 93000 96372 {VISITS}", "11103": f"93000 96372 {VISITS}", "11104": f"17000 17110 93000 {VISITS}",
    "17000": f"93000 96372 {VISITS}", "17004": f"11102 11104 17110 93000 {VISITS}",
    "17110": f"11102 11103 17000 17003 93000 {VISITS}", "20610": f"93000 96372 {VISITS}",
    "90471": "99203 99213 99214 99396", "92133": "92250", "92134": "92250", "96372": "99203 99213 99214",
    "99203": "99213 99214", "99214": "99213",
}  # fmt: skip
"""Column 1 to the codes of column 2 that a modifier may part from it (indicator 1)."""
NEVER = {
    "11104": "11102", "17004": "17000 17003", "90791": "90834 90837 99203 99213 99214 99396",
    "90834": "99203 99213 99214 99396", "90837": "90834 99203 99213 99214 99396", "92012": "92004 92014",
    "92014": "92004", "92133": "92134", "99203": "92004 92012 92014", "99213": "92004 92012 92014",
    "99214": "92004 92012 92014",
}  # fmt: skip
"""Column 1 to the codes of column 2 that are never paid beside it (indicator 0)."""
UNITS = (
    "11102 1 2", "11103 6 3", "11104 1 2", "17000 1 2", "17003 13 2", "17004 1 2", "17110 1 2", "20610 2 3",
    "83036 1 2", "90471 1 2", "90686 1 2", "90785 3 3", "90791 1 3", "90834 2 3", "90837 2 3", "92004 1 2",
    "92012 1 3", "92014 1 3", "92015 0 3", "92083 1 2", "92133 1 2", "92134 1 2", "92250 1 2", "93000 3 3",
    "96372 4 3", "99203 1 2", "99213 2 3", "99214 2 3", "99396 0 3", "J3301 16 3",
)  # fmt: skip
PRIMARIES = {
    "11103": "11102 11104 11106", "11105": "11104 11106", "11107": "11106", "17003": "17000", "17312": "17311",
    "90785": "90791 90792 90832 90833 90834 90836 90837 90838 90853", "90840": "90839",
    "99417": "99205 99215 99245 99345 99350",
}  # fmt: skip
"""Add-on code to its primaries."""


def load(*, actor: Actor, at: datetime) -> None:
    """Load the editions that the demo's claims are judged by; the MSO's tenant is in scope."""
    for kind, edition, file in editions():
        services.load(actor=actor, kind=kind, edition=Edition(edition), files=[file], at=at)


def editions() -> list[tuple[str, str, SourceFile]]:
    """Kind, edition and file of everything the demo loads."""
    pairs = [
        f"{one} {two} 20200101 * {indicator}"
        for indicator, listed in (("1", UNBUNDLED), ("0", NEVER))
        for one, seconds in listed.items()
        for two in seconds.split()
    ]
    add_ons = [f"1 {code} {one} 2020001 -" for code, primaries in PRIMARIES.items() for one in primaries.split()]
    return [
        ("ncci-ptp", "2026Q3", testing.ptp(*pairs)),
        ("ncci-mue", "2026Q3", testing.mue(*UNITS)),
        ("ncci-aoc", "2026Q2", testing.aoc(*add_ons)),
    ]
