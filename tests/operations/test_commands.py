"""Every command teaches what it does and answers machines; its exit status means something."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer
from typer.testing import CliRunner

from openmso.cli.main import app

SERVES = {"up", "worker", "db start"}
"""Commands that run until they are stopped: they have no answer."""
WRITES_PAGES = {"docs"}
"""Writes files for readers; its answer is its exit status."""


def commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")  # type: ignore[arg-type]
        else:
            yield f"{before}{name}", command


ALL = dict(commands(typer.main.get_command(app)))  # type: ignore[arg-type]


def test_the_commands_are_found() -> None:
    assert {"x12 check", "db restore", "audit verify", "users add"} <= set(ALL)


@pytest.mark.parametrize("name", sorted(set(ALL) - SERVES - WRITES_PAGES))
def test_a_command_answers_machines_in_json(name: str) -> None:
    assert any("--json" in parameter.opts for parameter in ALL[name].params)


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_commands_help_says_what_it_and_every_option_does(name: str) -> None:
    assert len((ALL[name].help or "").split()) >= 5
    for parameter in ALL[name].params:
        assert getattr(parameter, "help", "") or parameter.name == "help", f"{name} {parameter.name}"
    shown = CliRunner().invoke(app, [*name.split(), "--help"])
    assert shown.exit_code == 0


@pytest.mark.parametrize("words", [["no-such-command"], ["x12", "check"], ["users", "add"], ["db", "restore"]])
def test_unusable_arguments_are_status_2(words: list[str]) -> None:
    assert CliRunner().invoke(app, words).exit_code == 2


def test_accounts_are_added_listed_and_disabled_in_json(committed: str, tmp_path: Path) -> None:
    def run(*words: str) -> object:
        done = CliRunner().invoke(app, [*words, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    added = run("users", "add", "omar@mso.example", "--name", "Omar")
    assert added["path"].startswith("/accounts/password/reset/")  # type: ignore[index]
    run("users", "disable", added["account"], "--why", "left")  # type: ignore[index]
    (listed,) = run("users", "list")  # type: ignore[misc]
    assert (listed["public_id"], listed["state"]) == (added["account"], "disabled")  # type: ignore[index]
    assert run("audit", "heads", "--to", str(tmp_path / "heads.jsonl"))["heads"] == 0  # type: ignore[index]
