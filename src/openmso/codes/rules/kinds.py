"""The kinds of code set that can be loaded: a list one can read aloud."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from openmso.codes.contracts import SourceFile
from openmso.codes.rules import articles, fees, limits, ncci, sets, waived
from openmso.codes.rules.reading import Reading
from openmso.kit.errors import NotFound


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of code set: how its files are read, which table keeps its rows, which members an archive has.

    Rows of a `dated` kind say their own days, so that the latest edition answers for every day; of any other, the
    edition that held on the day answers.
    """

    code: str
    title: str
    table: str
    read: Callable[[Sequence[SourceFile]], Reading]
    member: str
    publisher: str
    dated: bool = False
    licensed: bool = False
    """Whether its words are somebody's: then the load says who holds the licence, and for how many users."""

    @property
    def is_set(self) -> bool:
        """Whether its rows are codes with labels, rather than what holds about codes."""
        return self.table == SETS


SETS = "codes_codeentry"
KINDS: tuple[Kind, ...] = (
    Kind("ncci-ptp", "NCCI procedure-to-procedure edits, practitioner", "codes_pairedit", ncci.of_practitioners,
         r"\.txt$", "CMS, each quarter", dated=True),
    Kind("ncci-mue", "Medically unlikely edits, practitioner", "codes_unitedit", ncci.units, r"\.csv$",
         "CMS, each quarter"),
    Kind("ncci-aoc", "NCCI add-on code edits", "codes_addonedit", ncci.add_ons, r"\.txt$",
         "CMS, each year and between", dated=True),
    Kind("pfs-rvu", "Physician fee schedule relative values", "codes_relativevalue", fees.relative_values,
         r"pprrvu.*\.csv$", "CMS, each quarter; what is posted again is a new release"),
    Kind("pfs-gpci", "Geographic practice cost indices", "codes_locality", fees.localities, r"gpci.*\.csv$",
         "CMS, each year"),
    Kind("pos", "Places of service", "codes_placeofservice", fees.places, r"\.csv$", "CMS, when one is added"),
    Kind("hcpcs", "HCPCS Level II", SETS, sets.hcpcs, r"anweb.*\.(csv|xlsx)$", "CMS, each quarter", dated=True),
    Kind("icd10cm", "ICD-10-CM", SETS, sets.icd10cm, r"order.*\.txt$", "CDC and CMS, each October and April"),
    Kind("cpt", "CPT", SETS, sets.cpt, r"\.(txt|csv)$", "American Medical Association, each year", licensed=True),
    Kind("rbcs", "RBCS families", SETS, sets.families, r"\.csv$", "CMS, each year", dated=True),
    Kind("taxonomy", "Provider taxonomy", SETS, sets.taxonomy, r"\.csv$", "NUCC, each January and July"),
    Kind("specialty", "Medicare specialties", SETS, sets.specialties, r"\.csv$", "CMS, as it changes"),
    Kind("x12", "X12 external code lists", SETS, sets.external, r"\.csv$", "X12, three times a year", dated=True),
    Kind("telehealth", "Medicare telehealth services", "codes_telehealthservice", fees.telehealth, r"\.(txt|csv)$",
         "CMS, each year"),
    Kind("age-sex", "Ages and sex that codes are for", "codes_agesexlimit", limits.ages_and_sexes, r"\.csv$",
         "Shipped; CMS's code editors, each quarter, or the house's own list"),
    Kind("clia-waived", "Tests waived under CLIA", SETS, waived.waived_tests, r"\.csv$",
         "Shipped; CMS's list, or its laboratory fees, each quarter"),
    Kind("frequency", "How often payers pay services", "codes_frequencylimit", limits.frequencies, r"\.csv$",
         "Shipped for Medicare; payers' policies, as they change"),
    Kind("coverage", "Diagnoses that payers cover services for", "codes_covereddiagnosis", limits.coverage,
         r"\.csv$", "National and local determinations of Medicare, payers' policies", dated=True),
    Kind("lcd", "Coverage articles of Medicare's contractors", "codes_covereddiagnosis", articles.covered_diagnoses,
         articles.MEMBERS, "CMS, the Medicare Coverage Database, each week", dated=True),
    Kind("therapy", "Therapy thresholds of Medicare", "codes_therapythreshold", limits.therapy_thresholds,
         r"\.csv$", "Shipped; CMS, each year", dated=True),
)  # fmt: skip
BY_CODE = {kind.code: kind for kind in KINDS}


def kind(code: str) -> Kind:
    """The kind of a code; raises `NotFound` with those there are."""
    if code not in BY_CODE:
        raise NotFound(f"There is no kind of code set {code!r}.", field="kind", fix=f"Kinds: {', '.join(BY_CODE)}.")
    return BY_CODE[code]
