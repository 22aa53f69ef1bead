"""CSV visits: good rows are used, bad ones refused by their line number, and no claim goes out without its row."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from openmso.charges.models import Charge
from openmso.claims import testing
from openmso.claims.queries import worklist
from openmso.claims.states import S
from openmso.claims.testing import BillingHouse
from openmso.intake.contracts import Outcome, Taken
from openmso.intake.rules import cells, rows
from openmso.intake.rules.rows import NotOurColumns
from openmso.intake.services import taking
from openmso.kit.errors import Refused
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, PageAsk

NOW = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
HEAD = (
    "visit_id,service_date,mrn,last_name,first_name,birth_date,sex,address1,city,state,zip,payer_id,member_id,"
    "diagnoses,code,modifiers,units,pointers,amount"
)
WHO = "100,Okafor,Daniel,1968-02-14,M,7 Elm Street,Rockland,ME,04841,PROCK,W123456789"


@pytest.fixture(scope="module")
def rockland(built_once: None) -> BillingHouse:
    return testing.billing_house(at=NOW)


def take(house: BillingHouse, *rows: str, head: str = HEAD, encoding: str = "utf-8") -> Taken:
    with house.scope():
        return taking.take(
            actor=testing.actor(NOW), practice=house.id, name="visits.csv", at=NOW,
            content="\n".join([head, *rows]).encode(encoding),
        )  # fmt: skip


def test_rows_of_one_visit_become_one_claim_that_is_ready(rockland: BillingHouse) -> None:
    taken = take(
        rockland,
        f"V1,2026-11-09,{WHO},E11.9 I10,99213,25,1,AB,",
        f"V1,2026-11-09,{WHO},E11.9 I10,20610,LT,1,A,185.00",
    )

    assert (taken.total, taken.used, taken.refused) == (2, 2, 0)
    assert (taken.visits, taken.charges, taken.claims_ready) == (1, 2, 1)
    with rockland.scope(), reading():
        [row] = worklist.claims(filters=Filters(), page=PageAsk()).rows
    assert (row.state, str(row.charged), row.patient) == (S.READY, "325.00", "Daniel Okafor")


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        (f"V2,2026-13-09,{WHO},E119,99213,,1,A,", "service_date", "2026-13-09 is no day"),
        (f"V2,13/11/26,{WHO},E119,99213,,1,A,", "service_date", "13/11/26 is no day"),
        (f"V2,2026-11-09,{WHO},E119,,,1,A,", "code", "is empty"),
        (f"V2,2026-11-09,{WHO},E119,99213,,x,A,", "units", "x is no number"),
        (f"V2,2026-11-09,{WHO},E119,99213,,-1,A,", "units", "-1 is out of range"),
        (f"V2,2026-11-09,{WHO},E119,99213,,1,Z,", "pointers", "Z are not letters"),
        (f"V2,2026-11-09,{WHO},E119,99213,255,1,A,", "modifiers", "are not four of two characters"),
        (f"V2,2026-11-09,{WHO},E119,99213,,1,A,10.005", "amount", "10.005 has a fraction of a cent"),
        (f'V2,2026-11-09,{WHO},E119,99213,,1,A,"100,50"', "amount", "100,50 is no number"),
        (f"V2,2026-11-09,{WHO.replace(',ME,', ',Maine,')},E119,99213,,1,A,", "state", "Maine is no state"),
        (f"V2,2026-11-09,{WHO},E119,99213,,1,A,10,20,30", "", "it has 21 cells, the heading has 19"),
        (f'V2,2026-11-09,{WHO},"E119,99213,,1,A,', "", "a quote is opened here and not closed"),
    ],
)
def test_a_bad_row_is_refused_by_line_and_field_with_a_fix_and_the_good_ones_are_not_lost(
    rockland: BillingHouse, row: str, field: str, words: str
) -> None:
    taken = take(
        rockland, f"V1,11/09/2026,{WHO},E119,99213,,1,A,", row, f'V3,20261109,{WHO},E119,99214,,1,A,"1,250.00"'
    )  # fmt: skip

    [refused] = [item for item in taken.items if item.outcome is Outcome.REFUSED]
    assert (refused.position, refused.field, words in refused.words) == (3, field, True), refused.words
    assert refused.words.startswith("Line 3")
    assert refused.fix
    assert (taken.visits, taken.claims_ready) == (2, 2)


def test_an_npi_that_fails_its_check_digit_is_refused(rockland: BillingHouse) -> None:
    taken = take(rockland, f"V1,2026-11-09,{WHO},E119,99213,,1,A,,1234567890", head=HEAD + ",clinician_npi")

    assert [(item.field, "check digit" in item.words) for item in taken.items] == [("clinician_npi", True)]


@pytest.mark.parametrize("between", [";", "\t", "|"])
def test_other_separators_and_headings_in_another_spelling_are_read(rockland: BillingHouse, between: str) -> None:
    row = f"V1,2026-11-09,{WHO},E119,99213,,1,A,125.00".replace(",", between)

    taken = take(rockland, row, head=HEAD.replace(",", between).replace("visit_id", "Visit ID"))

    assert (taken.used, taken.claims_ready) == (1, 1)


def test_a_cell_may_hold_a_line_end_and_a_separator_between_quotes(rockland: BillingHouse) -> None:
    row = f"V1,2026-11-09,{WHO.replace('7 Elm Street', chr(34) + '7 Elm Street,' + chr(10) + 'Apt 2' + chr(34))}"

    taken = take(rockland, f"{row},E119,99213,,1,A,", f"V2,2026-11-09,{WHO},E119,99213,,1,A,")

    assert [item.position for item in taken.items] == [2, 4]
    assert taken.used == 2


def test_a_line_said_twice_is_kept_aside_and_charged_once(rockland: BillingHouse) -> None:
    row = f"V1,2026-11-09,{WHO},E119,99213,,1,A,"

    taken = take(rockland, row, row)

    assert (taken.used, taken.kept, taken.charges) == (1, 1, 1)
    assert "repeats line 2" in taken.items[1].words


def test_columns_nobody_reads_are_named_and_a_column_twice_is_refused(rockland: BillingHouse) -> None:
    row = f"V1,2026-11-09,{WHO},E119,99213,,1,A,"

    assert "shoe_size" in take(rockland, f"{row},44", head=f"{HEAD},Shoe Size").words
    with pytest.raises(NotOurColumns, match="two columns code"):
        take(rockland, f"{row},44", head=f"{HEAD},code")


@pytest.mark.parametrize("content", [b"\r\r\r", b"a" * 200_000, b"PK\x03\x04\r\n", b"visit_id\n" + b'"' * 200_001])
def test_what_is_no_csv_is_refused_in_words(rockland: BillingHouse, content: bytes) -> None:
    with rockland.scope(), pytest.raises(Refused) as no:
        taking.take(actor=testing.actor(NOW), practice=rockland.id, name="x.csv", content=content, at=NOW)

    assert no.value.sentence


def test_utf_16_as_a_spreadsheet_saves_it_is_read(rockland: BillingHouse) -> None:
    assert take(rockland, f"V1,2026-11-09,{WHO},E119,99213,,1,A,", encoding="utf-16").used == 1


def test_the_mended_row_of_a_later_file_joins_its_visit_and_the_claim_is_made_anew(rockland: BillingHouse) -> None:
    good, bad = f"V1,2026-11-09,{WHO},E119,99213,,1,A,", f"V1,2026-11-09,{WHO},E119,20610,LT,1,A,185.O0"
    assert take(rockland, good, bad).claims_held == 1

    mended = take(rockland, good, bad.replace("185.O0", "185.00"))

    assert (mended.visits, mended.charges, mended.claims_ready, mended.claims_held) == (0, 1, 1, 0)
    assert ["here already" in mended.items[0].words, "added" in mended.items[1].words] == [True, True]
    with rockland.scope(), reading():
        rows = worklist.claims(filters=Filters(), page=PageAsk()).rows
        assert worklist.conservation(practice=rockland.id).holds
    assert sorted((row.state, str(row.charged)) for row in rows) == [(S.READY, "325.00"), (S.VOIDED, "140.00")]
    assert take(rockland, good, bad.replace("185.O0", "185.00")).charges == 0


def test_a_visit_id_that_another_patient_has_is_refused(rockland: BillingHouse) -> None:
    take(rockland, f"V1,2026-11-09,{WHO},E119,99213,,1,A,")

    taken = take(rockland, f"V1,2026-11-09,{WHO.replace('100,', '200,', 1)},E119,99214,,1,A,")

    assert [(item.outcome, item.field) for item in taken.items] == [(Outcome.REFUSED, "visit_id")]
    assert taken.charges == 0


def test_a_record_number_of_another_person_brings_nothing_into_their_chart(rockland: BillingHouse) -> None:
    other = WHO.replace("Okafor,Daniel,1968-02-14", "Reyes,Ana,1990-07-01")
    married = WHO.replace("Okafor,Daniel", "Marsh,Daniel")

    taken = take(rockland, f"V1,2026-11-09,{WHO},E119,99213,,1,A,", f"V2,2026-11-10,{other},E119,99213,,1,A,")
    later = take(rockland, f"V3,2026-11-11,{other},E119,99213,,1,A,")

    assert [(one.outcome, one.field) for one in taken.items] == [(Outcome.USED, ""), (Outcome.REFUSED, "mrn")]
    assert "is that of another person on line 2" in taken.items[1].words
    assert (later.visits, later.items[0].outcome) == (0, Outcome.REFUSED)
    assert "neither name nor birth date fits" in later.items[0].words
    assert take(rockland, f"V4,2026-11-12,{married},E119,99213,,1,A,").visits == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"<Bundle/>", "XML"), (b"\x1f\x8b\x08\x00", "gzip"), (b"MSH|^~", "HL7"), (b"ISA*00*", "X12")],
)  # fmt: skip
def test_a_file_of_another_kind_is_told_what_it_is(rockland: BillingHouse, content: bytes, words: str) -> None:
    with rockland.scope(), pytest.raises(Refused, match=words) as refused:
        taking.take(actor=testing.actor(NOW), practice=rockland.id, name="visits", content=content, at=NOW)

    assert refused.value.fix


def test_the_claim_of_a_visit_that_lost_a_row_waits_and_says_so(rockland: BillingHouse) -> None:
    taken = take(
        rockland, f"V1,2026-11-09,{WHO},E119,99213,,1,A,", f"V1,2026-11-09,{WHO},E119,20610,LT,nothing,A,"
    )  # fmt: skip

    assert [held.findings for held in taken.held] == [("held_by_hand",)]
    with rockland.scope(), reading():
        [row] = worklist.claims(filters=Filters(), page=PageAsk()).rows
    assert "Line 3, units: nothing is no number" in row.reason


def test_columns_and_cells_as_other_systems_write_them_are_read(rockland: BillingHouse) -> None:
    head = (
        HEAD.replace("visit_id", "Encounter ID").replace("service_date", "DOS").replace("birth_date", "Date of Birth")
    )
    head = head.replace(",code,", ",CPT,").replace("diagnoses", "Dx").replace("amount", "Charge")

    taken = take(
        rockland,
        f'V1,2026-11-09 00:00:00,{WHO},E11.9 I10,99213,25/59,1,1:2,"$1,140.00"',
        f"V1,2026-11-09 00:00:00,{WHO},E11.9 I10,20610,LT-25,1,2,185",
        f"V2,11/10/2026 9:30 AM,{WHO},E11.9 I10,99213,,1,12,185",
        head=head,
    )

    assert [(one.outcome, one.field) for one in taken.items] == [
        (Outcome.USED, ""), (Outcome.USED, ""), (Outcome.REFUSED, "pointers"),
    ]  # fmt: skip
    with rockland.scope(), reading():
        charges = Charge.objects.order_by("pk")
        assert [(one.modifiers, one.pointers, str(one.amount)) for one in charges] == [
            (["25", "59"], [1, 2], "1140.00"), (["LT", "25"], [2], "185.00"),
        ]  # fmt: skip


def test_the_same_rows_twice_are_one_visit(rockland: BillingHouse) -> None:
    row = f"V1,2026-11-09,{WHO},E119,99213,,1,A,"
    take(rockland, row)

    again = take(rockland, row, "")

    assert (again.visits, again.charges) == (0, 0)


def test_a_file_with_other_columns_is_refused_in_words(rockland: BillingHouse) -> None:
    with pytest.raises(NotOurColumns, match="no column visit_id"):
        take(rockland, "a,b", head="x,y")


def test_latin_letters_and_a_byte_order_mark_are_read(rockland: BillingHouse) -> None:
    row = f"V1,2026-11-09,{WHO.replace('Okafor', 'Núñez')},E119,99213,,1,A,"

    assert take(rockland, row, encoding="cp1252").used == 1
    assert take(rockland, row.replace("V1", "V2"), encoding="utf-8-sig").used == 1


@pytest.mark.parametrize(
    ("field", "written", "meant"),
    [
        ("service_date", "3/4/26", "2026-03-04"),
        ("service_date", "3/4/26 0:00", "2026-03-04"),
        ("service_date", "12/4/26", "12/4/26 is no day that it could be"),
        ("service_date", "2/30/26", "2/30/26 is no day that it could be"),
        ("birth_date", "2/14/68", "1968-02-14"),
        ("birth_date", "2/14/03", "2003-02-14"),
        ("birth_date", "2/14/20", "2/14/20 could be in 1920 or in 2020"),
        ("coverage_from", "1/1/98", "1998-01-01"),
        ("coverage_from", "1/1/27", "2027-01-01"),
        ("coverage_to", "12/31/99", "2099-12-31"),
    ],
)
def test_a_year_of_two_digits_is_read_where_only_one_can_be_meant(field: str, written: str, meant: str) -> None:
    try:
        read = cells.whole_years({field: written}, NOW.date())[field]
    except cells.Bad as no:
        read = str(no)

    assert read == meant


def test_visits_with_short_years_come_in_and_a_doubtful_birth_date_is_refused_with_its_fix(
    rockland: BillingHouse,
) -> None:
    who = WHO.replace("1968-02-14", "2/14/68")
    taken = take(
        rockland, f"V1,11/9/26,{who},E119,99213,,1,A,", f"V2,11/9/26,{who.replace('/68', '/20')},E119,99213,,1,A,"
    )

    assert (taken.used, taken.claims_ready) == (1, 1)
    refused = next(item for item in taken.items if item.outcome is Outcome.REFUSED)
    assert (refused.field, refused.fix) == ("birth_date", "Write the year with four digits: 2026-03-14.")


def test_a_list_of_visits_that_is_too_large_to_be_held_is_refused_in_words(
    rockland: BillingHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "BYTES_MAX", 1024 * 1024)
    with pytest.raises(taking.TooLarge, match="at most 1 MB"):
        take(rockland, "x" * 1024 * 1024)
