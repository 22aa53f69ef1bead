"""`openmso up`: database, migrations, static files, web and worker under one supervisor.

Signal handlers only set a flag, so that a second signal cannot break the clean-up; children live in sessions of
their own and end with the supervisor even when it is killed.
"""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from openmso.cli import setup
from openmso.kit.errors import Refused
from openmso.platform.database import embedded, upkeep

START_SECONDS = 60


def up(
    port: Annotated[int, typer.Option(help="The port to serve on.")] = 8000,
    host: Annotated[
        str, typer.Option(help="The address to serve on; loopback unless TLS stands before it.")
    ] = "127.0.0.1",
    workers: Annotated[int, typer.Option(help="Web processes.")] = 2,
) -> None:
    """Serve what is there until Ctrl-C: database, migrations, static files, web and worker."""
    with setup.database():
        prepare()
        serve(host=host, port=port, workers=workers, say=typer.echo)


def prepare() -> None:
    """Migrations and static files, each only where something changed."""
    if not upkeep.is_current():
        if setup.manage("migrate", "--verbosity", "0", as_owner=True):
            raise Refused("The migrations did not run.", fix="Read the message above; nothing was changed by half.")
        upkeep.record()
    home = embedded.data_home()
    stamp, digest = home / "static.stamp", _static_digest()
    if not stamp.exists() or stamp.read_text() != digest:
        if setup.manage("collectstatic", "--noinput", "--clear", "--verbosity", "0"):
            raise Refused("The static files could not be collected.", fix="Read the message above.")
        stamp.write_text(digest)


def serve(*, host: str, port: int, workers: int, say: Callable[[str], object], greeting: str = "") -> None:
    """Run the web and the worker until a signal, or until one of them ends."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    children = [_web(host, port, workers), _worker()]
    try:
        _wait_until_it_answers(host, port, children, stop)
        say(greeting or f"OpenMSO serves http://{host}:{port}/ (Ctrl-C ends it)")
        while not stop.wait(0.5) and all(child.poll() is None for child in children):
            pass
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(20)


def _web(host: str, port: int, workers: int) -> subprocess.Popen[bytes]:
    return _child("-m", "gunicorn", "openmso.config.wsgi:application", "--bind", f"{host}:{port}",
                  "--workers", str(workers), "--preload", "--log-level", "warning", "--max-requests", "5000",
                  "--max-requests-jitter", "500")  # fmt: skip


def _worker() -> subprocess.Popen[bytes]:
    return _child("-m", "openmso.cli.main", "worker")


def _child(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603
        [sys.executable, *arguments], env=setup.environment(), start_new_session=True, stdin=subprocess.DEVNULL,
        preexec_fn=embedded.die_with_parent(signal.SIGTERM),
    )  # fmt: skip


def _wait_until_it_answers(
    host: str, port: int, children: list[subprocess.Popen[bytes]], stop: threading.Event
) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and not stop.is_set():
        if any(child.poll() is not None for child in children):
            raise Refused(f"The server did not start on port {port}.", fix="Is the port in use? Try --port 8001.")
        try:
            urllib.request.urlopen(f"http://{host}:{port}/livez", timeout=2).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    if not stop.is_set():
        raise Refused(f"The server did not answer within {START_SECONDS} s.")


def _static_digest() -> str:
    """Changes when a static file of ours, or an installed package, does."""
    root = Path(__file__).parents[1]
    files = sorted(path for folder in root.rglob("static") for path in folder.rglob("*") if path.is_file())
    told = [f"{path.relative_to(root)}:{path.stat().st_mtime_ns}" for path in files]
    told += sorted(path.name for path in Path(sys.prefix).glob("lib/python*/site-packages/*.dist-info"))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()
