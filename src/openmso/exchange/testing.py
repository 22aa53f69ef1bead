"""Builders for tests of all apps: real servers on loopback for partners, and partners that are reached there.

with sftp_server(tmp_path / "tidewater") as server:
    tidewater = sftp_partner(mso, server, at=NOW)
    route(mso, [tidewater], at=NOW)
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import asyncssh
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from openmso.exchange.contracts import Outgoing, Partner, PartnerFacts, PartnerKind, Settings, Transaction, Way
from openmso.exchange.services import keeping, sending
from openmso.platform.access.contracts import Actor
from openmso.platform.documents import services as documents
from openmso.platform.tenancy.scope import atomic, scope

USER, PASSWORD = "harbor", "a pass phrase of tests"
EARLY = date(2020, 1, 1)


def actor(at: datetime) -> Actor:
    """Who builds: the house itself."""
    return Actor.system("building a test", at=at)


@dataclass(slots=True)
class SftpServer:
    """A running SFTP server: where it listens, its key, its folders, and what happens before it renames a file."""

    root: Path
    port: int = 0
    host_key: str = ""
    on_rename: list[Callable[[str], None]] = field(default_factory=list)
    """Called with "before" and "after" at every rename."""

    def names(self) -> list[str]:
        """The files that it was given, partial ones too."""
        return sorted(path.name for path in (self.root / "in").iterdir())

    def take(self) -> list[bytes]:
        """Pick up what lies there whole, as a partner does: the files are gone afterwards."""
        found = [path for path in sorted((self.root / "in").iterdir()) if not path.name.startswith(".")]
        contents = [path.read_bytes() for path in found]
        for path in found:
            path.unlink()
        return contents

    def leave(self, name: str, content: bytes) -> None:
        """Leave an answer in the mailbox."""
        (self.root / "out" / name).write_bytes(content)


class _Door(asyncssh.SSHServer):
    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)


@contextmanager
def sftp_server(root: Path, *, port: int = 0, key: asyncssh.SSHKey | None = None) -> Iterator[SftpServer]:
    """A real SFTP server on loopback with the folders `in` and `out`."""
    for name in ("in", "out"):
        (root / name).mkdir(parents=True, exist_ok=True)
    own = key or asyncssh.generate_private_key("ssh-ed25519")
    server = SftpServer(root, host_key=own.export_public_key().decode().strip())

    class Files(asyncssh.SFTPServer):
        def __init__(self, channel: Any) -> None:
            super().__init__(channel, chroot=str(root).encode())

        def rename(self, oldpath: bytes, newpath: bytes) -> None:
            for hook in server.on_rename:
                hook("before")
            super().rename(oldpath, newpath)
            for hook in server.on_rename:
                hook("after")

    loop, ready = asyncio.new_event_loop(), threading.Event()

    async def listen() -> Any:
        return await asyncssh.listen(
            "127.0.0.1", port, server_factory=_Door, server_host_keys=[own], sftp_factory=Files, allow_scp=False
        )

    def run() -> None:
        asyncio.set_event_loop(loop)
        acceptor = loop.run_until_complete(listen())
        server.port = acceptor.get_port()
        ready.set()
        loop.run_forever()
        acceptor.close()
        loop.run_until_complete(acceptor.wait_closed())
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


@contextmanager
def https_server(
    folder: Path, answers: list[int], *, at: datetime, answer: Callable[[bytes], bytes] = lambda asked: b""
) -> Iterator[tuple[int, str, list[tuple[str, bytes]]]]:
    """A real HTTPS server on loopback: its port, the digest of its certificate, and what it was given.

    It answers with these statuses in turn, and with what `answer` makes of what it was given.
    """
    got: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = answers.pop(0)
            if status < 500:
                got.append((self.headers["Idempotency-Key"], body))
            said = answer(body) if status < 400 else b""
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *args: Any) -> None: ...

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "partner.example")])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(at - timedelta(days=1)).not_valid_after(at + timedelta(days=9))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    pem = folder / "server.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )  # fmt: skip
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port, certificate.fingerprint(hashes.SHA256()).hex(), got
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def sftp_facts(server: SftpServer, *, name: str = "Tidewater Clearing", **changes: Any) -> PartnerFacts:
    """What is recorded about a partner that is reached at such a server."""
    facts: dict[str, Any] = {
        "name": name, "kind": PartnerKind.CLEARINGHOUSE, "way": Way.SFTP, "host": "127.0.0.1", "port": server.port,
        "host_key": server.host_key, "user": USER, "password": PASSWORD, "outgoing": "/in", "incoming": "/out",
    }  # fmt: skip
    return PartnerFacts(**facts | changes)


def partner(mso: int, facts: PartnerFacts, *, at: datetime) -> Partner:
    """A partner of the register."""
    with scope(practices=[mso]):
        return keeping.add(actor=actor(at), mso=mso, facts=facts, at=at)


def by_hand(mso: int, *, at: datetime, name: str = "Portal of a payer", settings: Settings | None = None) -> Partner:
    """A partner that people bring files to."""
    facts = PartnerFacts(name, PartnerKind.PAYER, Way.MANUAL, settings=settings or Settings())
    return partner(mso, facts, at=at)


def route(
    mso: int, partners: Sequence[Partner], *, at: datetime, payer: int | None = None, practice: int | None = None,
    transaction: Transaction = Transaction.CLAIM_P,
) -> None:  # fmt: skip
    """A route of files of a kind, in force for a long time."""
    with scope(practices=[mso]):
        keeping.set_route(
            actor=actor(at), mso=mso, payer=payer, transaction=transaction, practice=practice,
            partners=[one.public_id for one in partners], starts_on=EARLY, at=at,
        )  # fmt: skip


@atomic
def sent(practice: int, content: bytes, *, at: datetime, payer: int | None = None, name: str = "BAT-23456789") -> str:
    """A stored file that is to leave, as claims would hand it over; the id of its transmission. Within a scope."""
    under = actor(at).may("exchange.send", practice)
    kept = documents.store(
        actor=actor(at), practice=practice, name="claims.x12", content=content, media_type="application/edi-x12",
        purpose="exchange.sent", at=at, under=under,
    )  # fmt: skip
    file = Outgoing(Transaction.CLAIM_P, payer, kept.public_id, "claims.x12", ("claims.batch", name), "1 claim")
    return sending.send(actor=actor(at), practice=practice, file=file, at=at, under=under)
