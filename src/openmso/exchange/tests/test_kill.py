"""kill -9 between upload and record: the partner gets the file once, whichever side of the rename the process died on."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from openmso.exchange import testing
from openmso.exchange.queries import transmissions
from openmso.exchange.services import transmitting
from openmso.exchange.states import T
from openmso.exchange.testing import SftpServer
from openmso.exchange.tests.conftest import NOW, Scene, open_scene
from openmso.exchange.tests.test_rules import CLAIMS
from openmso.platform.access.contracts import Actor
from openmso.platform.tenancy.scope import reading
from tests.faults.test_kill_posting import forked

SYSTEM = Actor.system("a test", at=NOW)


@pytest.fixture
def committed(cleared: str) -> str:
    return cleared


@pytest.fixture
def tidewater(tmp_path: Path) -> Iterator[SftpServer]:
    with testing.sftp_server(tmp_path / "tidewater") as server:
        yield server


def ready(server: SftpServer) -> tuple[Scene, str]:
    scene = open_scene()
    testing.route(scene.mso, [testing.partner(scene.mso, testing.sftp_facts(server), at=NOW)], at=NOW)
    with scene.scope():
        return scene, testing.sent(scene.practice, CLAIMS, at=NOW)


@pytest.mark.parametrize(("when", "taken"), [("before", False), ("after", False), ("after", True)])
def test_a_killed_process_sends_nothing_twice(committed: str, tidewater: SftpServer, when: str, taken: bool) -> None:
    scene, name = ready(tidewater)
    got: list[bytes] = []
    children: list[int] = []

    def kill(now: str) -> None:
        if now == when and children:
            os.kill(children.pop(), signal.SIGKILL)
            got.extend(tidewater.take() if taken else [])

    def work() -> None:
        with scene.scope():
            transmitting.transmit(actor=SYSTEM, transmission=name, at=NOW)

    tidewater.on_rename.append(kill)
    with forked(work) as child:
        children.append(child)
        os.waitpid(child, 0)
    assert not children, "it was killed at the rename"
    with scene.scope():
        with reading():
            row = transmissions.transmission(name).row
        assert (row.state, row.is_uploaded) == (T.SENDING, True)
        assert transmitting.transmit(actor=SYSTEM, transmission=name, at=NOW + timedelta(minutes=1)) is T.SENT

    got += tidewater.take()
    assert got == [CLAIMS]
