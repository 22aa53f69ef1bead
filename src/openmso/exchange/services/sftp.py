"""SFTP: a file is put under a name of its own, looked at, and renamed; the rename is what makes it the partner's."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import asyncssh

from openmso.exchange.services.doors import SECONDS, Address, Found, NotTaken, Unreachable

PART = ".part"
UNFINISHED = (PART, ".tmp", ".filepart", ".partial")
Answer = TypeVar("Answer")


@contextmanager
def opened(address: Address) -> Iterator[Sftp]:
    """A session with the server whose key is pinned; raises `Unreachable`."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    door = Sftp(loop, address)
    try:
        door.enter()
        yield door
    finally:
        door.leave()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class Sftp:
    """A door by SFTP. Its loop runs in a thread of its own, so that the caller may use the database in between."""

    def __init__(self, loop: asyncio.AbstractEventLoop, address: Address) -> None:
        self._loop, self._address = loop, address
        self._connection: asyncssh.SSHClientConnection | None = None
        self._client: Any = None

    def enter(self) -> None:
        """Connect and sign in."""
        self._run(self._enter())

    async def _enter(self) -> None:
        to = self._address
        keys = [asyncssh.import_private_key(to.private_key)] if to.private_key else None
        self._connection = await asyncssh.connect(
            to.host, to.port, username=to.user, password=to.password, client_keys=keys, agent_path=None, config=None,
            known_hosts=([asyncssh.import_public_key(to.host_key)], [], []), connect_timeout=SECONDS,
            login_timeout=SECONDS,
        )  # fmt: skip
        self._client = await self._connection.start_sftp_client()

    def leave(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._run(self._connection.wait_closed())

    def deliver(self, name: str, content: bytes, *, resume: bool, whole: Callable[[], None]) -> str:
        """Put, look, record, rename. See `Door`."""
        final, part = self._at(name), self._at(f".{name}{PART}")
        if not resume:
            self._run(self._put(part, content))
            whole()
        elif (size := self._run(self._size(final))) is not None:
            if size != len(content):
                raise Unreachable(
                    f"{name} lies there with {size:,} bytes instead of {len(content):,}: ask the partner."
                )
            return "It was there already."
        elif self._run(self._size(part)) is None:
            return "It had been uploaded whole, and the partner has taken it."
        self._run(self._client.rename(part, final))
        return ""

    async def _put(self, path: str, content: bytes) -> None:
        async with self._client.open(path, "wb") as file:
            await file.write(content)
        size = await self._size(path)
        if size != len(content):
            raise NotTaken(f"{size or 0:,} of {len(content):,} bytes arrived.")

    async def _size(self, path: str) -> int | None:
        try:
            return int((await self._client.stat(path)).size)
        except asyncssh.SFTPNoSuchFile:
            return None

    def mailbox(self) -> list[Found]:
        """The files that wait. See `Door`."""
        entries = self._run(self._client.readdir(self._address.incoming))
        found = [
            Found(str(entry.filename), int(entry.attrs.size or 0), int(entry.attrs.mtime or 0))
            for entry in entries
            if entry.attrs.type == asyncssh.FILEXFER_TYPE_REGULAR
        ]
        finished = [one for one in found if not (one.name.startswith(".") or one.name.lower().endswith(UNFINISHED))]
        return sorted(finished, key=lambda one: (one.modified, one.name))

    def fetch(self, found: Found) -> bytes | None:
        """The bytes of a file. See `Door`."""
        content: bytes = self._run(self._fetch(f"{self._address.incoming.rstrip('/')}/{found.name}"))
        return content if len(content) == found.size else None

    async def _fetch(self, path: str) -> bytes:
        async with self._client.open(path, "rb") as file:
            return bytes(await file.read())

    def _at(self, name: str) -> str:
        return f"{self._address.outgoing.rstrip('/')}/{name}"

    def _run(self, what: Coroutine[Any, Any, Answer]) -> Answer:
        try:
            return asyncio.run_coroutine_threadsafe(what, self._loop).result()
        except asyncssh.HostKeyNotVerifiable:
            raise Unreachable(
                "The server shows another key than the pinned one; nothing was sent.",
                fix="Ask the partner whether its key was changed, and pin the new one.",
            ) from None
        except asyncssh.PermissionDenied:
            raise Unreachable("The partner refused the account.", fix="Ask for a new password or key.") from None
        except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
            raise Unreachable("The key on file cannot be read.", fix="Enter it again.") from None
        except asyncssh.SFTPError as no:
            raise Unreachable(f"The partner's folder answered: {type(no).__name__.removeprefix('SFTP')}.") from None
        except (asyncssh.Error, OSError, TimeoutError):
            raise Unreachable("The partner cannot be reached, or broke off.") from None
