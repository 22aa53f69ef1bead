"""Medicare's contractor in the south of the demo: a real SFTP server on loopback, with files up and down.

Whoever sends knows it by its pinned key, which is the same whenever the demo runs. The contractor itself takes from its
folder and leaves answers there by the same door, so that it may be in any process.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncssh
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from openmso.exchange import testing
from openmso.exchange.contracts import Partner, Way
from openmso.exchange.services import doors
from openmso.exchange.services.doors import Address
from openmso.exchange.testing import SftpServer

SEED = b"the contractor of the demo"


@contextmanager
def listening() -> Iterator[SftpServer]:
    """Have it listen as long as it lasts; its folders are empty at first and gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="openmso-contractor-") as folder,
        testing.sftp_server(Path(folder), key=_key()) as server,
    ):
        yield server


def _key() -> asyncssh.SSHKey:
    own = ed25519.Ed25519PrivateKey.from_private_bytes(hashlib.sha256(SEED).digest())
    return asyncssh.import_private_key(
        own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption())
    )


def took(partner: Partner, name: str) -> bytes:
    """The file of this name as it arrived at the contractor."""
    with doors.opened(Way.SFTP, address(partner, is_theirs=True)) as door:
        content = next(door.fetch(one) for one in door.mailbox() if one.name == name)
    assert content is not None, "the rename made it whole"
    return content


def leaves(partner: Partner, name: str, content: bytes) -> tuple[bytes, int]:
    """Leave a file for whoever asks, and fetch it as they do: its bytes, and when it was left."""
    with doors.opened(Way.SFTP, address(partner, is_theirs=True)) as door:
        door.deliver(name, content, resume=False, whole=lambda: None)
    with doors.opened(Way.SFTP, address(partner)) as door:
        found = next(one for one in door.mailbox() if one.name == name)
        return door.fetch(found) or b"", found.modified


def address(partner: Partner, *, is_theirs: bool = False) -> Address:
    """Where files go and answers wait; to the contractor it is the other way round."""
    folders = (partner.incoming, partner.outgoing) if is_theirs else (partner.outgoing, partner.incoming)
    return Address(
        partner.host, partner.port, partner.host_key, testing.USER, testing.PASSWORD, None, *folders
    )  # fmt: skip
