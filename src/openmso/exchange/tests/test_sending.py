"""Stories of files on their way: they arrive once, take the next way when one fails, and end in people's hands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import asyncssh
import pytest

from openmso.exchange import testing
from openmso.exchange.contracts import Partner, PartnerKind, Settings, Way
from openmso.exchange.queries import transmissions
from openmso.exchange.services import arriving, keeping, sending, transmitting
from openmso.exchange.services.sending import NotNow
from openmso.exchange.states import T
from openmso.exchange.testing import SftpServer
from openmso.exchange.tests.conftest import NOW, Scene
from openmso.exchange.tests.test_rules import CLAIMS
from openmso.platform.access.contracts import Actor
from openmso.platform.documents import queries as documents
from openmso.platform.jobs import services as jobs
from openmso.platform.tenancy.scope import reading
from openmso.platform.work import queries as work

SYSTEM = Actor.system("a test", at=NOW)
PRIYA = replace(SYSTEM, name="Priya Raman")


@pytest.fixture
def tidewater(tmp_path: Path) -> Iterator[SftpServer]:
    with testing.sftp_server(tmp_path / "tidewater") as server:
        yield server


@pytest.fixture
def partner(scene: Scene, tidewater: SftpServer) -> Partner:
    found = testing.partner(scene.mso, testing.sftp_facts(tidewater, settings=Settings(receiver="TIDEWATER")), at=NOW)
    testing.route(scene.mso, [found], at=NOW)
    return found


def transmit(name: str, *, minutes: int = 0) -> T:
    return transmitting.transmit(actor=SYSTEM, transmission=name, at=NOW + timedelta(minutes=minutes))


def told(name: str) -> transmissions.TransmissionPage:
    with reading():
        return transmissions.transmission(name)


def open_work(name: str) -> list[str]:
    with reading():
        return [one.kind for one in work.open_for(("exchange.transmission", name), at=NOW)]


def test_a_file_goes_out_dressed_for_its_partner_under_a_name_of_its_own(
    scene: Scene, partner: Partner, tidewater: SftpServer
) -> None:
    with scene.scope():
        name = testing.sent(scene.practice, CLAIMS, at=NOW, payer=scene.payer)
        assert told(name).row.state is T.WAITING
        assert transmit(name) is T.SENT
        assert transmit(name) is T.SENT, "a second job finds it sent"
        page = told(name)

    assert tidewater.names() == [f"claims_{name}.x12"]
    [content] = tidewater.take()
    assert b"*TIDEWATER      *" in content
    assert page.row.sha256 == sha256(content).hexdigest()
    assert [event.what for event in page.events] == ["recorded", "begun", "uploaded", "sent"]


@pytest.mark.parametrize("taken", [False, True])
def test_a_break_between_upload_and_record_sends_nothing_twice(
    scene: Scene, partner: Partner, tidewater: SftpServer, taken: bool
) -> None:
    """The server drops the line at the rename: before it is done, or after it, when the partner is quick to take it."""
    got: list[bytes] = []

    def break_off(when: str) -> None:
        if when == ("after" if taken else "before"):
            tidewater.on_rename.clear()
            if taken:
                got.extend(tidewater.take())
            raise OSError("the line broke")

    tidewater.on_rename.append(break_off)
    with scene.scope():
        name = testing.sent(scene.practice, CLAIMS, at=NOW)
        assert transmit(name) is T.WAITING
        assert told(name).row.is_uploaded
        assert transmit(name) is T.WAITING, "not before the pause is over"
        assert transmit(name, minutes=2) is T.SENT

    got += tidewater.take()
    assert len(got) == 1


def test_a_wrong_host_key_gets_nothing_and_the_words_say_why(scene: Scene, tidewater: SftpServer) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    impostor = testing.partner(scene.mso, testing.sftp_facts(tidewater, host_key=other), at=NOW)
    testing.route(scene.mso, [impostor], at=NOW)
    with scene.scope():
        name = testing.sent(scene.practice, CLAIMS, at=NOW)
        assert transmit(name) is T.WAITING
        words = told(name).row.words

    assert "another key than the pinned one" in words
    assert tidewater.names() == []


def test_after_enough_tries_the_next_partner_gets_it_and_after_the_last_one_a_person(
    scene: Scene, tidewater: SftpServer, tmp_path: Path
) -> None:
    locked_out = testing.partner(scene.mso, testing.sftp_facts(tidewater, password="wrong"), at=NOW)
    away = testing.partner(scene.mso, testing.sftp_facts(tidewater, name="Upriver", outgoing="/gone"), at=NOW)
    testing.route(scene.mso, [locked_out, away], at=NOW)
    with scene.scope():
        name = testing.sent(scene.practice, CLAIMS, at=NOW)
        states = [transmit(name, minutes=20 * number) for number in range(8)]
        page = told(name)
        assert states == [T.WAITING] * 7 + [T.FAILED]
        assert open_work(name) == ["exchange.failed"]
        assert "refused the account" in " ".join(event.words for event in page.events)
        assert "Upriver: The partner's folder answered: NoSuchPath" in page.row.words or "NoSuchFile" in page.row.words
        keeping.change(
            actor=SYSTEM,
            mso=scene.mso,
            partner=away.public_id,
            facts=testing.sftp_facts(tidewater, name="Upriver"),
            at=NOW,
        )
        sending.again(actor=SYSTEM, transmission=name, at=NOW)
        assert [transmit(name, minutes=20 * number) for number in range(5)][-1] is T.SENT
        assert open_work(name) == []
    assert testing.PASSWORD not in str(page) + repr(away)


def test_what_a_partner_may_have_goes_to_no_other_until_somebody_says_that_it_has_not(
    scene: Scene, partner: Partner, tidewater: SftpServer, tmp_path: Path
) -> None:
    def break_off(when: str) -> None:
        raise OSError("the line broke")

    tidewater.on_rename.append(break_off)
    with testing.sftp_server(tmp_path / "upriver") as upriver:
        second = testing.partner(scene.mso, testing.sftp_facts(upriver, name="Upriver"), at=NOW)
        testing.route(scene.mso, [partner, second], at=NOW)
        with scene.scope():
            name = testing.sent(scene.practice, CLAIMS, at=NOW)
            states = [transmit(name, minutes=20 * number) for number in range(4)]
            assert states == [T.WAITING] * 3 + [T.FAILED]
            assert "ask there before it is sent elsewhere" in told(name).row.words
            keeping.declare_down(actor=SYSTEM, mso=scene.mso, partner=partner.public_id, words="No answer", at=NOW)
            sending.again(actor=SYSTEM, transmission=name, at=NOW, elsewhere=True)
            assert transmit(name) is T.SENT
        assert len(upriver.take()) == 1


def test_without_a_route_a_person_takes_the_file_and_says_where_it_was_handed_in(scene: Scene) -> None:
    with scene.scope():
        name = testing.sent(scene.practice, CLAIMS, at=NOW)
        assert told(name).row.state is T.BY_HAND
        assert open_work(name) == ["exchange.by_hand"]
        assert testing.sent(scene.practice, CLAIMS, at=NOW) == name, "one thing is sent once"

        taken = sending.take(actor=PRIYA, transmission=name, at=NOW)
        with reading():
            assert documents.read(taken.public_id, scene.practice) == CLAIMS
        sending.handed_in(actor=PRIYA, transmission=name, words="Portal, receipt 4711", at=NOW)
        page = told(name)
        assert (page.row.state, page.row.words) == (T.SENT, "Handed in by Priya Raman. Portal, receipt 4711")
        assert open_work(name) == []
        with pytest.raises(NotNow, match="It is sent"):
            sending.give_up(actor=PRIYA, transmission=name, why="Too late", at=NOW)


def test_what_is_given_up_says_why_and_can_still_be_sent(scene: Scene) -> None:
    with scene.scope():
        name = testing.sent(scene.practice, CLAIMS, at=NOW)
        sending.give_up(actor=PRIYA, transmission=name, why="The payer closed", at=NOW)
        assert (told(name).row.state, open_work(name)) == (T.GIVEN_UP, [])
        [left] = sending.handed_in_many(actor=PRIYA, transmissions=[name], words="", at=NOW)
        assert (left.is_done, left.sentence) == (False, "It is given up: nobody needs to hand it in.")
        [done] = sending.again_many(actor=PRIYA, transmissions=[name], at=NOW)
        assert (done.is_done, told(name).row.state) == (True, T.BY_HAND)


def test_mailboxes_are_read_once_and_what_nobody_takes_becomes_work(
    scene: Scene, partner: Partner, tidewater: SftpServer
) -> None:
    tidewater.leave("answer.999", CLAIMS.replace(b"ST*837", b"ST*999"))
    tidewater.leave("answer-again.999", CLAIMS.replace(b"ST*837", b"ST*999"))
    tidewater.leave("letter.pdf", b"%PDF-1.7 a scanned letter")
    tidewater.leave("half.999.part", b"ISA*")
    with scene.scope():
        [first] = arriving.poll(actor=SYSTEM, at=NOW)
        [second] = arriving.poll(actor=SYSTEM, at=NOW)
        with reading():
            rows = transmissions.arrivals(filters=transmissions.Filters(), page=transmissions.PageAsk()).rows
            letter = next(row for row in rows if row.name == "letter.pdf")
            assert [one.kind for one in work.open_for(("exchange.arrival", letter.public_id), at=NOW)] == [
                "exchange.unknown_file"
            ]

    assert (first.arrived, first.repeats, first.words) == (2, 1, "")
    assert (second.arrived, second.repeats) == (0, 0)
    assert sorted((row.kinds, row.is_repeat) for row in rows) == [("", False), ("999", False), ("999", True)]


def test_by_https_a_lost_answer_is_asked_for_under_the_same_key(scene: Scene, tmp_path: Path) -> None:
    with testing.https_server(tmp_path, [503, 409], at=NOW) as (port, fingerprint, got):
        facts = replace(
            testing.sftp_facts(SftpServer(tmp_path, port=port)), way=Way.HTTPS, host_key=fingerprint, outgoing="/claims",
            incoming="", kind=PartnerKind.PAYER,
        )  # fmt: skip
        testing.route(scene.mso, [testing.partner(scene.mso, facts, at=NOW)], at=NOW)
        with scene.scope():
            name = testing.sent(scene.practice, CLAIMS, at=NOW)
            assert transmit(name) is T.WAITING
            assert told(name).row.is_uploaded, "it may have arrived"
            assert transmit(name, minutes=2) is T.SENT
            page = told(name)

    assert page.row.words == "It was there already."
    assert [key for key, _ in got] == [page.row.name]


def test_reroute_runs_as_a_job(scene: Scene, partner: Partner) -> None:
    with scene.scope():
        name = testing.sent(scene.practice, CLAIMS, at=NOW)
        keeping.declare_down(actor=SYSTEM, mso=scene.mso, partner=partner.public_id, words="No answer", at=NOW)
    jobs.run("exchange.reroute", practice=scene.mso, at=NOW)
    with scene.scope():
        assert (told(name).row.state, told(name).row.partner) == (T.BY_HAND, "By hand")
