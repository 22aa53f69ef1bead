"""The files of code sets: what is read of them, what is refused, and that nobody's words come without a licence."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from openmso.codes import services, testing
from openmso.codes.contracts import LoadRow, SourceFile
from openmso.codes.models import CodeEntry, RelativeValue
from openmso.codes.queries import sets as queries
from openmso.codes.rules import fees, sets
from openmso.codes.rules.reading import FileRefused, Reading
from openmso.codes.services import Edition
from openmso.kit.errors import Refused
from openmso.parties import testing as parties
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading, scope

ROOT = Path(__file__).parents[4]
NOW = datetime(2026, 11, 16, 15, tzinfo=UTC)
CPT = SourceFile(
    "CPT_2026.txt", b"Copyright line\r\n99213\tInvented words of a visit\r\n0591T Invented words of a trial\r\n"
)


def test_hcpcs_ends_after_its_last_usable_day_and_modifiers_are_a_group() -> None:
    (complexity, modifier) = sets.hcpcs(
        [testing.hcpcs("G2211 20240101 - Complexity", "GD 20080101 20191231 Units")]
    ).rows.rows()

    assert complexity[:2] + complexity[4:] == ("G2211", "", date(2024, 1, 1), None, True)
    assert modifier[:2] + modifier[4:6] == ("GD", "Modifier", date(2008, 1, 1), date(2020, 1, 1))


def test_hcpcs_comes_as_a_workbook_too_and_its_words_may_go_on() -> None:
    book, kept = openpyxl.Workbook(), io.BytesIO()
    head = testing.hcpcs().content.decode().strip().split(",")
    book.active.append(head)
    book.active.append(["G2211", "0010", "3", "Complexity of", "Complexity", "20240101", "20240101", None, "N"])
    book.active.append(["G2211", "0020", "4", "a visit", "", "20240101", "20240101", None, "N"])
    book.save(kept)

    (row,) = sets.hcpcs([SourceFile("HCPC2026_OCT_ANWEB.xlsx", kept.getvalue())]).rows.rows(named=True)

    assert (row["label"], row["words"]) == ("Complexity", "Complexity of a visit")


def test_icd_headings_are_there_and_cannot_be_billed() -> None:
    read = sets.icd10cm([testing.icd10cm("E11 0 Type 2 diabetes mellitus", "E119 1 Type 2 diabetes mellitus, plain")])

    assert [(row["code"], row["is_billable"]) for row in read.rows.rows(named=True)] == [("E11", False), ("E119", True)]
    assert read.since == date(2025, 10, 1)
    assert sets.icd10cm([testing.icd10cm("E11 0 x", name="icd10cm_order_2026_April.txt")]).since == date(2026, 4, 1)


def csv_of(text: str, name: str = "list.csv") -> SourceFile:
    return SourceFile(name, text.encode())


@pytest.mark.parametrize(
    ("read", "file", "words"),
    [
        (sets.hcpcs, testing.hcpcs("G221 20240101 - x"), "line 2: 'G221' is no HCPCS code"),
        (sets.hcpcs, testing.hcpcs("G2211 2024 - x"), "line 2: '2024' is not a day"),
        (sets.hcpcs, testing.hcpcs("G2211 20240101 - x", "G2211 20240101 - x"), "line 3: G2211 stands twice"),
        (sets.icd10cm, csv_of("00001 E11\n", "icd10cm_order_2026.txt"), "line 1"),
        (sets.icd10cm, csv_of("code,billable,description\nE11,2,x\n"), "line 2"),
        (sets.icd10cm, csv_of(""), "no row"),
        (sets.taxonomy, csv_of("Code,Grouping,Classification,Specialization\n207Q,a,b,c\n"), "line 2"),
        (sets.taxonomy, csv_of("a,b\n"), "no row has the columns Code"),
        (sets.cpt, csv_of("99213\n"), "line 1: the line begins with no CPT code"),
        (sets.external, csv_of("list,code\ncarc,\n"), "line 2"),
    ],
)  # fmt: skip
def test_a_file_that_fails_a_check_is_refused_by_its_line(
    read: Callable[[Sequence[SourceFile]], Reading], file: SourceFile, words: str
) -> None:
    with pytest.raises(FileRefused, match=words):
        read([file])


def test_the_published_files_are_read(shared: Path) -> None:
    facts = shared / "facts" / "rcm"
    for read, name, rows in (
        (sets.hcpcs, "HCPC2026_OCT_ANWEB.excerpt.csv", 5), (sets.hcpcs, "hcpcs_level2_2024q3.csv", 8_033),
        (sets.icd10cm, "icd10cm_order_2026.excerpt.txt", 4), (sets.icd10cm, "icd10cm_2026_slice.csv", 432),
        (sets.specialties, "medicare_specialty_taxonomy_crosswalk_2025-10.csv", 561),
        (sets.external, "x12_external_codes_only.csv", 3_495), (sets.families, "rbcs_2024.csv", 15_522),
    ):  # fmt: skip
        assert read([SourceFile(name, (facts / name).read_bytes())]).rows.height == rows, name


@pytest.fixture
def house(db: None) -> Iterator[int]:
    mso = parties.mso(at=NOW).id
    with scope(practices=[mso]):
        yield mso


def bring(kind: str, file: SourceFile, **edition: object) -> LoadRow:
    who = Actor.system("the keeper of codes", at=NOW)
    named = Edition(**{"name": "2026", "starts_on": date(2026, 1, 1)} | edition)  # type: ignore[arg-type]
    return services.load(actor=who, kind=kind, edition=named, files=[file], at=NOW)


def test_cpt_comes_only_with_its_licence_on_record(house: int) -> None:
    for lacking in ({}, {"licence_holder": "Harbor Ridge MSO"}, {"licence_users": 12}):
        with pytest.raises(Refused, match="without a licence"):
            bring("cpt", CPT, **lacking)
    assert not CodeEntry.objects.exists()

    done = bring("cpt", CPT, licence_holder="Harbor Ridge MSO", licence_users=12)

    assert (done.rows, done.licence_holder, done.licence_users, done.edition) == (2, "Harbor Ridge MSO", 12, "2026")


def test_a_code_is_found_in_every_set_of_the_day(house: int) -> None:
    bring("hcpcs", testing.hcpcs("G2211 20240101 - Complexity", "G9999 20200101 20260630 Ended"))
    bring("icd10cm", testing.icd10cm("E11 0 Diabetes", "E119 1 Diabetes, plain"), starts_on=date(2025, 10, 1))
    july = date(2026, 7, 1)

    with reading():
        found = queries.entries("hcpcs", [("G2211", july), ("G9999", july), ("G0000", july)])
        diagnoses = queries.entries("icd10cm", [("E11", july), ("E11", date(2025, 9, 30))])
        everywhere = queries.everywhere("G2211", july)

    assert {code: one.holds(july) for (code, _), one in found.items()} == {"G2211": True, "G9999": False}
    assert found["G9999", july].holds(date(2026, 6, 30))
    assert {day: one.is_billable for (_, day), one in diagnoses.items()} == {july: False}
    assert [(one.set_name, one.label) for one in everywhere] == [("HCPCS Level II", "Complexity")]


def test_words_that_stand_in_fee_files_are_never_kept(house: int) -> None:
    """Descriptions in the relative value file are the AMA's: nothing of them comes into the tables."""
    file = testing.rvu("11102 A 0.64 2.16 0.20 0.06 000 2")
    named = SourceFile(file.name, file.content.replace(b"11102,,,", b"11102,,Invented words of a biopsy,"))
    services.load(
        actor=Actor.system("the keeper of codes", at=NOW),
        kind="pfs-rvu",
        edition=Edition("RVU26C"),
        files=[named],
        at=NOW,
    )

    (row,) = RelativeValue.objects.values()
    assert "nvented" not in str(row)
    assert fees.relative_values([named]).rows.columns.count("description") == 0


PROCEDURE = re.compile(r"^[\"']?(\d{5}|\d{4}[FTU])[\"']?[,;\t|]")
WORDS_BESIDE = re.compile(r"[,;\t|][\"']?[A-Z]?[a-z]+ [a-z]+")
PARTS = ("src", "tests", "bench", "docs", "deploy")
DATA = (".csv", ".tsv", ".txt", ".json", ".dat", ".psv")


def test_no_data_file_of_the_repository_says_what_a_cpt_code_means() -> None:
    """Numbers may stand in data files, words beside them may not: CPT's descriptions are the AMA's.

    The control: a line as a descriptor file has it is caught.
    """
    assert caught("99213,Invented words of a visit")
    assert not caught("99213,2,3,")
    assert not caught("11102,,,A,,0.64")
    files = [path for part in PARTS for path in (ROOT / part).rglob("*") if path.suffix in DATA and path.is_file()]

    found = [
        f"{path.relative_to(ROOT)}: {line[:60]}"
        for path in files
        for line in path.read_text(errors="replace").splitlines()
        if caught(line)
    ]

    assert files
    assert found == []


def caught(line: str) -> bool:
    return bool(PROCEDURE.match(line) and WORDS_BESIDE.search(line))
