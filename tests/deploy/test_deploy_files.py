"""The files an operator copies: they parse, they name commands that exist, and they harden what they run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openmso.cli.main import app
from openmso.config import mail, settings

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
HARDENED = {"NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes"}


def unit(path: Path) -> ConfigParser:
    config = ConfigParser(interpolation=None, strict=False)
    config.optionxform = str  # type: ignore[assignment,method-assign]
    config.read(path)
    return config


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_as_nobody_special_and_is_walled_in(path: Path) -> None:
    service = unit(path)["Service"]

    assert service["User"] == "openmso"
    assert {key: service.get(key) for key in HARDENED} == HARDENED
    assert "Restart" in service


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_commands_that_exist(path: Path) -> None:
    service = unit(path)["Service"]
    for key in ("ExecStartPre", "ExecStart"):
        words = service.get(key, "").split()
        if words and words[0].endswith("/openmso"):
            result = CliRunner().invoke(app, [words[1], "--help"])
            assert result.exit_code == 0, result.output


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_finds_nothing_to_say_of_a_unit(path: Path, tmp_path: Path) -> None:
    """Its programs are put where they are here; a misspelt key is what `verify` would name (the negative control)."""
    text = path.read_text().replace("/opt/openmso/bin/", f"{Path(sys.executable).parent}/")
    text = text.replace("User=openmso\nGroup=openmso\n", "User=root\nGroup=root\n")
    (good := tmp_path / path.name).write_text(text)
    (bad := tmp_path / "bad.service").write_text(text.replace("RestartSec", "RestartSeconds"))

    assert analyze("verify", "--man=no", str(good)) == (0, "")
    assert "RestartSeconds" in analyze("verify", "--man=no", str(bad))[1]


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_is_little_exposed(path: Path, tmp_path: Path) -> None:
    """`systemd-analyze security` gives 0 (nothing exposed) to 10; with one wall taken down it is told."""
    (bare := tmp_path / path.name).write_text(path.read_text().replace("CapabilityBoundingSet=\n", ""))

    assert analyze("security", "--offline=yes", "--threshold=20", str(path))[0] == 0
    assert analyze("security", "--offline=yes", "--threshold=20", str(bare))[0] == 1


def analyze(*arguments: str) -> tuple[int, str]:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not on this machine")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("url", "settings"),
    [
        ("smtp://localhost", ("localhost", 25, "", False, False)),
        ("smtp+tls://mso:p%40ss@mail.example.org", ("mail.example.org", 587, "p@ss", True, False)),
        ("smtps://mso:secret@mail.example.org:2465", ("mail.example.org", 2465, "secret", False, True)),
    ],
)
def test_mail_leaves_by_the_server_that_is_named(url: str, settings: tuple[object, ...]) -> None:
    told = mail.settings(url, "openmso@mso.example.org")

    keys = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS", "EMAIL_USE_SSL")
    assert tuple(told[key] for key in keys) == settings


@pytest.mark.parametrize(
    ("url", "sender", "named"),
    [("mail.example.org", "a@b.example", "OPENMSO_SMTP"), ("smtp://localhost", "", "OPENMSO_EMAIL_FROM")],
)
def test_mail_that_could_not_leave_stops_the_start(url: str, sender: str, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        mail.settings(url, sender)


def test_the_image_runs_as_an_ordinary_account_and_installs_by_hash() -> None:
    lines = (ROOT / "deploy/Containerfile").read_text().splitlines()

    assert any(line.startswith("USER openmso") for line in lines)
    assert any("--require-hashes" in line for line in lines)
    last_user = max(i for i, line in enumerate(lines) if line.startswith("USER"))
    assert all(not line.startswith("RUN") for line in lines[last_user:])
    for line in lines:
        assert not re.match(r"(ADD|COPY .*(\.git|var|shared))", line), line


def test_every_variable_of_the_example_is_one_that_the_settings_document() -> None:
    named = re.findall(r"^([A-Z_]+)=", (ROOT / "deploy/environment.example").read_text(), re.MULTILINE)

    assert named
    for name in named:
        assert name in (settings.__doc__ or ""), name
