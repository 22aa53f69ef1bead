"""`openmso quarter`: simulated quarters, one for each seed, in a database of their own; what is lost is found."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from openmso.cli import throwaway


def quarter(
    seeds: Annotated[int, typer.Option(help="How many seeds, each a practice with luck of its own.")] = 50,
    first: Annotated[int, typer.Option(help="The first seed.")] = 1,
    visits: Annotated[int, typer.Option(help="Visits a week in each practice.")] = 6,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Simulate a quarter with eight payers for each seed, and prove every law of conservation on each.

    It runs in a database that is made for it and thrown away. Exit status 0 only if every check holds.
    """

    def run(tell: Any, processes: int) -> Any:
        from openmso.simulator import services

        return services.quarter(
            seeds=range(first, first + seeds), progress=tell, visits_a_week=visits, processes=processes
        )

    def words(told: dict[str, Any]) -> str:
        counts = told["counts"]
        return (
            f"{seeds} quarters: {counts['claims']:,} claims, {counts['remittances']:,} remittances, "
            f"{len(told['checks']):,} checks, {len(told['broken'])} broken."
        )

    throwaway.simulated(run, title="Running quarters", words=words, as_json=as_json)
