"""`openmso law`: what the rules of law come to for a set of facts, from a file and without a database."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from openmso.agreements.law import deriving, judging, rulebook
from openmso.agreements.law.rulebook import BadRule, Moment, Rule
from openmso.cli.fee import read, refuse
from openmso.kit.errors import Refused

law = typer.Typer(no_args_is_help=True, help="Law: rules of jurisdictions, asked over facts.")
MEMBERS = frozenset({"state", "on", "moment", "facts"})
OF_THE_STATE = frozenset({"place.state", "place.cpom"})
AsJson = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
Rules = Annotated[
    Path | None, typer.Option("--rules", help="Rules as TOML, each a [[rule]], in place of those that come along.")
]


@law.callback()
def root() -> None:
    """Law: rules of jurisdictions, asked over facts."""


@law.command()
def check(
    file: Annotated[Path, typer.Argument(help="JSON with state, on, moment and facts; see docs/how-to/law.md.")],
    rules: Rules = None,
    as_json: AsJson = False,
) -> None:
    """Say what the rules come to for the facts of a file: what stops, what is asked for, what is reserved.

    Exit status 0 when nothing stops, 1 when something does or the facts are refused, 2 when a file cannot be read.
    """
    asked = read(file)
    try:
        found = _found(asked, _rules(rules))
    except Refused as no:
        refuse(no, as_json=as_json)
        raise typer.Exit(1) from None
    if as_json:
        told = {"stops": any(one.stops for one in found), "findings": [judging.as_data(one) for one in found]}
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        _show(found)
    if any(one.stops for one in found):
        raise typer.Exit(1)


@law.command("rules")
def list_rules(
    state: Annotated[str, typer.Option("--state", help="Only those of a state, and of all.")] = "",
    rules: Rules = None,
    as_json: AsJson = False,
) -> None:
    """List the rules that come with the product, with their citations."""
    try:
        found = [one for one in _rules(rules) if not state or one.concerns(state.upper())]
    except Refused as no:
        refuse(no, as_json=as_json)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps([rulebook.as_data(one) for one in found], indent=2, ensure_ascii=False))
        return
    table = Table("Rule", "Where", "Outcome", "What it says", "Citation")
    for one in found:
        table.add_row(one.code, " ".join(one.places), one.outcome.label, one.words, one.citation)
    Console().print(table)


def _rules(file: Path | None) -> tuple[Rule, ...]:
    if file is None:
        return rulebook.of_the_house()
    try:
        return rulebook.read_toml(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as no:
        typer.echo(f"{file} cannot be read: {no}", err=True)
        raise typer.Exit(2) from None


def _found(asked: Any, rules: tuple[Rule, ...]) -> list[judging.Finding]:
    if not isinstance(asked, dict) or not isinstance(asked.get("facts", {}), dict):
        raise BadRule("The file is an object with state, on, moment and facts.", field="file")
    if strange := sorted(set(asked) - MEMBERS):
        raise BadRule(f"{strange[0]!r} is no member of the file.", field=strange[0],
                      fix=f"It has {', '.join(sorted(MEMBERS))}.")  # fmt: skip
    state = str(asked.get("state", ""))
    if state not in rulebook.STATES:
        raise BadRule(f"{state!r} is no state.", field="state", fix="Two letters, as NY.")
    case: dict[str, Any] = {"place.state": state, "place.cpom": rulebook.doctrines()[state]}
    for name, said in asked.get("facts", {}).items():
        text = {True: "yes", False: "no"}[said] if isinstance(said, bool) else deriving.said_of(_several(said))
        value = deriving.value_of(name, text)
        if name in OF_THE_STATE and value != case[name]:
            raise BadRule(f"{name} is {case[name]} in {state}.", field=name, fix="Leave it out: the state says it.")
        case[name] = value
    try:
        on, moment = date.fromisoformat(str(asked.get("on", ""))), Moment(asked.get("moment", "sign"))
    except ValueError as no:
        raise BadRule(f"{no}", field="on or moment", fix="As 2026-12-01 and sign.") from None
    return judging.judge(rules, {k: v for k, v in case.items() if v is not None}, state=state, moment=moment, on=on)


def _several(said: Any) -> Any:
    return frozenset(map(str, said)) if isinstance(said, list) else said


def _show(found: list[judging.Finding]) -> None:
    table = Table("Rule", "Comes to", "What it says", "What is done about it")
    for one in found:
        said = [one.cited, *(f"Not so: {fact}" for fact in one.unmet), *(f"Asks: {fact}" for fact in one.asked)]
        table.add_row(one.rule.code, one.verdict.label + (" (stops)" if one.stops else ""), "\n".join(said),
                      one.rule.remedy)  # fmt: skip
    Console().print(table)
