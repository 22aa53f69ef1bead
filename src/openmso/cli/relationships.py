"""`openmso relationships`: simulated relationships from signature to exit, in a database of their own, each proven."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from openmso.cli import throwaway


def relationships(
    modes: Annotated[str, typer.Option(help="Ways of being managed, comma between; without it, all four.")] = "",
    states: Annotated[str, typer.Option(help="States, comma between; without it CA, NY, TX and OR.")] = "",
    months: Annotated[int, typer.Option(min=1, max=24, help="How many months each of them runs.")] = 24,
    visits: Annotated[int, typer.Option(help="Visits a week in each practice.")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Simulate relationships of two years, one for each mode in each state, and prove each of them.

    Months are settled, disputed, credited and paid, terms amended and renewed, one mode goes over to another, and the
    practice leaves. It runs in a database that is made for it and thrown away. Exit status 0 only if every check holds.
    """

    def run(tell: Any, processes: int) -> Any:
        from openmso.simulator import services
        from openmso.simulator.network import relations

        return services.relationships(
            modes=_chosen(modes.lower(), relations.MODES, "--modes"),
            states=_chosen(states.upper(), relations.STATES, "--states"),
            months=months, progress=tell, visits_a_week=visits, processes=processes,
        )  # fmt: skip

    def words(told: dict[str, Any]) -> str:
        counts = told["counts"]
        return (
            f"{counts['settlements']:,} months settled, {counts['claims']:,} claims, {counts['disputes']} disputes, "
            f"{len(told['checks']):,} checks, {len(told['broken'])} broken."
        )

    throwaway.simulated(run, title="Running relationships", words=words, as_json=as_json)


def _chosen(said: str, known: Any, option: str) -> list[str]:
    """What of a list was named, all of it where nothing was."""
    named = [one.strip() for one in said.split(",") if one.strip()]
    if unknown := [one for one in named if one not in known]:
        raise typer.BadParameter(f"{unknown[0]!r} is none of {', '.join(known)}.", param_hint=option)
    return named or list(known)
