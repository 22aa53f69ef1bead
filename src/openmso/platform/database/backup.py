"""Backups: a dump with a list of what is in it, a restore, and the proof that both hold the same rows.

Dump and list are taken of one snapshot, by the role that reads past row-level security; any other role would dump
too little without an error. The list (`FILE.json`) has the row count and a hash total of every table, so that a
restored copy, however it was made, can be compared with it.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import conninfo, sql

from openmso.kit.errors import Refused
from openmso.platform.database import bootstrap, embedded

_SAME_TEXT = "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET bytea_output = 'hex'; SET row_security = off"
"""So that equal rows have equal text, and a role that row-level security would narrow fails instead of counting."""

_VARIABLE = {
    "host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT",
}  # fmt: skip


class CannotBackUp(Refused):
    """The dump, the restore or the list is not usable; the sentence says why."""

    code = "cannot_back_up"


@dataclass(frozen=True, slots=True)
class Table:
    """What is in a table: its rows, and the sum of the hashes of their texts, whatever their order."""

    rows: int
    total: str


@dataclass(frozen=True, slots=True)
class Listed:
    """The list of a dump."""

    at: str
    sha256: str
    tables: dict[str, Table]

    @property
    def rows(self) -> int:
        """All rows of all tables."""
        return sum(table.rows for table in self.tables.values())


def back_up(dsn: str, *, to: Path, at: datetime) -> Listed:
    """Dump a database to a file, and write beside it the list of what is in it. Raises `CannotBackUp`."""
    if to.exists():
        raise CannotBackUp(f"{to} is there already.", fix="Give each backup a name of its own.")
    with psycopg.connect(dsn) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = _one(connection, "SELECT pg_export_snapshot()")
        tables = contents(connection)
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={to}", dsn=dsn)
    listed = Listed(at.isoformat(), _digest(to), tables)
    list_of(to).write_text(json.dumps(asdict(listed), indent=1))
    return listed


def restore(file: Path, *, superuser: str, name: str) -> list[str]:
    """Make a new database from a dump and compare it with the dump's list; what differs, in words.

    Raises `CannotBackUp` where the dump is not the one that was listed, or the database exists already.
    """
    listed = read_list(file)
    if _digest(file) != listed.sha256:
        raise CannotBackUp(f"{file} is not the dump that {list_of(file).name} lists.", fix="Take another copy of it.")
    with psycopg.connect(superuser, autocommit=True) as connection:
        bootstrap.make_roles(connection)
        if not bootstrap.make_database(connection, name):
            raise CannotBackUp(f"There is a database {name} already.", fix="Restore under another name.")
    target = conninfo.make_conninfo(superuser, dbname=name)
    _run("pg_restore", "--exit-on-error", f"--dbname={name}", str(file), dsn=target)
    return differences(target, listed)


def differences(dsn: str, listed: Listed) -> list[str]:
    """In what a database differs from a dump's list, table by table; nothing where they hold the same rows."""
    with psycopg.connect(dsn) as connection:
        there = contents(connection)
    found = []
    for name in sorted(listed.tables.keys() | there.keys()):
        was, is_now = listed.tables.get(name), there.get(name)
        if was is None or is_now is None:
            found.append(f"{name} is {'new' if was is None else 'missing'}")
        elif was.rows != is_now.rows:
            found.append(f"{name} has {is_now.rows:,} rows instead of {was.rows:,}")
        elif was.total != is_now.total:
            found.append(f"{name} has other rows than were dumped")
    return found


def contents(connection: psycopg.Connection) -> dict[str, Table]:
    """Row count and hash total of every table. Raises `CannotBackUp` for a role that may not see every row."""
    connection.execute(_SAME_TEXT)
    names = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
    ).fetchall()
    return {name: _content(connection, name) for (name,) in names}


def _content(connection: psycopg.Connection, name: str) -> Table:
    count = sql.SQL("SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM {} t")
    try:
        rows, total = connection.execute(count.format(sql.Identifier("public", name))).fetchone() or (0, "0")
    except psycopg.errors.InsufficientPrivilege as no:
        raise CannotBackUp(f"This role may not see every row of {name}, so its dump would lack rows.",
                           fix="Connect as openmso_backup.") from no  # fmt: skip
    return Table(rows, total)


def list_of(file: Path) -> Path:
    """Where the list of a dump lies."""
    return file.with_name(file.name + ".json")


def read_list(file: Path) -> Listed:
    """The list of a dump. Raises `CannotBackUp`."""
    try:
        said = json.loads(list_of(file).read_text())
        return Listed(said["at"], said["sha256"], {name: Table(**table) for name, table in said["tables"].items()})
    except (OSError, ValueError, KeyError, TypeError) as no:
        raise CannotBackUp(f"{list_of(file)} is not the list of a dump.", fix="Keep it beside the dump.") from no


def _one(connection: psycopg.Connection, query: str) -> str:
    row = connection.execute(query).fetchone()
    assert row is not None
    return str(row[0])


def _digest(file: Path) -> str:
    with file.open("rb") as dump:
        return hashlib.file_digest(dump, "sha256").hexdigest()


def _run(program: str, *arguments: str, dsn: str) -> None:
    """Run a program of PostgreSQL; how to connect goes by the environment, where others do not read a password."""
    given = {_VARIABLE[key]: str(value) for key, value in conninfo.conninfo_to_dict(dsn).items() if key in _VARIABLE}
    command = [str(_programs(dsn) / program), *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=os.environ | given)  # noqa: S603
    if done.returncode:
        raise CannotBackUp(f"{program} ended with status {done.returncode}: {done.stderr.strip()[-400:]}",
                           fix="Name the programs of the server's own version in OPENMSO_PG_BIN.")  # fmt: skip


def _programs(dsn: str) -> Path:
    """The folder of the programs that fit a server: those of its own version where they are installed.

    A newer `pg_restore` sets what an older server does not know.
    """
    with psycopg.connect(dsn) as connection:
        packaged = Path(f"/usr/lib/postgresql/{connection.info.server_version // 10_000}/bin")
    named = os.environ.get("OPENMSO_PG_BIN")
    return packaged if not named and packaged.is_dir() else embedded.binaries(embedded.account())
