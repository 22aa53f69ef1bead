"""Rules of exchange: which route is taken, how a file is dressed for a partner, what can be recorded of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest

from edi.x12.check import check_bytes
from edi.x12.output import Unwritable
from openmso.exchange.contracts import PartnerFacts, PartnerKind, Settings, Way
from openmso.exchange.rules import dressing, fitness, routing, sniffing
from openmso.exchange.rules.routing import Step

ON = date(2026, 11, 16)
SHIELD, ROCK, LUMEN = 7, 1, 2
CLAIMS = (
    b"ISA*00*          *00*          *ZZ*HARBOR         *ZZ*60054          *261116*1000*^*00501*000000012*1*P*:~\n"
    b"GS*HC*HARBOR*60054*20261116*1000*12*X*005010X222A1~\nST*837*0001*005010X222A1~\n"
    b"BHT*0019*00*BAT-1*20261116*1000*CH~\nNM1*41*2*HARBOR RIDGE*****46*HARBOR~\nPER*IC*BILLING*TE*2075550100~\n"
    b"NM1*40*2*ATLANTIC SHIELD*****46*60054~\nHL*1**20*1~\nNM1*41*2*NO SUBMITTER HERE*****46*KEPT~\n"
    b"SE*8*0001~\nGE*1*12~\nIEA*1*000000012~\n"
)


def steps(*given: tuple[int | None, int | None, list[int]]) -> list[Step]:
    return [
        Step(payer, "837P", practice, partner, rank, date(2026, 1, 1))
        for payer, practice, partners in given
        for rank, partner in enumerate(partners, start=1)
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], []),
        ([(None, None, [1, 2])], [1, 2]),
        ([(None, None, [1]), (None, ROCK, [2])], [2]),
        ([(None, None, [1]), (None, ROCK, [2]), (SHIELD, None, [3])], [3]),
        ([(SHIELD, None, [3]), (SHIELD, ROCK, [4, 1])], [4, 1]),
        ([(SHIELD, LUMEN, [4])], []),
    ],
)
def test_the_most_specific_route_counts(given: list, expected: list[int]) -> None:
    assert routing.route(steps(*given), payer=SHIELD, transaction="837P", practice=ROCK, on=ON) == expected


def test_a_route_holds_on_its_days_and_for_its_files() -> None:
    old, new = Step(None, "837P", None, 1, 1, date(2026, 1, 1), ON), Step(None, "837P", None, 2, 1, ON)

    assert routing.route([old, new], payer=None, transaction="837P", practice=ROCK, on=ON) == [2]
    assert routing.route([old, new], payer=None, transaction="837P", practice=ROCK, on=date(2026, 11, 15)) == [1]
    assert routing.route([old, new], payer=None, transaction="276", practice=ROCK, on=ON) == []


def test_the_first_partner_that_works_and_has_not_failed_is_taken() -> None:
    assert routing.pick([1, 2, 3], down={1}) == 2
    assert routing.pick([1, 2, 3], down={1}, failed={2}) == 3
    assert routing.pick([1], down={1}) is None
    at = datetime(2026, 11, 16, tzinfo=UTC)
    assert [(routing.pause(tries, at) - at).seconds for tries in (1, 2, 3, 9)] == [60, 300, 900, 900]


def test_a_file_is_dressed_as_its_partner_asks_and_keeps_its_segments() -> None:
    asked = Settings(
        sender="HR4711", sender_qualifier="30", receiver="TIDEWATER", submitter="S-99", receiver_name="TIDEWATER INC",
        usage="T", versions="837P=005010X222", newlines=False,
    )  # fmt: skip

    dressed = dressing.dressed(CLAIMS, asked, transaction="837P")

    assert dressed.startswith(
        b"ISA*00*          *00*          *30*HR4711         *ZZ*TIDEWATER      *261116*1000*^*00501*"
    )
    assert b"*1*T*:~GS*HC*HR4711*TIDEWATER*20261116*1000*12*X*005010X222~ST*837*0001*005010X222~" in dressed
    assert b"NM1*41*2*HARBOR RIDGE*****46*S-99~" in dressed
    assert b"NM1*40*2*TIDEWATER INC*****46*TIDEWATER~" in dressed
    assert b"NO SUBMITTER HERE*****46*KEPT" in dressed, "only the head of a set is touched"
    assert dressed.count(b"~") == CLAIMS.count(b"~")


def test_separators_are_changed_where_the_data_leave_room_for_them() -> None:
    other = dressing.dressed(CLAIMS, Settings(separators="|>^'"), transaction="837P")

    assert other.startswith(b"ISA|00|")
    assert other[82:83] + other[104:106] == b"^>'"
    before, after = check_bytes(CLAIMS), check_bytes(other)
    assert [one.code for one in after.findings] == [one.code for one in before.findings]
    with pytest.raises(Unwritable, match="Choose others"):
        dressing.dressed(
            CLAIMS.replace(b"HARBOR RIDGE", b"HARBOR|RIDGE"), Settings(separators="|>^'"), transaction="837P"
        )


def test_a_file_without_wishes_stays_what_it_is() -> None:
    assert dressing.dressed(CLAIMS, Settings(), transaction="837P") == CLAIMS
    assert dressing.dressed(b"no X12 at all", Settings(sender="X"), transaction="837P") == b"no X12 at all"


def test_what_a_file_is_its_content_tells() -> None:
    ta1 = CLAIMS[: CLAIMS.index(b"GS*")] + b"TA1*000000012*261116*1000*A*000~\nIEA*0*000000012~\n"
    status = CLAIMS.replace(b"ST*837*0001*005010X222A1", b"ST*277*0001*005010X212").replace(b"X222A1", b"X212")

    assert sniffing.kinds_of(BytesIO(CLAIMS)) == ("837",)
    assert sniffing.kinds_of(BytesIO(ta1)) == ("TA1",)
    assert sniffing.kinds_of(BytesIO(status)) == ("277",)
    assert sniffing.kinds_of(BytesIO(status.replace(b"X212", b"X214"))) == ("277CA",)
    assert sniffing.kinds_of(BytesIO(b"%PDF-1.7 a scanned letter")) == ()


GOOD = PartnerFacts(
    "Tidewater", PartnerKind.CLEARINGHOUSE, Way.SFTP, "sftp.tidewater.example", 22, "ssh-ed25519 AAAAC3Nz", "harbor",
    "a password", None, "/in", "/out",
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"host": "https://x.example/"}, "host"),
        ({"port": 0}, "port"),
        ({"host_key": ""}, "host_key"),
        ({"host_key": "AAAAC3Nz"}, "host_key"),
        ({"password": None}, "user"),
        ({"outgoing": ""}, "outgoing"),
        ({"settings": Settings(separators="**:~")}, "separators"),
        ({"settings": Settings(usage="X")}, "usage"),
        ({"settings": Settings(versions="837P")}, "versions"),
    ],
)
def test_what_cannot_be_used_names_its_field(changes: dict, field: str) -> None:
    assert [one[0] for one in fitness.faults(replace(GOOD, **changes), has_secret=False)] == [field]


def test_what_can_be_used_has_no_fault() -> None:
    assert list(fitness.faults(GOOD, has_secret=False)) == []
    assert list(fitness.faults(replace(GOOD, password=None), has_secret=True)) == []
    assert list(fitness.faults(PartnerFacts("Portal", PartnerKind.PAYER, Way.MANUAL), has_secret=False)) == []
