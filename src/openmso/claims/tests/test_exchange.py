"""Pain 10, one clearinghouse is one point of failure: claims go another way at once, and their answers come home."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from edi.x12.claim.model import Claim as EdiClaim
from edi.x12.claim.read import read_837
from openmso.claims import testing
from openmso.claims.services import releasing, taking
from openmso.claims.states import S
from openmso.claims.testing import BillingHouse, claim_at
from openmso.exchange import testing as exchange
from openmso.exchange.contracts import Partner
from openmso.exchange.queries import transmissions
from openmso.exchange.services import arriving, keeping, transmitting
from openmso.exchange.states import T
from openmso.exchange.testing import SftpServer
from openmso.platform.access.contracts import Actor
from openmso.platform.jobs import services as jobs
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading, scope

NOW = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
SYSTEM = Actor.system("a test", at=NOW)
pytestmark = pytest.mark.django_db


@pytest.fixture
def rockland() -> BillingHouse:
    return testing.billing_house(at=NOW)


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[tuple[SftpServer, SftpServer]]:
    with exchange.sftp_server(tmp_path / "tidewater") as one, exchange.sftp_server(tmp_path / "upriver") as other:
        yield one, other


def released(house: BillingHouse, at: datetime) -> tuple[str, str]:
    """A claim that left, and the transmission of its batch."""
    claim = claim_at(S.QUEUED, house, at=at)
    with house.scope():
        [batch] = releasing.release(actor=testing.actor(at), practice=house.id, at=at)
        with reading():
            return claim.public_id, transmissions.of_subjects("claims.batch", [batch.public_id])[
                batch.public_id
            ].public_id


def standing(house: BillingHouse, transmission: str) -> tuple[T, str]:
    with house.scope(), reading():
        row = transmissions.transmission(transmission).row
    return row.state, row.partner


def claims_in(content: bytes) -> list[str]:
    return [one.control for one in read_837(content) if isinstance(one, EdiClaim)]


def switch(mso: int, partner: Partner, *, down: bool) -> None:
    """The live switch, and the job it asks for."""
    with scope(practices=[mso]):
        if down:
            keeping.declare_down(actor=SYSTEM, mso=mso, partner=partner.public_id, words="Ransomware there", at=NOW)
        else:
            keeping.declare_up(actor=SYSTEM, mso=mso, partner=partner.public_id, at=NOW)
    jobs.run("exchange.reroute", practice=mso, at=NOW)


def test_pain_1_4_10_one_clearinghouse_is_no_point_of_failure(
    rockland: BillingHouse, servers: tuple[SftpServer, SftpServer]
) -> None:
    mso = tenancy.mso()
    tidewater = exchange.partner(mso, exchange.sftp_facts(servers[0]), at=NOW)
    upriver = exchange.partner(mso, exchange.sftp_facts(servers[1], name="Upriver"), at=NOW)
    exchange.route(mso, [tidewater, upriver], at=NOW)
    first, waiting = released(rockland, NOW)
    assert standing(rockland, waiting) == (T.WAITING, "Tidewater Clearing")

    switch(mso, tidewater, down=True)
    assert standing(rockland, waiting) == (T.WAITING, "Upriver"), "what waited takes the next way at once"
    with rockland.scope():
        assert transmitting.transmit(actor=SYSTEM, transmission=waiting, at=NOW) is T.SENT
    assert (servers[0].take(), [claims_in(one) for one in servers[1].take()]) == ([], [[first]])

    switch(mso, upriver, down=True)
    second, by_hand = released(rockland, NOW + timedelta(hours=1))
    assert standing(rockland, by_hand) == (T.BY_HAND, "By hand"), "with every partner down, people hand files in"

    switch(mso, tidewater, down=False)
    assert standing(rockland, by_hand) == (T.WAITING, "Tidewater Clearing"), "and no more once one works again"
    with rockland.scope():
        assert transmitting.transmit(actor=SYSTEM, transmission=by_hand, at=NOW) is T.SENT
    assert [claims_in(one) for one in servers[0].take()] == [[second]]


def test_an_answer_in_the_mailbox_comes_home_to_its_claim(
    rockland: BillingHouse, servers: tuple[SftpServer, SftpServer]
) -> None:
    mso = tenancy.mso()
    tidewater = exchange.partner(mso, exchange.sftp_facts(servers[0]), at=NOW)
    exchange.route(mso, [tidewater], at=NOW)
    claim = claim_at(S.SENT, rockland, at=NOW)
    servers[0].leave("277ca.x12", testing.answer_file(rockland, {claim.public_id: "A7:164:IL"}, at=NOW))
    servers[0].leave("stranger.x12", testing.answer_file(rockland, {"CLM-9999999X": "A2:20"}, at=NOW))

    jobs.run("exchange.poll", practice=mso, at=NOW)
    outbox.deliver_pending(at=NOW)
    network = tenancy.whole_network()
    with scope(practices=network.practices, entities=network.entities):
        with reading():
            rows = transmissions.arrivals(filters=transmissions.Filters(), page=transmissions.PageAsk()).rows
        taken = {
            row.name: taking.take(actor=SYSTEM, arrival=row.public_id, document=row.document, name=row.name, at=NOW)
            for row in rows
        }

    assert taken["stranger.x12"] is None, "what answers nothing of ours becomes work at the MSO"
    mine = taken["277ca.x12"]
    assert mine is not None
    assert mine.rejected == 1
    with rockland.scope():
        assert testing.told(claim.public_id).state is S.REJECTED


def test_a_file_that_answers_several_practices_is_cut_and_each_gets_its_own(rockland: BillingHouse) -> None:
    other = testing.billing_house(at=NOW, code="LUMEN", name="Lumen Eye Care")
    houses = (rockland, other)
    claims = [claim_at(S.SENT, house, at=NOW) for house in houses]
    parts = [
        testing.answer_file(house, {claim.public_id: "A7:164:IL"}, at=NOW)
        for house, claim in zip(houses, claims, strict=True)
    ]
    tidewater = exchange.by_hand(tenancy.mso(), at=NOW)
    network = tenancy.whole_network()
    with scope(practices=network.practices, entities=network.entities):
        row = arriving.take_in(
            actor=SYSTEM, partner=tidewater.public_id, name="both.x12", content=b"".join(parts), at=NOW, tell=False
        )
        taken = taking.take(actor=SYSTEM, arrival=row.public_id, document=row.document, name=row.name, at=NOW)

    assert taken is not None
    assert (taken.rejected, taken.unmatched) == (2, 0)
    for house, claim in zip(houses, claims, strict=True):
        with house.scope():
            assert testing.told(claim.public_id).state is S.REJECTED
