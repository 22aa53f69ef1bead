"""How a command meets Django and the database: the embedded server runs for as long as it is needed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from openmso.platform.database import bootstrap, connect

SETTINGS = "openmso.config.settings"


@contextmanager
def database() -> Iterator[None]:
    """The database answers inside this block; the embedded server is started where nobody serves it yet."""
    if not connect.is_embedded():
        yield
        return
    server = connect.server()
    server.start()
    try:
        bootstrap.prepare(server.dsn(), os.environ.get("OPENMSO_DATABASE", connect.DATABASE))
        yield
    finally:
        server.stop()


@contextmanager
def django(*, as_owner: bool = False) -> Iterator[None]:
    """Django is ready and the database answers, to the runtime role or to the owner of the tables."""
    if as_owner:
        os.environ[connect.AS_OWNER] = "1"
    with database():
        ready()
        yield


def ready() -> None:
    """Make Django ready in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django as framework

    framework.setup()


def environment(*, as_owner: bool = False) -> dict[str, str]:
    """The environment of a child process that runs Django, as the owner of the schema or as the runtime role."""
    return os.environ | {"DJANGO_SETTINGS_MODULE": SETTINGS, connect.AS_OWNER: "1" if as_owner else "0"}


def manage(*arguments: str, as_owner: bool = False) -> int:
    """Run a Django command in a process of its own, as the owner of the schema or as the runtime role."""
    command = [sys.executable, "-m", "django", *arguments]
    return subprocess.run(command, env=environment(as_owner=as_owner), check=False).returncode  # noqa: S603
