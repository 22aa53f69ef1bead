"""Small files in the official formats, with codes and numbers only: for tests of all apps, and for the demo."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

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


RVU_HEAD = (
    ",,The release\n,,RELEASED\nHCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,"
    "TOTAL,IND,DAYS,OP,OP,OP,PROC,SURG,SURG,SURG,SURG,{}BASE,FACTOR,PROCEDURES,FLAG,INDICATOR,AMOUNT,AMOUNT,AMOUNT\n"
)


def rvu(*rows: str, name: str = "PPRRVU2026_Jul_nonQPP.csv", factor: str = "33.4009", columns: int = 32) -> SourceFile:
    """`"11102 A 0.64 2.16 0.20 0.06 000 2"`: code (or code-modifier), status, RVUs, global days, multiple procedure.

    The last may go on with the bilateral indicator: `2/1`.
    """
    pricing = "IND," if columns == 32 else ""
    lines = []
    for code, status, *rvus, days, multiple in map(str.split, rows):
        work, nonfacility, facility, mp = map(Decimal, rvus)
        one, _, modifier = code.partition("-")
        many, _, sides = multiple.partition("/")
        shares = {"010": "0.10,0.80,0.10", "090": "0.10,0.70,0.20"}.get(days, "0.00,0.00,0.00")
        lines.append(
            f"{one},{modifier},,{status},,{work},{nonfacility},,{facility},,{mp},{work + nonfacility + mp},"
            f"{work + facility + mp},0,{days},{shares},{many},{sides or 0},1,0,0,{'9,' if pricing else ''},{factor},"
            "09,0,99,0.00,0.00,0.00"
        )
    return SourceFile(name, (RVU_HEAD.format(pricing) + "\n".join(lines)).encode())


def gpci(*rows: str, year: int = 2026) -> SourceFile:
    """`"14112 ME 03 SOUTHERN_MAINE 1.000 0.991 0.631"`: contractor, state, locality, name, the three indices."""
    head = (
        f"ADDENDUM E. FINAL CY {year} GPCIs,,,,,,\n,,,,,,\nMedicare Administrative Contractor (MAC),State,"
        f"Locality Number,Locality Name,{year} PW GPCI (with 1.0 Floor)***,{year} PE GPCI,{year} MP GPCI\n"
    )
    lines = "\n".join(row.replace(" ", ",").replace("_", " ") for row in rows)
    return SourceFile(f"GPCI{year}.csv", f"{head}{lines}\n,,,,,,\n*A note.,,,,,,\n".encode())


def pos(*rows: str) -> SourceFile:
    """`"11 Non-Facility Office"`: code, type, name."""
    lines = (",".join([*row.split(maxsplit=2), ""]) for row in rows)
    return SourceFile("pos_codes_2024.csv", "\n".join(["pos_code,pos_type,pos_name,pos_description", *lines]).encode())


def telehealth(*rows: str, year: int = 2026) -> SourceFile:
    """`"99213 Maintain"`: code and what the list does with it."""
    lines = (f"{code}\t\t{action}" for code, action in map(str.split, rows))
    head = f"CY {year} Final List of Medicare Telehealth Services\t\t\nHCPCS\tShort Descriptor\tProposed Action\n"
    return SourceFile(f"cy{year}_telehealth_list.txt", (head + "\n".join(lines) + "\n").encode())


def hcpcs(*rows: str, name: str = "HCPC2026_OCT_ANWEB.csv") -> SourceFile:
    """`"G2211 20240101 - Visit complexity"`: code or modifier, first day, last day or -, words."""
    head = "HCPC,SEQNUM,RECID,LONG DESCRIPTION,SHORT DESCRIPTION,ADD DT,ACT EFF DT,TERM DT,ACTION CD\n"
    lines = []
    for code, starts, last, words in (row.split(maxsplit=3) for row in rows):
        record = f"   {code},0010,7" if len(code) == 2 else f"{code},0010,3"
        lines.append(f"{record},{words},{words},{starts},{starts},{last.strip('-')},N\n")
    return SourceFile(name, (head + "".join(lines)).encode())


def icd10cm(*rows: str, name: str = "icd10cm_order_2026.txt") -> SourceFile:
    """`"E11 0 Type 2 diabetes mellitus"`: code, 1 or 0 for a heading, words."""
    lines = (
        f"{number:05} {code:7} {billable} {words[:60]:60} {words}\n"
        for number, (code, billable, words) in enumerate((row.split(maxsplit=2) for row in rows), start=1)
    )
    return SourceFile(name, "".join(lines).encode())


def rbcs(*rows: str, name: str = "rbcs_2024.csv") -> SourceFile:
    """`"11102|Procedure|Skin|Skin Biopsy"`: code, category, part, family."""
    head = (
        "hcpcs_code,rbcs_procedure,rbcs_category,rbcs_subcategory,rbcs_family,hcpcs_date_added,hcpcs_date_ended,"
        "rbcs_date_effective\n"
    )
    lines = (
        f'{code},,{category},"{part}",{family},2000-01-01,9999-12-31,2020-01-01\n'
        for code, category, part, family in (row.split("|") for row in rows)
    )
    return SourceFile(name, (head + "".join(lines)).encode())


def articles(*, without: str = "", **tables: str) -> SourceFile:
    """The export of the coverage database, an archive: 92134 and 92250 of article 5748 in Maine.

    `tables` replace the rows of a table below its header; `without` leaves one out.
    """
    rows = {
        "article": (
            "article_id,article_version,title,status,article_eff_date,article_end_date,last_updated",
            "5748,9,<p>A title</p>,A,2026-04-01 00:00:00,,2026-07-01 10:00:00\n"
            "61,2,Retired,R,2024-01-01 00:00:00,2026-08-31 00:00:00,2026-01-02 00:00:00\n"
            "77,1,Any reason,A,2026-01-01 00:00:00,,2026-01-02 00:00:00\n"
            "88,1,No state,A,2026-01-01 00:00:00,,2026-01-02 00:00:00\n"
        ),
        "article_x_hcpc_code": (
            "article_id,article_version,hcpc_code_id,hcpc_code_version,hcpc_code_group,range,long_description",
            '5748,9,92134,1,1,,"Invented, and long"\n5748,9,92250,1,1,,x\n61,2,99213,1,1,,x\n77,1,93000,1,1,,x\n'
            "88,1,93000,1,1,,x\n"
        ),
        "article_x_icd10_covered": (
            "article_id,article_version,icd10_code_id,icd10_code_version,icd10_covered_group,range,sort_order",
            "5748,9,H35.3131,1,1,,1\n5748,9,H40.1131,1,1,,2\n5748,9,E11.319,1,2,,3\n61,2,I10,1,1,,1\n"
            "77,1,XX000,1,1,,1\n88,1,I10,1,1,,1\n"
        ),
        "article_x_icd10_covered_group": (
            "article_id,article_version,icd10_covered_group,paragraph",
            '5748,9,1,"<p>The following are covered.</p>"\n5748,9,2,"<p>For CPT code 92250:&nbsp;</p>"\n'
        ),
        "article_x_contractor": (
            "article_id,article_version,article_type,contractor_id,contractor_type_id,contractor_version",
            "5748,9,1,10,12,1\n61,2,1,10,12,1\n77,1,1,10,12,1\n88,1,1,11,12,1\n"
        ),
        "contractor_jurisdiction": (
            "contractor_id,contractor_type_id,contractor_version,state_id,active_date,term_date",
            "10,12,1,20,2013-01-01,\n10,12,1,33,2013-01-01,\n10,12,1,7,2013-01-01,2020-01-01\n"
        ),
        "state_lookup": (
            "state_id,state_abbrev,description", "20,ME,Maine\n33,QN,New York - Queens\n7,CT,Connecticut\n"
        ),
        "article_related_documents": ("article_id,article_version,r_lcd_id", "5748,9,33751\n5748,9,0\n"),
    }  # fmt: skip
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, (head, body) in rows.items():
            if name != without:
                archive.writestr(f"{name}.csv", f"{head}\n{tables.get(name, body)}")
    return SourceFile("current_article_csv.zip", packed.getvalue())


def coverage(*rows: str, name: str = "coverage-2026.csv") -> SourceFile:
    """`"92134,H30,H36,medicare,,,LCD L33751,,"`: code, range, payer kind, payer, state, determination, its days."""
    head = "code,first,last,payer_kind,payer,state,document,first_day,last_day\n"
    return SourceFile(name, (head + "\n".join(rows) + "\n").encode())
