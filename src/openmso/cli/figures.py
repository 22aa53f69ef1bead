"""`openmso kpi`: the key figures of a month, counting anew, and the proof that what is kept is what is counted."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import typer

from openmso.cli import setup
from openmso.kit.periods import Month

kpi = typer.Typer(no_args_is_help=True, help="Key figures of the revenue cycle: show, count anew, prove.")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Practice = Annotated[str, typer.Option(help="Code of one practice; without it, all of them.")]


@kpi.command()
def show(
    month: Annotated[str, typer.Argument(help="2026-10; without it, the latest that was counted.")] = "",
    practice: Practice = "",
    as_json: AsJson = False,
) -> None:
    """The figures of a month: each with its two parts and what is good."""
    try:
        wanted = Month.parse(month) if month else None
    except ValueError as no:
        typer.echo(f"{no}.", err=True)
        raise typer.Exit(2) from no
    with setup.django():
        told = _figures(wanted, practice)
    if as_json:
        typer.echo(json.dumps(told, indent=2))
    else:
        for one in told:
            typer.echo(f"{one['title']:28} {one['words']:>12}   {one['benchmark']}")


@kpi.command("costs")
def hour_costs(as_json: AsJson = False) -> None:
    """What an hour of work costs, version by version."""
    with setup.django():
        told = _costs()
    typer.echo(json.dumps(told, indent=2) if as_json else "\n".join(_cost_words(one) for one in told))


@kpi.command("cost")
def enter_cost(
    function: Annotated[str, typer.Argument(help="denials or claims.")],
    hourly: Annotated[str, typer.Option(help="Dollars that an hour costs, 41.50.")],
    minutes: Annotated[str, typer.Option(help="Minutes that a touch takes, on average.")],
    starts_on: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The day from which it holds.")],
    source: Annotated[str, typer.Option(help="Where the figures come from.")],
    why: Annotated[str, typer.Option(help="Why it changes.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say what an hour of a function's work costs from a day on; the cost of rework is counted by it."""
    with setup.django():
        from openmso.analytics import services
        from openmso.analytics.contracts import Function
        from openmso.kit import clock
        from openmso.kit.money import Money
        from openmso.platform.access.contracts import Actor
        from openmso.platform.tenancy.queries import mso, whole_network
        from openmso.platform.tenancy.scope import scope

        if function not in {one.value for one in Function}:
            raise typer.BadParameter(f"{function!r} is none of {', '.join(one.value for one in Function)}.")
        at, reach = clock.now(), whole_network()
        with scope(practices=reach.practices, entities=reach.entities):
            services.enter_cost(
                actor=Actor.system("openmso kpi cost", at=at), mso=mso(), function=Function(function),
                starts_on=starts_on.date(), hourly=Money.of(hourly), minutes=Decimal(minutes), source=source, why=why,
                at=at,
            )  # fmt: skip
        told = _costs()
    typer.echo(json.dumps(told, indent=2) if as_json else "\n".join(_cost_words(one) for one in told))


def _costs() -> list[dict[str, Any]]:
    from openmso.analytics import costs
    from openmso.kit import clock
    from openmso.platform.tenancy.queries import network_day, whole_network
    from openmso.platform.tenancy.scope import reading, scope

    reach = whole_network()
    with scope(practices=reach.practices, entities=reach.entities), reading():
        found = costs.every(on=network_day(clock.now()))
    return [
        {"function": one.function.value, "number": one.number, "starts_on": str(one.starts_on),
         "hourly": str(one.hourly), "minutes": str(one.minutes), "touch": str(one.touch), "source": one.source,
         "holds": one.holds}
        for one in found
    ]  # fmt: skip


def _cost_words(one: dict[str, Any]) -> str:
    return (
        f"{one['function']} {one['number']}, from {one['starts_on']}: {one['hourly']} an hour, {one['minutes']} "
        f"minutes and {one['touch']} a touch; {one['source']}{'; holds' if one['holds'] else ''}"
    )


def _figures(month: Month | None, practice: str) -> list[dict[str, Any]]:
    from openmso.analytics import queries
    from openmso.analytics.contracts import Asked
    from openmso.analytics.tables import figure_text
    from openmso.platform.tenancy.queries import whole_network
    from openmso.platform.tenancy.scope import reading, scope

    reach = whole_network()
    with scope(practices=reach.practices, entities=reach.entities), reading():
        chosen = month or queries.latest_month()
        found = queries.board(Asked(chosen, practice=practice.lower())) if chosen else []
    return [
        {"code": one.kpi.code, "title": one.kpi.title, "month": str(chosen),
         "figure": None if one.value.figure is None else f"{one.value.figure:.6f}",
         "top": str(one.value.top), "bottom": str(one.value.bottom), "words": figure_text(one.kpi, one.value.figure),
         "benchmark": one.kpi.benchmark}
        for one in found
    ]  # fmt: skip


@kpi.command()
def forecast(practice: Practice = "", as_json: AsJson = False) -> None:
    """Thirteen weeks of cash from insurers ahead of the latest count, and how the last forecast came out."""
    with setup.django():
        told = _forecast(practice)
    if as_json:
        typer.echo(json.dumps(told, indent=2))
        return
    for week in told["weeks"]:
        typer.echo(f"{week['starts_on']}  {week['waiting']:>14}  {week['coming']:>14}  {week['total']:>14}")
    if told["foretold"] is not None:
        typer.echo(f"Of the four weeks before it would have said {told['foretold']}; {told['came']} came.")


def _forecast(practice: str) -> dict[str, Any]:
    from openmso.analytics import queries
    from openmso.analytics.contracts import Asked
    from openmso.kit import clock
    from openmso.platform.tenancy.queries import network_day, whole_network
    from openmso.platform.tenancy.scope import reading, scope

    reach = whole_network()
    with scope(practices=reach.practices, entities=reach.entities), reading():
        latest = queries.latest_month() or Month.of(network_day(clock.now()))
        found = queries.forecast(Asked(latest, practice=practice.lower()))
    words = [
        {"starts_on": str(one.starts_on), "ends_on": str(one.ends_on), "waiting": str(one.waiting),
         "coming": str(one.coming), "total": str(one.total)}
        for one in found.weeks
    ]  # fmt: skip
    tested = {"foretold": None if found.foretold is None else str(found.foretold),
              "came": None if found.came is None else str(found.came)}  # fmt: skip
    return {"on": str(found.on) if found.on else None, "weeks": words} | tested


@kpi.command()
def count(practice: Practice = "", as_json: AsJson = False) -> None:
    """Count practices anew from what happened; done by itself every night."""
    with setup.django():
        from openmso.analytics import services
        from openmso.kit import clock

        done = [_of(one, lambda pk: services.count(practice=pk, at=clock.now())) for one in _practices(practice)]
    told = [{"practice": code, "claims": one.claims, "on": str(one.on)} for code, one in done]
    if as_json:
        typer.echo(json.dumps(told, indent=2))
    else:
        for one in told:
            typer.echo(f"{one['practice']}: {one['claims']} claims as of {one['on']}")


@kpi.command()
def prove(practice: Practice = "", as_json: AsJson = False) -> None:
    """Count anew, change nothing, and compare with what is kept; exit status 1 where they differ."""
    with setup.django():
        from openmso.analytics import services
        from openmso.platform.tenancy.scope import reading

        def compared(pk: int) -> list[str]:
            with reading():
                return services.differences(pk)

        told = dict(_of(one, compared) for one in _practices(practice))
    if as_json:
        typer.echo(json.dumps(told, indent=2))
    else:
        for code, found in told.items():
            typer.echo(f"{code}: {'; '.join(found) or 'as counted'}")
    raise typer.Exit(1 if any(told.values()) else 0)


def _practices(code: str) -> list[Any]:
    from openmso.platform.tenancy.queries import tenants

    return [one for one in tenants(code=code) if not one.is_mso]


def _of(tenant: Any, work: Any) -> tuple[str, Any]:
    from openmso.platform.tenancy.queries import reach
    from openmso.platform.tenancy.scope import scope

    within = reach(tenant.pk)
    with scope(practices=within.practices, entities=within.entities):
        return tenant.code, work(tenant.pk)
