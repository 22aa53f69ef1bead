"""The official NCCI files: what is read of them, and what is refused with file, line and fix."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from openmso.codes.contracts import SourceFile
from openmso.codes.rules import asking, ncci
from openmso.codes.rules.kinds import kind
from openmso.codes.rules.reading import FileRefused, day_named, opened, text_of
from openmso.codes.testing import WHY, aoc, mue, ptp
from openmso.kit.errors import Refused

ON = date(2026, 11, 29)


def asked(*pairs: str, head: str = "column1,column2") -> SourceFile:
    return SourceFile("PAIRS.csv", "\n".join([head, *pairs]).encode())


def indicators(edits: list[SourceFile], *pairs: str, on: date = ON, head: str = "column1,column2") -> list[str | None]:
    return [one.modifier_indicator for one in asking.answers(asked(*pairs, head=head), edits, on=on)]


def test_a_pair_holds_in_its_direction_through_its_last_active_day() -> None:
    edits = [ptp("92133 92134 20110101 * 0", "97140 97530 20200101 20260630 1")]

    assert indicators(edits, "92133,92134", "92134,92133") == ["0", None]
    assert indicators(edits, "97140,97530", on=date(2026, 6, 30)) == ["1"]
    assert indicators(edits, "97140,97530", on=date(2026, 7, 1)) == [None]
    assert indicators(edits, "97140,97530", on=date(2019, 12, 31)) == [None]


def test_a_row_of_indicator_9_never_was_an_edit() -> None:
    assert indicators([ptp("0001A 90473 20220101 20220101 9")], "0001A,90473", on=date(2022, 1, 1)) == [None]


@pytest.mark.parametrize(
    ("rows", "day", "indicator"),
    [
        (("13121 13120 19960101 19960101 9", "13121 13120 19960101 * 0"), ON, "0"),
        (("17000 17281 19990701 20041231 1", "17000 17281 19990701 20011231 0"), date(2004, 6, 1), "1"),
    ],
    ids=["the one in force", "else the later deletion"],
)
def test_of_rows_with_one_key_one_counts(rows: tuple[str, str], day: date, indicator: str) -> None:
    one, two = rows[0].split()[:2]

    for order in (rows, rows[::-1]):
        assert indicators([ptp(*order)], f"{one},{two}", on=day) == [indicator]


def test_an_edition_in_several_files_or_an_archive_is_one_table() -> None:
    first, second = ptp("92133 92134 20110101 * 0"), ptp("11102 17000 20200101 * 1", name="ccipra-v322r0-f2.TXT")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in (first, second):
            archive.writestr(file.name, file.content)
        archive.writestr("ccipra-v322r0-f1.xlsx", b"not looked at")
    wanted = ("92133,92134", "11102,17000")

    assert indicators([first, second], *wanted) == ["0", "1"]
    assert indicators([SourceFile("edits.zip", packed.getvalue())], *wanted) == ["0", "1"]


def test_each_pair_is_asked_of_its_own_day_where_the_file_has_one() -> None:
    edits = [ptp("97140 97530 20200101 20260630 1")]

    rows = ("97140,97530,2026-06-30", "97140,97530,20260701", "97140,97530,06/30/2026", "97140,97530,", "97140,97530")
    assert indicators(edits, *rows, head="column1,column2,service_date") == ["1", None, "1", None, None]


def test_without_first_days_a_pair_begins_when_the_one_before_ended() -> None:
    rows = ("11102,17000,2019-12-31,0,x", "11102,17000,9999-12-31,1,x", "11102,17000,2020-01-01,9,x")
    edits = [SourceFile("slice.csv", "\n".join([ncci.SLICE, *rows]).encode())]

    assert indicators(edits, "11102,17000", on=date(2019, 12, 31)) == ["0"]
    assert indicators(edits, "11102,17000", on=date(2020, 1, 1)) == ["1"]


def test_edits_saved_as_csv_without_rationale_or_with_columns_moved_are_the_same() -> None:
    official = ptp("92133 92134 20110101 * 0", "97140 97530 20200101 20260630 1").content
    rows = [line.split("\t") for line in official.decode("latin-1").splitlines()]
    quoted = "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in rows) + "\r\n,,,,,,\r\n"
    early = "\r\n".join("\t".join(row[:6]) for row in rows) + "\r\n\r\n"
    moved = (
        '"rationale","column2","column1","modifier_indicator","edition","deletion_date_or_last_known"\r\n'
        '"a, b","92134","92133","0","2026Q3","9999-12-31"\r\n"x","97530","97140","1","","2026-06-30"\r\n,,,,,\r\n'
    )
    for text in (quoted, early, moved):
        for day, ended in ((date(2026, 6, 30), "1"), (date(2026, 7, 1), None)):
            found = indicators(
                [SourceFile("edits", text.encode())], "92133,92134", "97140,97530", "92134,92133", on=day
            )
            assert found == ["0", ended, None]


@pytest.mark.parametrize(
    ("file", "line", "words"),
    [
        (ptp("92133 9213 20110101 * 0"), "line 7", "five letters and digits"),
        (ptp("92133 92134 20110101 * 0", "92133 92134 20111301 * 0"), "line 8", "effective date"),
        (ptp("92133 92134 20110101 2011 0"), "line 7", "deletion date"),
        (ptp("92133 92134 20110101 20101231 0"), "line 7", "deleted before"),
        (ptp("92133 92134 20110101 * 7"), "line 7", "modifier indicator"),
        (SourceFile("a.txt", ptp("92133 92134 20110101 * 0").content + b"92133\t92134\r\n"), "line 8", "7 fields"),
        (SourceFile("a.txt", b"92133\t92134\t\t20110101\t*\t0\tx\r\n"), "a.txt", "header"),
        (SourceFile("a.csv", ncci.SLICE.encode() + b"\n11102,17000,someday,1,x\n"), "line 2", "last day"),
        (SourceFile("a.csv", ncci.SLICE.replace("column2", "second").encode() + b"\n"), "line 1", "column2"),
        (SourceFile("a.txt", b""), "a.txt", "header"),
    ],
)  # fmt: skip
def test_a_file_of_pairs_that_fails_a_check_is_refused_by_its_line(file: SourceFile, line: str, words: str) -> None:
    with pytest.raises(FileRefused) as no:
        ncci.pairs([file])

    assert line in no.value.sentence
    assert words in no.value.sentence
    assert file.name in no.value.sentence
    assert no.value.fix


def test_edits_for_hospitals_are_not_loaded_as_those_for_practitioners() -> None:
    hospitals = ptp("92133 92134 20110101 * 0", name="ccioph-v322r0-f1.TXT")

    with pytest.raises(FileRefused, match="outpatient hospitals"):
        kind("ncci-ptp").read([hospitals])
    assert indicators([hospitals], "92133,92134") == ["0"], "a file is asked whosever edits it holds"


@pytest.mark.parametrize(
    "file",
    [
        SourceFile("p.csv", b"first,second\n92133,92134\n"), asked("92133"), asked("9213,92134"),
        asked("92133,92134,tomorrow", head="column1,column2,service_date"),
    ],
)  # fmt: skip
def test_pairs_that_cannot_be_asked_are_refused(file: SourceFile) -> None:
    with pytest.raises(Refused, match="line"):
        asking.answers(file, [ptp("92133 92134 20110101 * 0")], on=ON)


def test_unlikely_edits_come_past_a_notice_over_lines_with_their_first_day_from_the_name() -> None:
    read = ncci.units([mue("99213 2 3", "92015 0 2", "J1885 8 1")])

    assert read.since == date(2026, 7, 1)
    assert read.rows.rows() == [
        ("99213", 2, "3", "Nature of Service"),
        ("92015", 0, "2", "Nature of Service"),
        ("J1885", 8, "1", "Nature of Service"),
    ]
    assert any("1 code that Medicare does not pay" in check.words for check in read.checks)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (mue("99213 2 3", "99213 3 3"), "line 7: 99213 stands twice"), (mue("99213 two 3"), "line 6"),
        (mue("99213 2 x"), "line 6"), (mue("9921 2 3"), "line 6"), (mue(), "no row was found"),
        (SourceFile("x.csv", b"a,b"), "no row has the columns"),
        (
            SourceFile("x.csv", mue("99213 2 3").content.replace(b"Practitioner", b"Outpatient Hospital")),
            "no row has the columns .*Practitioner Services",
        ),
    ],
)  # fmt: skip
def test_a_file_of_unlikely_edits_that_fails_a_check_is_refused(file: SourceFile, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        ncci.units([file])


def test_add_on_edits_end_after_the_first_of_three_last_days() -> None:
    read = ncci.add_ons([aoc("1 11103 11102 2019001 -", "1 11101 11100 2013091 2018365", "2 0054T CCCCC 2013091 -")])

    assert read.rows.rows() == [
        ("11103", "11102", "1", date(2019, 1, 1), None),
        ("11101", "11100", "1", date(2013, 4, 1), date(2019, 1, 1)),
        ("0054T", "", "2", date(2013, 4, 1), None),
    ]
    assert read.since == date(2026, 4, 1)


def test_add_on_edits_are_read_from_the_workbook_as_from_the_text() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["A notice"])
    sheet.append(["AOC_Edit_Type", "Add-On_Code", "AOC_DelDT", "Primary_Code", "Primary_Code_DelDT", "AOC_Edit_EffDT",
                  "AOC_Edit_DelDT", "Special_Instruction_Notes"])  # fmt: skip
    sheet.append([1, "11103", None, "11102", None, 2019001, None, None])
    kept = io.BytesIO()
    book.save(kept)

    (row,) = ncci.add_ons([SourceFile("AOC_V2026Q2-MCR.xlsx", kept.getvalue())]).rows.rows()

    assert row == ("11103", "11102", "1", date(2019, 1, 1), None)


@pytest.mark.parametrize("row", ["1 11103 1110 2019001 -", "1 11103 11102 2019400 -", "1 11103 11102 19-01-1 -"])
def test_a_file_of_add_on_edits_that_fails_a_check_is_refused(row: str) -> None:
    with pytest.raises(FileRefused, match="line 1"):
        ncci.add_ons([aoc(row)])


def test_a_name_tells_the_first_day() -> None:
    assert day_named("MCR_MUE_PractitionerServices_Eff_07-01-2026.csv") == date(2026, 7, 1)
    assert day_named("ccipra-f1.TXT", "2026Q4") == date(2026, 10, 1)
    assert day_named("v322r0") is None


def test_an_archive_is_looked_through_also_where_the_tables_are_an_archive_in_it() -> None:
    """CMS's current_article.zip holds current_article_csv.zip and what describes it."""
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("article.csv", "article_id\n")
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("current_article_csv.zip", inner.getvalue())
        archive.writestr("data_dictionary.pdf", b"")

    (table,) = opened([SourceFile("current_article.zip", outer.getvalue())], r"article\.csv$")
    assert (table.name, table.content) == ("article.csv", b"article_id\n")


def test_an_archive_without_such_a_file_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("read me.pdf", b"")

    with pytest.raises(FileRefused, match="no file of this kind"):
        opened([SourceFile("edits.zip", packed.getvalue())], r"\.txt$")


def test_published_vectors_come_out_in_both_directions(shared: Path) -> None:
    """Pairs of 2024 Q3 whose answer is known, asked of the slice and of the same rows in the official format."""
    facts = shared / "facts" / "rcm"
    vectors = list(csv.DictReader(io.StringIO((facts / "ncci_ptp_test_vectors_2024q3.csv").read_text())))
    known = {(one["column1"], one["column2"]): one["modifier_indicator"] or None for one in vectors}
    given = SourceFile("slice.csv", (facts / "ncci_ptp_practitioner_2024q3_slice.csv").read_bytes())
    rows = csv.DictReader(io.StringIO(text_of(given)))
    official = ptp(*(
        f"{row['column1']} {row['column2']} 19960101 "
        f"{row['deletion_date_or_last_known'].replace('-', '').replace('99991231', '*')} {row['modifier_indicator']}"
        for row in rows
    ))  # fmt: skip
    pairs = [f"{one},{two}" for one, two in known] + [f"{two},{one}" for one, two in known]

    for edits in (given, official):
        told = asking.answers(asked(*pairs), [edits], on=date(2024, 7, 1))
        assert {(one.column1, one.column2): one.modifier_indicator for one in told[: len(known)]} == known
        backwards = {one.column2 + one.column1 for one in told[len(known) :] if one.modifier_indicator}
        assert not backwards & {one + two for (one, two), answer in known.items() if answer}


def test_the_official_excerpts_are_read(shared: Path) -> None:
    facts = shared / "facts" / "rcm"

    def file(name: str) -> SourceFile:
        return SourceFile(name, (facts / name).read_bytes())

    read = ncci.pairs([file("ccipra-v322r0-f1.excerpt.txt")])
    assert (read.rows.height, WHY in read.words) == (17, True)
    assert ncci.units([file("MCR_MUE_PractitionerServices_Eff_07-01-2026.excerpt.csv")]).rows.height == 8
    assert ncci.units([file("ncci_mue_practitioner_2024q3.csv")]).rows.height == 14_677
    assert ncci.add_ons([file("ncci_addon_codes_2024q3.csv")]).rows.height == 7_465
