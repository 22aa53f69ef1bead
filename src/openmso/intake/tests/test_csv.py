"""CSV visits: good rows are used, bad ones refused by their line number, and no claim goes out without its row."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from openmso.claims import testing
from openmso.claims.queries import worklist
from openmso.claims.states import S
from openmso.claims.testing import BillingHouse
from openmso.intake import services
from openmso.intake.contracts import Taken
from openmso.intake.rules.rows import NotOurColumns
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, PageAsk

NOW = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
HEAD = (
    "visit_id,service_date,mrn,last_name,first_name,birth_date,sex,address1,city,state,zip,payer_id,member_id,"
    "diagnoses,code,modifiers,units,pointers,amount"
)
WHO = "100,Okafor,Daniel,1968-02-14,M,7 Elm Street,Rockland,ME,04841,PROCK,W123456789"


@pytest.fixture
def rockland() -> BillingHouse:
    return testing.billing_house(at=NOW)


def take(house: BillingHouse, *rows: str, head: str = HEAD, encoding: str = "utf-8") -> Taken:
    with house.scope():
        return services.take(
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
    ("row", "words"),
    [
        (f"V2,2026-13-09,{WHO},E119,99213,,1,A,", "service_date 2026-13-09 is no day"),
        (f"V2,2026-11-09,{WHO},E119,,,1,A,", "code is empty"),
        (f"V2,2026-11-09,{WHO},E119,99213,,x,A,", "units x is no number"),
        (f"V2,2026-11-09,{WHO},E119,99213,,1,Z,", "pointers Z are not letters"),
        (f"V2,2026-11-09,{WHO},E119,99213,255,1,A,", "modifiers are four of two characters"),
        (f"V2,2026-11-09,{WHO},E119,99213,,1,A,10.005", "amount 10.005 has a fraction of a cent"),
    ],
)
def test_a_bad_row_is_refused_by_its_line_and_the_good_ones_are_not_lost(
    rockland: BillingHouse, row: str, words: str
) -> None:
    taken = take(rockland, f"V1,11/09/2026,{WHO},E119,99213,,1,A,", row)

    refused = [item for item in taken.items if item.outcome.value == "refused"]
    assert [(item.position, words in item.words) for item in refused] == [(3, True)]
    assert (taken.visits, taken.claims_ready) == (1, 1)


def test_the_claim_of_a_visit_that_lost_a_row_waits_and_says_so(rockland: BillingHouse) -> None:
    taken = take(
        rockland, f"V1,2026-11-09,{WHO},E119,99213,,1,A,", f"V1,2026-11-09,{WHO},E119,20610,LT,nothing,A,"
    )  # fmt: skip

    assert [held.findings for held in taken.held] == [("held_by_hand",)]
    with rockland.scope(), reading():
        [row] = worklist.claims(filters=Filters(), page=PageAsk()).rows
    assert "Line 3: units nothing is no number" in row.reason


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
