"""What dermatology is denied for: biopsies, lesions that are destroyed or cut out, Mohs surgery, what is cosmetic."""

from __future__ import annotations

from collections.abc import Iterator

from openmso.claims.rules import facts
from openmso.claims.rules.eyes import together
from openmso.claims.rules.findings import Said, blocks, warns
from openmso.claims.rules.payment import DISTINCT
from openmso.claims.rules.sheet import ClaimSheet, Context

FIRST_BIOPSIES = ("11106", "11104", "11102")
"""Incision, punch, tangential: the highest is the first, the others are add-ons."""
BENIGN = range(11400, 11472)
MALIGNANT = range(11600, 11647)
MOHS = frozenset({"17311", "17312", "17313", "17314", "17315"})
PATHOLOGY = frozenset({"88302", "88304", "88305", "88307", "88309", "88331", "88332"})
DESTROYED_MAX = 13
COSMETIC = "Z411"


def _in(code: str, numbers: range) -> bool:
    return code.isdigit() and int(code) in numbers


def is_excision(code: str) -> bool:
    """Excisions of lesions, benign and malignant."""
    return _in(code, BENIGN) or _in(code, MALIGNANT)


@blocks("NCCI: one first biopsy a day, incision before punch before tangential", codes=FIRST_BIOPSIES)
def two_first_biopsies(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Of several biopsies of a day one is the first; the others are add-ons."""
    for number, high in enumerate(FIRST_BIOPSIES):
        for first, line in together(sheet, {high}, FIRST_BIOPSIES[number + 1 :]):
            yield Said(
                f"Line {line.number}: {line.code} beside {first.code}; only one biopsy is the first.",
                f"Bill the other as {int(line.code) + 1}.",
                "code",
                line.number,
            )


@blocks("CPT: up to fourteen lesions one by one, from fifteen on 17004 alone; NCCI", codes={"17003", "17004"})
def destruction_counted_wrong(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Destroyed lesions are counted one way: 17000 with 17003 up to fourteen, 17004 from fifteen on."""
    for _, line in together(sheet, {"17004"}, {"17000", "17003"}):
        yield Said(
            f"Line {line.number}: {line.code} beside 17004.", "From fifteen lesions on 17004 stands alone.", "code",
            line.number,
        )  # fmt: skip
    for line in sheet.lines:
        if line.code == "17003" and line.units > DESTROYED_MAX:
            yield Said(
                f"Line {line.number}: {line.units.normalize():f} further lesions; 17003 goes to thirteen.",
                "From fifteen lesions on bill 17004 once, alone.",
                "units",
                line.number,
            )


@warns("NCCI Policy Manual ch. 1 §E.1.d: the record shows that lesions differ", modifiers={"59", "XS"})
def lesion_not_named(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A procedure that is distinct by its lesion says in its note which lesion: site, size, side."""
    for line in sheet.lines:
        skin = line.code.isdigit() and "11000" <= line.code <= "17999"
        if skin and {"59", "XS"} & set(line.modifiers) and not line.note.strip():
            yield Said(
                f"Line {line.number}: {line.code} is distinct, and nothing says which lesion it was.",
                "Write the lesion, its site, size and side into the note of the line.",
                "modifiers",
                line.number,
            )


@blocks("NCCI Policy Manual ch. 3 §E: pathology is part of Mohs surgery by the same physician", codes=MOHS)
def mohs_with_pathology(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Mohs surgery holds the pathology of its tissue."""
    for mohs, line in together(sheet, MOHS, PATHOLOGY):
        if not DISTINCT & set(line.modifiers):
            yield Said(
                f"Line {line.number}: {line.code} is part of {mohs.code}.",
                "Take it away; with 59 if it was another lesion.",
                "modifiers",
                line.number,
            )


@warns("CPT: excisions are benign or malignant by the pathology report", codes=is_excision)
def excision_and_diagnosis(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """An excision and its diagnosis are both benign, or both malignant."""
    for line in sheet.lines:
        codes = [sheet.diagnoses[p - 1] for p in line.pointers if 1 <= p <= len(sheet.diagnoses)]
        malignant = any(code.startswith(("C43", "C44", "C4A", "D03", "D04")) for code in codes)
        if codes and ((_in(line.code, MALIGNANT) and not malignant) or (_in(line.code, BENIGN) and malignant)):
            yield Said(
                f"Line {line.number}: {line.code} and {codes[0]} do not fit: one is benign, one malignant.",
                "Wait for the pathology report, and code by it.",
                "pointers",
                line.number,
            )


@blocks("42 CFR 411.15(h): cosmetic surgery is excluded; CARC 96", when=facts.REASONS)
def cosmetic(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """Cosmetic services are the patient's."""
    if sheet.diagnoses and sheet.diagnoses[0].startswith(COSMETIC) and not _denial_wanted(sheet):
        yield Said(
            "The reason is cosmetic; no payer pays it.", "Bill the patient; with GY Medicare denies it.", "diagnoses"
        )


def _denial_wanted(sheet: ClaimSheet) -> bool:
    return all("GY" in line.modifiers for line in sheet.lines)
