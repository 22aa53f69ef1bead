"""What an operator starts, started: roles, schema, static files, gunicorn and a worker on an external PostgreSQL."""

from __future__ import annotations

import http.client
import json
import os
import re
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from conftest import ROOT, clone, drop, worker
from openmso.platform.database.connect import APP, BACKUP, OWNER

DATABASE = f"openmso_serving_{worker()}"
BIN = Path(sys.executable).parent
PROCESSES = 4
"""Web processes of the unit."""
SECONDS = 180
"""How long anything may take here before the test gives up: a busy machine is not a fault."""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The variables of deploy/environment.example, filled in for a server outside of this installation."""
    home = tmp_path_factory.mktemp("serving")
    names = re.findall(r"^([A-Z_]+)=", (ROOT / "deploy/environment.example").read_text(), re.MULTILINE)
    given = {
        "DATABASE_URL": url(APP), "DATABASE_OWNER_URL": url(OWNER), "DATABASE_BACKUP_URL": url(BACKUP),
        "OPENMSO_DATA": str(home), "OPENMSO_DOCUMENTS": str(home / "documents"), "OPENMSO_HOSTS": "mso.example.org",
        "OPENMSO_HTTPS": "1", "OPENMSO_PROXIES": "1", "OPENMSO_SECRET_KEY": secrets.token_urlsafe(64),
        "OPENMSO_FIELD_KEYS": f"1:{secrets.token_hex(32)}", "OPENMSO_AUDIT_KEY": secrets.token_hex(32),
        "OPENMSO_SMTP": "smtp+tls://mail.example.org:587", "OPENMSO_EMAIL_FROM": "openmso@mso.example.org",
    }  # fmt: skip
    assert set(names) == set(given)
    outside = {key: value for key, value in os.environ.items() if not key.startswith(("OPENMSO_", "DJANGO_"))}
    yield outside | given
    drop(DATABASE)


def url(role: str) -> str:
    told = psycopg.conninfo.conninfo_to_dict(os.environ["OPENMSO_TEST_SERVER"])
    port = f":{told['port']}" if "port" in told else ""
    return f"postgresql://{role}@{quote(str(told['host']), safe='')}{port}/{DATABASE}"


def openmso(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "openmso"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False)


@pytest.fixture(scope="module")
def installed(environment: dict[str, str]) -> dict[str, str]:
    """The guide's steps 1, 3 and 4, on a database that was migrated before: each may be run again."""
    clone(DATABASE)
    for arguments in (
        ("db", "init", os.environ["OPENMSO_TEST_SERVER"], "--name", DATABASE), ("migrate",), ("static",),
    ):  # fmt: skip
        done = openmso(environment, *arguments)
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
    return environment


def command_of(unit: str) -> list[str]:
    """The command of a unit's ExecStart, run from this environment's programs."""
    text = (ROOT / "deploy/systemd" / unit).read_text()
    words = shlex.split(re.findall(r"^ExecStart=(.+)$", text, re.MULTILINE)[0])
    return [str(BIN / Path(words[0]).name), *words[1:]]


@contextmanager
def running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        child = subprocess.Popen(command, env=environment, cwd=log.parent, stdout=out, stderr=out)
    try:
        yield child
    finally:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
        assert child.wait(SECONDS) == 0, log.read_text()


@pytest.fixture(scope="module")
def web(
    installed: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., http.client.HTTPResponse]]:
    """Ask the web application of the unit as the proxy in front of it would."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [word.replace("127.0.0.1:8000", f"127.0.0.1:{port}") for word in command_of("openmso-web.service")]

    def ask(path: str, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        proxied = {"Host": "mso.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
        connection.request("GET", path, headers=proxied | headers)
        return connection.getresponse()

    with running(command, installed, tmp_path_factory.mktemp("web") / "web.log") as child:
        deadline = time.monotonic() + SECONDS
        while True:
            assert child.poll() is None, "the web application ended"
            assert time.monotonic() < deadline, "the web application does not answer"
            try:
                ask("/livez").read()
                break
            except ConnectionError:
                time.sleep(0.2)
        yield ask


def test_the_web_application_says_that_it_lives_and_that_it_is_ready(
    web: Callable[..., http.client.HTTPResponse],
) -> None:
    ready = web("/readyz")

    assert ready.status == 200
    assert json.loads(ready.read()) == {"ready": True, "database": True, "migrations": True}


def test_a_web_process_keeps_its_connection_and_finds_another_when_it_is_lost(
    web: Callable[..., http.client.HTTPResponse],
) -> None:
    def ask() -> list[int]:
        """The answers of all processes, each asked more than once."""
        return [web("/readyz").status for _ in range(4 * PROCESSES)]

    with psycopg.connect(os.environ["OPENMSO_TEST_SERVER"], autocommit=True) as server:
        assert set(ask()) == {200}
        kept = _sessions(server)
        assert 1 <= len(kept) <= PROCESSES
        assert set(ask()) == {200}
        assert kept <= _sessions(server)

        for pid in _sessions(server):
            server.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

        assert set(ask()) == {200}
        assert not kept & _sessions(server)


def _sessions(server: psycopg.Connection) -> set[int]:
    """The sessions that the web application has on the server."""
    found = server.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s AND usename = %s", [DATABASE, APP])
    return {int(pid) for (pid,) in found}


def test_a_stranger_gets_the_sign_in_page_over_https_only(web: Callable[..., http.client.HTTPResponse]) -> None:
    asked = web("/claims/")
    assert asked.status == 302
    assert asked.headers["Location"].startswith("/accounts/login/")

    page = web(asked.headers["Location"])
    text = page.read().decode()
    assert page.status == 200
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
    assert "Demo" not in text, "nobody signs in by one click in production"

    plain = web("/accounts/login/", **{"X-Forwarded-Proto": "http"})
    assert (plain.status, plain.headers["Location"]) == (301, "https://mso.example.org/accounts/login/")
    assert web("/livez", Host="elsewhere.example").status == 400


def test_static_files_are_compressed_and_kept_for_a_year(web: Callable[..., http.client.HTTPResponse]) -> None:
    sheets = re.findall(r'href="(/static/[^"]+\.css)"', web("/accounts/login/").read().decode())

    assert sheets
    for sheet in sheets:
        found = web(sheet, **{"Accept-Encoding": "gzip"})
        assert found.status == 200
        assert "max-age=31536000" in found.headers["Cache-Control"]
        assert "immutable" in found.headers["Cache-Control"]
        assert found.headers["Content-Encoding"] == "gzip"


def test_the_worker_of_the_unit_works_and_ends_when_told(installed: dict[str, str], tmp_path: Path) -> None:
    with running(command_of("openmso-worker.service"), installed, tmp_path / "worker.log"):
        heads = Path(installed["OPENMSO_DATA"]) / "audit-heads.jsonl"
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline and not heads.exists():
            time.sleep(0.2)
        assert heads.exists(), "the heads of the audit trail are exported beside the database"
        assert json.loads(openmso(installed, "jobs", "status", "--json").stdout)["workers"] == 1


def test_without_its_database_the_application_says_that_it_is_not_ready(environment: dict[str, str]) -> None:
    """The negative control: the same question, where nothing was installed."""
    program = (
        "from openmso.config.wsgi import application\n"
        "from django.test import Client\n"
        "answer = Client(HTTP_HOST='mso.example.org', HTTP_X_FORWARDED_PROTO='https').get('/readyz')\n"
        "print(answer.status_code, answer.content.decode())"
    )
    elsewhere = environment | {
        "DATABASE_URL": url(APP).replace(DATABASE, "openmso_nowhere"),
        "DJANGO_SETTINGS_MODULE": "openmso.config.settings",
    }
    done = subprocess.run([sys.executable, "-c", program], env=elsewhere, capture_output=True, text=True, check=False)

    assert done.stdout.startswith('503 {"ready": false, "database": false}'), done.stdout + done.stderr
