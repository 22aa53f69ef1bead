"""The demo's code sets: its own few dozen codes, written as the official files are and loaded through the door.

Codes and numbers are facts of the published editions; nobody's descriptions are here.
"""

from __future__ import annotations

from datetime import datetime

from openmso.billing.contracts import TableKind
from openmso.billing.queries import tables as held
from openmso.billing.services import tables
from openmso.codes import services, testing
from openmso.codes.contracts import SourceFile
from openmso.codes.services import Edition
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading

RESTS = (b"rest_days,30,policy,It rests 30 days", b"rest_days,45,policy,It rests 45 days")
"""How long an account rests between two agencies: as the product ships it, and as this house decided."""
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
TELEHEALTH = "90785 90791 90834 90837 92004 92012 92014 99203 99213 99214 G2211"
PRIMARIES = {
    "11103": "11102 11104 11106", "11105": "11104 11106", "11107": "11106", "17003": "17000", "17312": "17311",
    "90785": "90791 90792 90832 90833 90834 90836 90837 90838 90853", "90840": "90839",
    "99417": "99205 99215 99245 99345 99350",
}  # fmt: skip
"""Add-on code to its primaries."""

VALUES = (
    "11102 A 0.64 2.16 0.20 0.06 000 2", "11103 A 0.37 1.05 0.12 0.04 ZZZ 0", "11104 A 0.81 2.73 0.24 0.09 000 2",
    "17000 A 0.59 1.34 0.78 0.06 010 2", "17003 A 0.04 0.15 0.01 0.00 ZZZ 0", "17004 A 1.34 3.39 1.01 0.13 010 0",
    "17110 A 0.68 2.58 1.12 0.07 010 2", "20610 A 0.77 1.16 0.29 0.13 000 2/1", "90471 A 0.17 0.48 0.48 0.01 XXX 0",
    "90785 A 0.33 0.11 0.02 0.00 ZZZ 0", "90791 A 3.84 1.33 0.25 0.02 XXX 0", "90834 A 2.56 0.83 0.17 0.02 XXX 0",
    "90837 A 3.78 1.20 0.25 0.02 XXX 0", "92004 A 1.82 2.62 0.47 0.04 XXX 0", "92012 A 0.92 1.76 0.29 0.03 XXX 0",
    "92014 A 1.42 2.35 0.40 0.04 XXX 0", "92015 N 0.37 0.18 0.08 0.02 XXX 9", "92083 A 0.49 1.40 1.40 0.02 XXX 7/2",
    "92083-26 A 0.49 0.29 0.29 0.01 XXX 7/2", "92083-TC A 0.00 1.11 1.11 0.01 XXX 7/2",
    "92133 A 0.30 0.60 0.60 0.02 XXX 7/2", "92133-26 A 0.30 0.18 0.18 0.01 XXX 7/2",
    "92133-TC A 0.00 0.42 0.42 0.01 XXX 7/2",
    "92134 A 0.31 0.65 0.65 0.02 XXX 7/2", "92134-26 A 0.31 0.21 0.21 0.01 XXX 7/2",
    "92134-TC A 0.00 0.44 0.44 0.01 XXX 7/2",
    "92250 A 0.39 0.70 0.70 0.02 XXX 7/2", "92250-26 A 0.39 0.21 0.21 0.01 XXX 7/2",
    "92250-TC A 0.00 0.49 0.49 0.01 XXX 7/2",
    "93000 A 0.17 0.27 0.27 0.02 XXX 6", "96372 A 0.17 0.28 0.28 0.01 XXX 0", "99203 A 1.60 1.76 0.38 0.16 XXX 0",
    "99213 A 1.30 1.46 0.33 0.09 XXX 0", "99214 A 1.92 2.00 0.47 0.14 XXX 0", "99396 N 1.90 1.84 0.41 0.12 XXX 9",
    "G2211 A 0.33 0.17 0.08 0.02 ZZZ 0",
)  # fmt: skip
LOCALITIES = (
    "03102 AZ 00 ARIZONA 1.000 0.969 0.856", "10212 GA 99 REST_OF_GEORGIA 1.000 0.892 1.192",
    "14112 ME 03 SOUTHERN_MAINE 1.000 0.991 0.631", "14112 ME 99 REST_OF_MAINE 1.000 0.920 0.622",
    "14312 NH 40 NEW_HAMPSHIRE 1.000 1.041 0.875", "15202 OH 00 OHIO 1.000 0.913 1.008",
    "02302 OR 01 PORTLAND 1.016 1.111 0.744", "14512 VT 50 VERMONT 1.000 0.990 0.506",
    "06302 WI 00 WISCONSIN 1.000 0.958 0.308", "01112 CA 56 FRESNO 1.017 1.096 0.536",
    "13282 NY 99 REST_OF_NEW_YORK 1.000 0.950 0.703", "04412 TX 99 REST_OF_TEXAS 1.000 0.949 0.903",
)  # fmt: skip
PLACES = (
    "02 Facility Telehealth elsewhere", "10 Non-Facility Telehealth at home", "11 Non-Facility Office",
    "12 Non-Facility Home", "21 Facility Inpatient hospital", "22 Facility On-campus outpatient hospital",
    "23 Facility Emergency room", "24 Facility Ambulatory surgical center", "31 Facility Skilled nursing facility",
    "81 Non-Facility Independent laboratory",
)  # fmt: skip

HCPCS = (
    "G0438 20110101 - First yearly wellness visit", "G0439 20110101 - Later yearly wellness visit",
    "G2211 20240101 - Added complexity of a visit", "J3301 20080101 - Triamcinolone 10 mg",
    "25 19970101 - Separate visit on the day", "RT 19840101 - Right side", "LT 19840101 - Left side",
    "GD 20080101 20191231 Units above the likely number",
)  # fmt: skip
FAMILIES = (
    "11102|Procedure|Skin|Skin Biopsy",
    "11103|Procedure|Skin|Skin Biopsy",
    "11104|Procedure|Skin|Skin Biopsy",
    "17000|Procedure|Skin|Destruction Skin Lesion",
    "17003|Procedure|Skin|Destruction Skin Lesion",
    "17004|Procedure|Skin|Destruction Skin Lesion",
    "17110|Procedure|Skin|Destruction Skin Lesion",
    "20610|Procedure|Musculoskeletal|Joint Injection",
    "36415|Test|General Laboratory|Venipuncture Blood Collection",
    "82962|Test|General Laboratory|Clinical Chemistry",
    "83036|Test|General Laboratory|Blood Count",
    "90471|Treatment|Injections and Infusions|Vaccine - Toxoids",
    "90686|Treatment|Injections and Infusions|Vaccine - Toxoids",
    "90791|E&M|Behavioral Health Services|Psychotherapy - Nongroup",
    "90834|E&M|Behavioral Health Services|Psychotherapy - Nongroup",
    "90837|E&M|Behavioral Health Services|Psychotherapy - Nongroup",
    "92004|E&M|Ophthalmological Services|Ophthalmological E&M",
    "92012|E&M|Ophthalmological Services|Ophthalmological E&M",
    "92014|E&M|Ophthalmological Services|Ophthalmological E&M",
    "92083|Other|Vision, Hearing, and Speech Services|No RBCS Family",
    "92133|Imaging|Imaging - Miscellaneous|Computerized Ophthalmic Imaging",
    "92134|Imaging|Imaging - Miscellaneous|Computerized Ophthalmic Imaging",
    "93000|Test|Cardiography|Electrocardiogram",
    "96372|Treatment|Injections and Infusions|Injection Administration",
    "99203|E&M|Office/Outpatient Services|Office E&M - New",
    "99213|E&M|Office/Outpatient Services|Office E&M - Established",
    "99214|E&M|Office/Outpatient Services|Office E&M - Established",
    "99396|E&M|Office/Outpatient Services|No RBCS Family",
)
"""Families of CMS's own classification: labels that need nobody's licence."""
COVERED = (
    "92083,H40,H42", "92083,H46,H48", "92083,H534,H534", "92133,H40,H42", "92133,H46,H48", "92134,E083,E133",
    "92134,H30,H36", "92134,H43,H44",
)  # fmt: skip
"""Diagnoses for which the demo's Medicare contractor covers scans and field tests of the eye."""
DETERMINATION = "LCD L33751 and L34760"


def load(*, actor: Actor, at: datetime) -> None:
    """Load the editions that claims are judged by, and the house's own table of collecting; the MSO is in scope."""
    services.ship(actor=actor, at=at)
    for kind, edition, file in editions():
        services.load(actor=actor, kind=kind, edition=Edition(edition), files=[file], at=at)
    with reading():
        content = held.written(TableKind.DEBT).replace(*RESTS)
    made = tables.load(
        actor=actor, kind=TableKind.DEBT, edition="Review of 2026", name="collecting-2026.csv",
        content=content, at=at,
    )  # fmt: skip
    tables.activate(actor=actor, table=made, at=at)


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
        ("pfs-rvu", "RVU26C", testing.rvu(*VALUES)),
        ("pfs-gpci", "CY 2026", testing.gpci(*LOCALITIES)),
        ("pos", "2024", testing.pos(*PLACES)),
        ("hcpcs", "2026 October", testing.hcpcs(*HCPCS)),
        ("rbcs", "2024", testing.rbcs(*FAMILIES)),
        ("coverage", "2026", testing.coverage(*(f"{one},medicare,,,{DETERMINATION},," for one in COVERED))),
        ("telehealth", "CY 2026", testing.telehealth(*(f"{code} Maintain" for code in TELEHEALTH.split()))),
    ]
