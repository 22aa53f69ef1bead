"""Stories of loads: an edition comes in whole or not at all, counts once, and can be taken back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from typer.testing import CliRunner

from openmso.cli.main import app
from openmso.codes import services
from openmso.codes.contracts import Covered, LoadRow, SourceFile
from openmso.codes.models import Load
from openmso.codes.models import UnitEdit as UnitRow
from openmso.codes.queries import edits, limits, lookup, sets
from openmso.codes.rules import packaged
from openmso.codes.rules.reading import FileRefused
from openmso.codes.services import Edition
from openmso.codes.testing import aoc, articles, coverage, icd10cm, mue, ptp
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.parties import testing as parties
from openmso.platform.access.contracts import Actor, NotAllowed
from openmso.platform.audit import queries as audit
from openmso.platform.audit.contracts import EventFilters
from openmso.platform.tenancy.scope import reading, scope
from openmso.platform.ui.contracts import PageAsk

NOW = datetime(2026, 11, 16, 15, tzinfo=UTC)
JULY, OCTOBER = date(2026, 7, 6), date(2026, 10, 5)
Bring = Callable[..., LoadRow]


@pytest.fixture
def house(db: None) -> Iterator[int]:
    mso = parties.mso(at=NOW).id
    with scope(practices=[mso]):
        yield mso


@pytest.fixture
def bring(house: int) -> Bring:
    def bring(kind: str, *files: SourceFile, edition: str = "2026Q3", actor: Actor | None = None) -> LoadRow:
        who = actor or Actor.system("the keeper of codes", at=NOW)
        return services.load(actor=who, kind=kind, edition=Edition(edition), files=files, at=NOW)

    return bring


def take_back(load: LoadRow, why: str = "The wrong quarter") -> LoadRow:
    return services.undo(actor=Actor.system("the keeper of codes", at=NOW), load=load.public_id, why=why, at=NOW)


def units(code: str, on: date) -> int | None:
    with reading():
        found = edits.units([(code, on)])
    return found[code, on].units if found else None


def test_a_load_says_what_it_brought_and_from_when_it_holds(bring: Bring, house: int) -> None:
    done = bring("ncci-mue", mue("99213 2 3", "92015 0 2"))

    assert (done.is_new, done.rows, done.starts_on, done.edition) == (True, 2, date(2026, 7, 1), "2026Q3")
    assert [check.name for check in done.checks] == ["Layout", "Indicators", "Zero units"]
    assert done.files[0].sha256 == done.sha256
    with reading():
        told = audit.events(filters=EventFilters(action="codes.loaded"), page=PageAsk()).rows
    assert len(told) == 1


def test_the_same_bytes_are_one_load_whatever_they_are_called(bring: Bring) -> None:
    first = bring("ncci-mue", mue("99213 2 3"))

    again = bring("ncci-mue", mue("99213 2 3"), edition="another name")

    assert (again.is_new, again.public_id) == (False, first.public_id)
    assert UnitRow.objects.count() == 1


def test_the_edition_of_the_day_answers_and_when_it_is_taken_back_the_one_before(bring: Bring) -> None:
    bring("ncci-mue", mue("99213 2 3"))
    fourth = bring(
        "ncci-mue", mue("99213 3 3", name="MCR_MUE_PractitionerServices_Eff_10-01-2026.csv"), edition="2026Q4"
    )
    assert (units("99213", JULY), units("99213", OCTOBER), units("99213", date(2026, 6, 30))) == (2, 3, None)

    gone = take_back(fourth)

    assert (gone.undone_why, units("99213", OCTOBER)) == ("The wrong quarter", 2)
    with pytest.raises(Conflict, match="taken back already"):
        take_back(fourth)
    assert bring("ncci-mue", mue("99213 3 3", name="MCR_MUE_Eff_10-01-2026.csv")).is_new
    assert units("99213", OCTOBER) == 3


def test_a_file_with_a_bad_line_leaves_nothing_but_the_file(bring: Bring) -> None:
    with pytest.raises(FileRefused, match="line 8"):
        bring("ncci-ptp", ptp("92133 92134 20110101 * 0", "92133 92134 2011 * 0"))

    assert not Load.objects.exists()


def test_pairs_are_asked_for_claims_at_once_each_on_its_day(bring: Bring) -> None:
    bring("ncci-ptp", ptp("92133 92134 20110101 * 0", "97140 97530 20200101 20260930 1"))
    asked = [
        (1, "92134", JULY), (1, "92133", JULY), (2, "92133", JULY), (3, "92134", JULY), (4, "97140", JULY),
        (4, "97530", JULY), (5, "97140", OCTOBER), (5, "97530", OCTOBER), (6, "92133", JULY), (6, "92134", OCTOBER),
    ]  # fmt: skip

    with reading():
        found = edits.pairs(asked)

    assert {claim: [(one.column1, one.column2, one.indicator) for one in pairs] for claim, pairs in found.items()} == {
        1: [("92133", "92134", "0")],
        4: [("97140", "97530", "1")],
    }


def test_add_ons_name_the_primaries_of_the_day(bring: Bring) -> None:
    bring("ncci-aoc", aoc("1 11103 11102 2019001 -", "1 11103 11104 2019001 2026200", "2 0054T CCCCC 2019001 -",
                          "3 99417 99205 2021001 -"))  # fmt: skip

    with reading():
        found = edits.add_ons([("11103", JULY), ("11103", OCTOBER), ("0054T", JULY), ("99417", JULY), ("99213", JULY)])

    assert {(code, day): (one.primaries, one.edit_type) for (code, day), one in found.items()} == {
        ("11103", JULY): (("11102", "11104"), "1"),
        ("11103", OCTOBER): (("11102",), "1"),
        ("0054T", JULY): ((), "2"),
        ("99417", JULY): (("99205",), "3"),
    }


def test_nothing_loaded_is_nothing_found(house: int) -> None:
    with reading():
        assert (edits.pairs([(1, "92133", JULY)]), edits.units([("99213", JULY)])) == ({}, {})
        assert edits.add_ons([("11103", JULY)]) == {}


def test_a_load_needs_a_name_a_day_a_kind_and_a_reason_to_go(bring: Bring) -> None:
    with pytest.raises(Refused, match="no name"):
        bring("ncci-mue", mue("99213 2 3"), edition=" ")
    with pytest.raises(Refused, match="from which day"):
        bring("ncci-mue", mue("99213 2 3", name="mue.csv"), edition="third")
    with pytest.raises(NotFound, match="no kind"):
        bring("ncci", mue("99213 2 3"))
    with pytest.raises(FileRefused, match="No file"):
        bring("ncci-mue")
    done = bring("ncci-mue", mue("99213 2 3"))
    with pytest.raises(Refused, match="reason"):
        take_back(done, why=" ")


def test_who_may_not_load_is_told_so(bring: Bring) -> None:
    with pytest.raises(NotAllowed, match="Sign in"):
        bring("ncci-mue", mue("99213 2 3"), actor=Actor.nobody(at=NOW))


def test_rows_of_a_load_are_nobodys_to_change(bring: Bring) -> None:
    bring("ncci-mue", mue("99213 2 3"))

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        UnitRow.objects.update(units=9)


def test_commands_load_list_and_take_back(committed: str, tmp_path: Path) -> None:
    parties.mso(at=NOW)
    good, bad = tmp_path / "MCR_MUE_Eff_07-01-2026.csv", tmp_path / "bad.csv"
    good.write_bytes(mue("99213 2 3").content)
    bad.write_bytes(mue("99213 two 3").content)

    def run(*words: str, status: int = 0) -> Any:
        done = CliRunner().invoke(app, ["codes", *words, "--json"])
        assert done.exit_code == status, done.output
        return json.loads(done.stdout) if done.stdout else None

    loaded = run("load", "ncci-mue", str(good), "--edition", "2026Q3")
    assert (loaded["rows"], loaded["starts_on"], loaded["is_new"]) == (1, "2026-07-01", True)
    assert "line 6" in run("load", "ncci-mue", str(bad), "--edition", "2026Q4", status=1)["error"]["message"]
    run("load", "ncci-mue", str(tmp_path / "gone.csv"), "--edition", "2026Q4", status=2)
    assert run("undo", loaded["public_id"], "--why", "A trial")["undone_why"] == "A trial"
    assert [one["undone_by"] for one in run("loads")] == ["openmso codes"]


def test_pairs_are_checked_against_a_file_without_a_database(tmp_path: Path) -> None:
    edits_file, asked = tmp_path / "ccipra-v322r0-f1.TXT", tmp_path / "pairs.csv"
    edits_file.write_bytes(ptp("92133 92134 20110101 * 0").content)
    asked.write_text("column1,column2\n92133,92134\n92134,92133\n")

    def run(*edits: Path, status: int = 0) -> Any:
        named = [word for one in edits for word in ("--edits", str(one))]
        done = CliRunner().invoke(app, ["ncci", "check", *named, str(asked), "--json", "--on", "2026-07-01"])
        assert done.exit_code == status, done.output
        return json.loads(done.stdout) if done.stdout else None

    assert [one["modifier_indicator"] for one in run(edits_file)] == ["0", None]
    assert run(asked, status=1)["error"]["code"] == "file_refused"
    run(tmp_path / "gone", status=2)
    (tmp_path / "folder").mkdir()
    edits_file.rename(tmp_path / "folder" / edits_file.name)
    assert [one["modifier_indicator"] for one in run(tmp_path / "folder")] == ["0", None]


def test_icd10cm_is_there_without_a_download_and_gives_way_to_the_official_file(bring: Bring, house: int) -> None:
    who = Actor.system("the keeper of codes", at=NOW)
    codes = ("E11", "E119", "T3696XA", "I10", "E118X")

    def standing(on: date) -> dict[str, bool | None]:
        with reading():
            found = sets.standing("icd10cm", [(code, on) for code in codes])
        return {code: told.is_billable if told else None for (code, _), told in found.items()}

    shipped = next(one for one in services.ship(actor=who, at=NOW) if one.kind == "icd10cm")

    assert (shipped.starts_on, shipped.rows > 97_000) == (date(2026, 4, 1), True)
    assert standing(OCTOBER) == {"E11": False, "E119": True, "T3696XA": True, "I10": True, "E118X": None}
    assert services.ship(actor=who, at=NOW) == (), "each edition once"
    with reading():
        (told,) = [row for row in sets.everywhere("T3696XA", OCTOBER) if row.kind == "icd10cm"]
        assert told.words == "Underdosing of unspecified systemic antibiotic, initial encounter"

    official = bring("icd10cm", icd10cm("E119 1 Type 2 diabetes"), edition="FY 2026")
    assert standing(OCTOBER) == dict.fromkeys(codes) | {"E119": True}, "also one that began before it"
    take_back(official)
    assert standing(OCTOBER)["I10"] is True
    take_back(shipped)
    assert services.ship(actor=who, at=NOW) == (), "what somebody took back stays away"
    assert standing(OCTOBER) == {}


def test_a_list_with_other_rows_is_a_new_edition_also_where_the_one_before_was_loaded(
    house: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, first = Actor.system("the keeper of codes", at=NOW), packaged.shipped()
    (therapy,) = [one for one in first if one.kind == "therapy"]
    monkeypatch.setattr(packaged, "shipped", lambda: [therapy])
    (before,) = services.ship(actor=who, at=NOW)
    Load.objects.filter(public_id=before.public_id).update(edition="OpenMSO 2026-01")
    assert services.ship(actor=who, at=NOW) == (), "an installation knows its rows by an older name"

    more = SourceFile("therapy_2026-01.csv", therapy.file().content + b"2031,OT,2900.00,a test\n")
    monkeypatch.setattr(packaged, "_listed", lambda name: more)
    monkeypatch.setattr(packaged, "shipped", lambda: [packaged.listed("therapy_2026-01.csv")])
    (after,) = services.ship(actor=who, at=NOW)
    with reading():
        assert limits.therapy_thresholds([2031]) == {(2031, "OT"): 2900}
    assert (after.rows, after.edition.rpartition(" ")[0]) == (before.rows + 1, "OpenMSO 2026-01")
    take_back(after)
    assert services.ship(actor=who, at=NOW) == ()


def test_the_coverage_database_says_for_which_diagnoses_a_contractor_covers_what_in_its_states(bring: Bring) -> None:
    done = bring("lcd", articles(), edition="July")
    asked = [(code, day) for code in ("92134", "92250", "93000", "99213") for day in (JULY, OCTOBER)]
    with reading():
        found = limits.coverage(asked)
    assert (done.starts_on, done.rows, [one.name for one in done.checks]) == (
        date(2026, 7, 1),
        4,
        ["Articles", "Joins"],
    )
    (macula,) = found["92134", JULY]
    assert (macula.document, macula.state, macula.payer_kind) == ("LCD L33751 (A5748)", "ME NY", "medicare")
    takes = [macula.takes(code) for code in ("H353131", "H401131", "E11319", "I10")]
    assert takes == [True, True, False, False], "the second group is for 92250 by its words"
    assert [one.takes("E11319") for one in found["92250", JULY]] == [False, True]
    assert macula.is_of("medicare", "14112", "ME")
    assert not macula.is_of("medicare", "14112", "CT"), "the contractor left it"
    assert ("93000", JULY) not in found, "any diagnosis, or no state: nothing is limited"
    assert [("99213", day) in found for day in (JULY, OCTOBER)] == [True, False], "retired at the end of August"
    bring("coverage", coverage("92134,H35.3,,,60054,,Policy 12,,", name="coverage_2026-07.csv"), edition="Ours")
    with reading():
        both = limits.coverage([("92134", JULY)])["92134", JULY]
    assert {one.document for one in both} == {"LCD L33751 (A5748)", "Policy 12"}, "beside the house's own list"
    take_back(done)
    with reading():
        assert limits.coverage([("99213", JULY)]) == {}
    for file, words in (
        (articles(without="article_x_contractor"), "article_x_contractor is missing"),
        (articles(article_x_hcpc_code="9,1,99213,1,1,,x\n"), "line 2: article 9, version 1, is not in the table"),
        (articles(article_x_icd10_covered="5748,9,glaucoma,1,1,,1\n"), "'glaucoma' is no diagnosis"),
        (articles(article="5748,9,x,A,soon,,2026-07-01\n"), "'soon' is no day"),
        (articles(article_x_hcpc_code=""), "no article covers a service"),
    ):
        with pytest.raises(FileRefused, match=words):
            bring("lcd", file, edition="Bad")


CMS_LIST = (
    '"Tests Granted Waived Status Under CLIA",,,\nCPT CODE(S),TEST NAME,MANUFACTURER,USE\n81002,A strip,Various,Checks\n'
    '80305QW,"A cup, with a lid",Maker,Screens\n80305QW,Another cup,Maker,Screens\n"80047QW, 80048QW",A cartridge,Maker,Reads\n'
)
FEES = "\nNotice\n\n\nYEAR,HCPCS,MOD,EFF_DATE,INDICATOR,RATE,SHORTDESC\n2026,80305,,20260101,N,12.60,x\n2026,80305,QW,20260101,N,12.60,x\n"


def test_waived_tests_are_read_from_cms_list_and_from_the_laboratory_fees(bring: Bring) -> None:
    tests = [(code, JULY) for code in ("81002", "80048", "80305", "82962", "88305")]

    def told() -> list[str | None]:
        with reading():
            return [limits.waived(tests)[one] for one in tests]

    whole = bring("clia-waived", SourceFile("waived_2026-07.csv", CMS_LIST.encode()), edition="July")
    assert (whole.rows, told()) == (4, ["No QW", "QW", "QW", None, None])
    take_back(whole)
    fees = bring("clia-waived", SourceFile("PUF_CLFS_CY2026_Q2V1.csv", FEES.encode()), edition="2026Q2")
    assert (fees.starts_on, fees.rows) == (date(2026, 4, 1), 10)
    assert told() == ["No QW", None, "QW", "No QW", None]
    for text, words in (
        (CMS_LIST.replace("81002,", "81002QW,"), "line 3: 81002 stands with QW, and is waived without it"),
        (CMS_LIST.replace("81002,", "a strip,"), "'a strip' is no code"),
        (FEES.replace(",QW,", ",91,"), "no test with QW"),
    ):
        with pytest.raises(FileRefused, match=words):
            bring("clia-waived", SourceFile("bad_2026-07.csv", text.encode()), edition="Bad")


AGES = "system,first,last,sex,age_first,age_last\n"
COVERED = "code,first,last,payer_kind,payer,state,document,first_day,last_day\n"


def test_lists_of_limits_come_with_the_product_and_a_house_puts_its_own_before_them(bring: Bring, house: int) -> None:
    who, day = Actor.system("the keeper of codes", at=NOW), [("99397", OCTOBER), ("58300", OCTOBER), ("99213", OCTOBER)]
    services.ship(actor=who, at=NOW)
    own = bring("age-sex", SourceFile("ages_2026-10.csv", (AGES + "HCPCS,99213,99215,,18,\n").encode()), edition="Ours")

    def asked() -> dict[str, str]:
        with reading():
            return {code: one.words for (code, _), one in limits.whom_for(day).items()}

    assert asked() == {"99213": "for people from 18 years on"}
    take_back(own)
    assert asked() == {"99397": "for people from 65 years on", "58300": "for women"}
    with reading():
        tests = [("83036", JULY), ("82962", JULY), ("88305", JULY)]
        known = {("83036", JULY): "QW", ("82962", JULY): "No QW"}
        assert limits.waived(tests) == known, "what is shipped is a part: nothing is said of the rest"
        assert limits.therapy_thresholds([2026, 2031]) == {(2026, "PT-SLP"): 2480, (2026, "OT"): 2480}
        (yearly,) = limits.frequencies([("G0439", JULY)])["G0439", JULY]
        assert (yearly.words, "G0438" in yearly.family) == ("once in 11 full months", True)
        assert "Medicare pays it once in 11 full months" in lookup.about("G0439", JULY).limits[0]
    whole = SourceFile("waived_2026-07.csv", b"code,qw,first_day,last_day\n83036,Y,,\n")
    bring("clia-waived", whole, edition="July")
    with reading():
        assert limits.waived(tests) == {("83036", JULY): "QW", ("82962", JULY): None, ("88305", JULY): None}


def test_determinations_hold_from_day_to_day_and_a_list_that_contradicts_itself_is_refused(bring: Bring) -> None:
    rows = ("92134,H40.1,H40.9,medicare,,ME,LCD L33751,2026-07-01,2026-09-30", "92134,H35.3,,,60054,,Policy 12,,")
    bring("coverage", coverage(*rows, name="coverage_2026-07.csv"), edition="July")
    with reading():
        found = limits.coverage([("92134", JULY), ("92134", OCTOBER)])
    ours = Covered("H401", "H409", "medicare", "", "ME", "LCD L33751")
    assert [[one.document for one in found["92134", day]] for day in (JULY, OCTOBER)] == [
        ["LCD L33751", "Policy 12"], ["Policy 12"]
    ]  # fmt: skip
    assert [ours.takes(code) for code in ("H4011X1", "H409", "H41", "H400")] == [True, True, False, False]
    for kind, text, words in (
        ("age-sex", AGES + "HCPCS,58100,58294,F,,\nHCPCS,58200,58200,F,,\n", "58200 is also within 58100 to 58294"),
        ("age-sex", AGES + "HCPCS,58100,,,,\n", "say nothing of a code"),
        ("coverage", COVERED + "92134,H40,,medicare,,ME,,,\n", "nothing says who asks"),
        ("coverage", COVERED + "92134,H40,,pharmacy,,,LCD,,\n", "no kind of payer"),
        ("therapy", "year,discipline,amount\n2026,PT,2480\n", "are no threshold"),
        ("clia-waived", "code,qw,first_day,last_day\n83036,maybe,,\n", "is not Y or N"),
        ("frequency", "code,family,most,months,payer_kind,payer,document\nG0439,W,0,11,,,x\n", "no family and count"),
    ):
        with pytest.raises(FileRefused, match=words):
            bring(kind, SourceFile("list.csv", text.encode()), edition="Bad")
