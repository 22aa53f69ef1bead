"""The files of the physician fee schedule: what is read of them, what is refused, and what a day's edition answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from openmso.codes import services, testing
from openmso.codes.contracts import LoadRow, SourceFile
from openmso.codes.queries import fees as queries
from openmso.codes.rules import fees
from openmso.codes.rules.reading import FileRefused
from openmso.codes.services import Edition
from openmso.parties import testing as parties
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading, scope

BIOPSY = "11102 A 0.64 2.16 0.20 0.06 000 2"
SCAN = "92134-TC A 0.00 0.55 0.55 0.01 XXX 7"
NOW = datetime(2026, 11, 16, 15, tzinfo=UTC)
QPP = "PPRRVU2026_Jul_QPP.csv"


@pytest.mark.parametrize("columns", [31, 32])
def test_relative_values_are_read_by_position_with_and_without_the_pricing_indicator(columns: int) -> None:
    read = fees.relative_values([testing.rvu(BIOPSY, SCAN, columns=columns)])

    (biopsy, scan) = read.rows.rows(named=True)
    assert (biopsy["work"], biopsy["pe_nonfacility"], biopsy["pe_facility"], biopsy["mp"]) == (
        "0.64",
        "2.16",
        "0.20",
        "0.06",
    )
    assert (biopsy["global_days"], biopsy["mult_proc"], biopsy["conversion_factor"]) == ("000", "2", "33.4009")
    assert (scan["code"], scan["modifier"], scan["mult_proc"]) == ("92134", "TC", "7")
    assert read.since == date(2026, 7, 1)


BY_POSITION = {
    "74210  ": "A   0.59   2.15     2.15NA  0.04   2.78  2.781XXX.00.00.0000000             32.3465 090 99      5.69   5.69   0.06",
    "74283TC": "A   0.00   4.78     4.78NA  0.01   4.79  4.791XXX.00.00.0000000             32.3465 030 99      5.49   5.49   0.01",
    "49605  ": "A  87.09  38.04NA  38.04   22.19 147.32147.320090.09.81.1020210             32.3465 090 99      0.00   0.00   0.00",
}  # fmt: skip
"""Lines of RVU25A as CMS published it by position, without descriptions."""


def by_position(lines: dict[str, str]) -> SourceFile:
    text = "HDR ALL RIGHTS\n" + "".join(f"{code}{'':50}{rest}\n" for code, rest in lines.items())
    return SourceFile("PPRRVU25_JAN.txt", text.encode())


def test_relative_values_by_position_are_those_of_the_csv() -> None:
    read = fees.relative_values([by_position(BY_POSITION)])

    swallow, reduction, hernia = read.rows.rows(named=True)
    said = "code modifier status work pe_nonfacility na_nonfacility pe_facility na_facility mp".split()
    assert [swallow[name] for name in said] == ["74210", "", "A", "0.59", "2.15", False, "2.15", True, "0.04"]
    assert [reduction[name] for name in ("modifier", "opps_pe_nonfacility", "opps_pe_facility", "opps_mp")] == [
        "TC",
        "5.49",
        "5.49",
        "0.01",
    ]
    assert [hernia[name] for name in ("global_days", "pre", "intra", "post", "mult_proc", "asst_surg", "co_surg", "conversion_factor")] == [
        "090", "0.09", "0.81", "0.10", "2", "2", "1", "32.3465",
    ]  # fmt: skip
    assert (hernia["na_nonfacility"], read.since) == (True, date(2025, 1, 1))
    with pytest.raises(FileRefused, match=r"line 2: 49605: .* is not the non-facility total"):
        fees.relative_values([by_position({"49605  ": BY_POSITION["49605  "].replace("87.09", "87.08")})])


def test_localities_by_position_are_those_of_the_csv() -> None:
    lines = (
        "ADDENDUM E. FINAL CY 2025 GEOGRAPHIC PRACTICE COST INDICES (GPCIs) BY STATE AND MEDICARE LOCALITY\n\n"
        "Medicare Admi State  Locality          Locality Name       2025 PW GPCI2025 PE GPCI2025 MP GPCI\n"
        "02102           AK      01   ALASKA*                                     1.500       1.081       0.592\n"
        "01182           CA      18   LOS ANGELES-LONG BEACH (LOS ANGELES/ORANGE CNTY)      1.042       1.194       0.690\n"
    )
    read = fees.localities([SourceFile("GPCI2025.txt", lines.encode())])
    assert [list(row.values()) for row in read.rows.rows(named=True)] == [
        ["02102", "AK", "01", "ALASKA", "1.500", "1.081", "0.592"],
        ["01182", "CA", "18", "LOS ANGELES-LONG BEACH (LOS ANGELES/ORANGE CNTY)", "1.042", "1.194", "0.690"],
    ]
    assert read.since == date(2025, 1, 1)
    with pytest.raises(FileRefused, match="line 4: the line is no locality"):
        fees.localities([SourceFile("GPCI2025.txt", lines.replace("1.081", "n/a").encode())])


def test_a_release_in_two_files_has_two_factors_and_nothing_else_apart() -> None:
    others, qualifying = testing.rvu(BIOPSY), testing.rvu(BIOPSY, name=QPP, factor="33.5675")

    (row,) = fees.relative_values([qualifying, others]).rows.rows(named=True)

    assert (row["conversion_factor"], row["conversion_factor_qp"]) == ("33.4009", "33.5675")
    with pytest.raises(FileRefused, match="11102 is not the same"):
        fees.relative_values([testing.rvu(BIOPSY.replace("2.16", "2.17"), name=QPP), others])
    with pytest.raises(FileRefused, match="alone"):
        fees.relative_values([qualifying])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (testing.rvu(BIOPSY).content.replace(b"2.86", b"2.87"), "line 4: 11102: 0.64 .* is not the non-facility total"),
        (testing.rvu(BIOPSY, BIOPSY).content, "line 5: 11102 stands twice"),
        (testing.rvu(BIOPSY).content.replace(b"DAYS", b"GLOB"), "line 3: column 15 is 'GLOB'"),
        (testing.rvu(BIOPSY).content.replace(b",AMOUNT\n", b"\n"), "line 3: column 24|line 3: the header has"),
        (testing.rvu(BIOPSY).content.replace(b"0.64", b"none"), "line 4: 'none' is not a number"),
        (testing.rvu(BIOPSY).content.replace(b",99,", b","), "line 4: 31 columns"),
        (b"HCPCS\n", "no file of relative values"),
        (testing.rvu(BIOPSY, SCAN).content.replace(b"33.4009", b"32.3465", 1), "2 conversion factors"),
    ],
)  # fmt: skip
def test_relative_values_that_fail_a_check_are_refused_by_their_line(content: bytes, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        fees.relative_values([SourceFile("PPRRVU2026_Jul_nonQPP.csv", content)])


@pytest.mark.parametrize(
    ("read", "file", "words"),
    [
        (fees.localities, testing.gpci("15202 OH A0 OHIO 1.000 0.915 1.049"), "line 4: the locality 'A0'"),
        (fees.localities, testing.gpci("15202 OH 00 OHIO 1.000 0.915 19.9"), "line 4: .* no indices"),
        (fees.localities, testing.gpci(*["15202 OH 00 OHIO 1.000 0.915 1.049"] * 2), "line 5: .* stands twice"),
        (fees.localities, testing.gpci(), "no row"),
        (fees.places, testing.pos("11 Somewhere Office"), "line 2"),
        (fees.telehealth, testing.telehealth("9921 Maintain"), "line 3"),
    ],
)  # fmt: skip
def test_other_files_that_fail_a_check_are_refused_by_their_line(read: object, file: SourceFile, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        read([file])  # type: ignore[operator]


def test_the_published_files_are_read(shared: Path) -> None:
    facts = shared / "facts" / "rcm"

    def file(name: str) -> SourceFile:
        return SourceFile(name, (facts / name).read_bytes())

    read = fees.relative_values([file("PPRRVU2026_Jul_nonQPP.slice.csv")])
    assert (read.rows.height, read.since) == (162, date(2026, 7, 1))
    localities = fees.localities([file("GPCI2026.csv")])
    assert (localities.rows.height, localities.since) == (109, date(2026, 1, 1))
    assert fees.localities([file("gpci_2024.csv")]).rows["gpci_pe"][0] == "0.869"
    places = fees.places([file("pos_codes_2024.csv")])
    assert places.rows.filter(places.rows["is_facility"])["code"].to_list() == (
        "02 06 08 19 21 22 23 24 26 31 34 41 42 51 52 53 56 61".split()
    )
    assert fees.telehealth([file("cy2026_telehealth_list.excerpt.redacted.txt")]).rows.height == 20


@pytest.fixture
def house(db: None) -> Iterator[int]:
    mso = parties.mso(at=NOW).id
    with scope(practices=[mso]):
        yield mso


def bring(kind: str, *files: SourceFile, edition: str = "RVU26C") -> LoadRow:
    who = Actor.system("the keeper of codes", at=NOW)
    return services.load(actor=who, kind=kind, edition=Edition(edition), files=files, at=NOW)


def test_a_release_posted_again_is_a_new_release_and_each_day_has_its_own(house: int) -> None:
    april = testing.rvu(BIOPSY.replace("0.64", "0.60"), name="PPRRVU2026_Apr_nonQPP.csv")
    bring("pfs-rvu", april, edition="RVU26B")
    bring("pfs-rvu", testing.rvu(BIOPSY.replace("0.64", "0.63"), SCAN))
    again = bring("pfs-rvu", testing.rvu(BIOPSY, SCAN), edition="RVU26C-updated")
    days = (date(2026, 3, 31), date(2026, 6, 30), date(2026, 7, 1))

    def work() -> list[tuple[str, Decimal]]:
        with reading():
            found = queries.relative_values([("11102", day) for day in days] + [("99213", days[1])])
        assert ("11102", days[0]) not in found
        return [(found["11102", day][0].edition, found["11102", day][0].work) for day in days[1:]]

    assert work() == [("RVU26B", Decimal("0.60")), ("RVU26C-updated", Decimal("0.64"))]
    services.undo(actor=Actor.system("the keeper of codes", at=NOW), load=again.public_id, why="Withdrawn", at=NOW)
    assert work() == [("RVU26B", Decimal("0.60")), ("RVU26C", Decimal("0.63"))]


def test_localities_places_and_telehealth_answer_for_their_day(house: int) -> None:
    bring("pfs-gpci", testing.gpci("15202 OH 0 OHIO 1.000 0.915 1.049", "1182 CA 18 LA 1.041 1.183 0.664"))
    bring("pos", testing.pos("02 Facility Telehealth", "11 Non-Facility Office"))
    bring("telehealth", testing.telehealth("90834 Maintain", "92002 Addition", "99441 Deletion"))
    today = date(2026, 11, 16)

    with reading():
        assert queries.localities(today)["01182", "18"].gpci_pe == Decimal("1.183")
        assert queries.localities(date(2025, 12, 31)) == {}
        assert {code: one.is_facility for code, one in queries.places(today).items()} == {"02": True, "11": False}
        assert queries.by_telehealth(["90834", "99441", "11102"], today) == {"90834"}
