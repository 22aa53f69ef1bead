"""The files an operator copies: they parse, they name commands that exist, and they harden what they run."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openmso.cli.main import app
from openmso.config import settings

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
