"""`openmso scope`: what an agreement puts in scope for a practice, task by task."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from openmso.cli import setup
from openmso.cli.fee import refuse
from openmso.kit import clock
from openmso.kit.errors import NotFound


def scope(
    practice: Annotated[str, typer.Argument(help="Code of the practice: ROCK")],
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day asked about; today where it is left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tell what is done for a practice on a day, and who does, decides, approves and is told.

    Exit status 0 when it was told, 1 where there is no such practice.
    """
    day = on.date() if on else clock.now().date()
    with setup.django():
        from openmso.agreements.queries import agreements, tasks
        from openmso.platform.tenancy.queries import reach, tenants
        from openmso.platform.tenancy.scope import reading
        from openmso.platform.tenancy.scope import scope as within

        tenant = next((one for one in tenants(code=practice) if not one.is_mso), None)
        if tenant is None:
            refuse(NotFound(f"There is no practice {practice}.", field="practice"), as_json=as_json)
            raise typer.Exit(1)
        mine = reach(tenant.pk)
        with within(practices=mine.practices, entities=mine.entities), reading():
            found = list(tasks.rows_of(agreements.of(tenant.pk), on=day))
    if as_json:
        typer.echo(json.dumps([_told(one) for one in found], indent=2, ensure_ascii=False))
        return
    table = Table("Line", "Task", "Does it", "Decides", "Approves", "Is told", "On the day", title=f"{practice}, {day}")
    for one in found:
        who = (one.does, one.decides, one.approves, one.told)
        table.add_row(one.line, one.words, *(each.label for each in who), one.standing.label)
    Console().print(table)


def _told(one: Any) -> dict[str, Any]:
    named = ("agreement", "version", "line", "code", "words", "does", "decides", "approves", "told", "outside",
             "volume", "level", "reserved", "standing")  # fmt: skip
    days = {"starts_on": str(one.starts_on), "ends_on": str(one.ends_on) if one.ends_on else None}
    return {name: getattr(one, name) for name in named} | days
