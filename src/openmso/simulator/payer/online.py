"""The payers of the demo behind one clearinghouse that answers at once: a real HTTPS server on loopback.

It takes a 270 and gives the 271, by what `cover` says; its mailbox is empty, and files are taken and thrown away.
"""

from __future__ import annotations

import ssl
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from openmso.simulator.payer import cover
from openmso.simulator.payer.profile import Profile

HOST, QUESTIONS, FILES, MAILBOX = "127.0.0.1", "/270", "/files", "/mailbox"
VALID = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2046, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Door:
    """Where it listens, and the digest of its certificate, to be pinned."""

    port: int
    host_key: str


@contextmanager
def answering(profiles: Sequence[Profile], *, seed: int) -> Iterator[Door]:
    """Answer for these payers as long as it lasts."""
    key, certificate = _certificate()
    server = ThreadingHTTPServer((HOST, 0), _handler(profiles, seed))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        pem = Path(folder) / "server.pem"
        pem.write_bytes(key + certificate.public_bytes(serialization.Encoding.PEM))
        context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Door(server.server_port, certificate.fingerprint(hashes.SHA256()).hex())
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _certificate() -> tuple[bytes, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "payers.demo.example")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(VALID[0]).not_valid_after(VALID[1]).sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )  # fmt: skip
    return pem, made


def _handler(profiles: Sequence[Profile], seed: int) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = cover.answer(body, profiles, seed=seed) if self.path == QUESTIONS else b""
            self._say(400 if answer is None else 200, answer or b"")

        def do_GET(self) -> None:
            self._say(200, b"[]")

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None: ...

    return Handler
