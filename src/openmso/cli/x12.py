"""`openmso x12`: look at X12 files without a database.

Imports the codec only when a command runs, and never Django: this must answer in a blink.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openmso.kit.words import counted

if TYPE_CHECKING:
    from edi.x12.check import FileReport

VALID, INVALID, UNUSABLE = 0, 1, 2
STANDARD_INPUT = "-"

app = typer.Typer(name="x12", help="Look at X12 files: no database is needed.", no_args_is_help=True)


@app.callback()
def x12() -> None:
    """Look at X12 files: no database is needed."""


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="The files to check; - is standard input.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON array, an object per file.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="What the implementation guide asks counts as an error.")
    ] = False,
) -> None:
    """Say what is wrong with each file, and what it holds.

    A file named - is read from standard input, and is called - in what is said of it.

    Exit status: 0 when all files are valid, 1 when some are not, 2 when a file cannot be opened (then none is
    checked) or the arguments are wrong.
    """
    unreadable = [f"{path}: {reason}" for path in files if (reason := _why_unreadable(path, files))]
    if unreadable:
        typer.echo("\n".join(unreadable), err=True)
        raise typer.Exit(UNUSABLE)
    from edi.x12.check import check_file, check_stream

    reports = []
    for path in files:
        if path == STANDARD_INPUT:
            report = check_stream(sys.stdin.buffer, name=path, strict=strict)
        else:
            report = check_file(path, strict=strict)
        reports.append(report)
        if not as_json:
            _print(report)
    if as_json:
        json.dump([report.as_json() for report in reports], sys.stdout, indent=2)
        typer.echo()
    raise typer.Exit(VALID if all(report.valid for report in reports) else INVALID)


def _why_unreadable(path: str, files: list[str]) -> str:
    """Why the file cannot be opened, or nothing."""
    if path == STANDARD_INPUT:
        return "standard input can be read once; name it once." if files.count(path) > 1 else ""
    if Path(path).is_dir():
        return "is a folder, not a file; name the files in it, such as " + str(Path(path) / "*.x12") + "."
    try:
        with Path(path).open("rb"):
            return ""
    except OSError as error:
        return f"{error.strerror or error}."


def _print(report: FileReport) -> None:
    typer.echo(f"{report.file}: {'valid' if report.valid else 'not valid'}")
    for one in report.transactions:
        sums = "" if one.claims is None else f", {counted(one.claims, 'claim')}, charge {one.charge:.2f}"
        paid = "" if one.paid is None else f", paid {one.paid:.2f}"
        typer.echo(f"  {one.set_id} {one.control} {one.version}{sums}{paid}")
    for finding in report.all_findings():
        place = "" if finding.segment is None else f" segment {finding.segment}, byte {finding.offset}:"
        typer.echo(f"  {finding.severity}:{place} {finding.message} {finding.fix}")
