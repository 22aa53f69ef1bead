"""What claims tell on home pages: what is to be worked, how far all have come, and what was charged this month."""

from __future__ import annotations

from datetime import timedelta

from openmso.claims.queries import worklist
from openmso.claims.states import EDITABLE, S
from openmso.kit.money import ZERO
from openmso.kit.periods import Month
from openmso.platform.access.contracts import Actor
from openmso.platform.ui import registry
from openmso.platform.ui.cells import money_text
from openmso.platform.ui.contracts import Filters, Tally, Term, Tone
from openmso.platform.ui.tiles import Board, Figure, Stage, Tile, to_list

READ, LIST = "claims.read", "claims:worklist"
SOON_DAYS = 14
"""A claim whose filing limit ends within so many days is named apart."""
TO_WORK = {S.HELD: Tone.WARN, S.REJECTED: Tone.BAD, S.READY: Tone.NONE, S.QUEUED: Tone.NONE}
TO_CHASE = {S.DENIED: Tone.BAD, S.PARTIAL: Tone.WARN, S.REJECTED: Tone.BAD, S.ACCEPTED: Tone.NONE}
STAGES = {
    S.HELD: "d-warn", S.READY: "d3", S.QUEUED: "d3", S.SENT: "d2", S.ACCEPTED: "d1", S.PARTIAL: "d-warn",
    S.REJECTED: "d-bad", S.DENIED: "d-bad",
}  # fmt: skip
NONE = Tally(0, {"charged": ZERO, "open": ZERO})


def register() -> None:
    """Put the tiles in; called once at start-up."""
    registry.tile(
        Tile("claims.todo", "Claims to send", READ, _todo, LIST, "All claims", span=12),
        Tile("claims.chase", "Claims to pursue", READ, _chase, LIST, "All claims", span=12),
        Tile("claims.pipeline", "Claims that are open", READ, _pipeline, LIST, "All claims", span=12),
        Tile("claims.month", "Visits, this month and last", READ, _month, LIST, "All claims", span=12),
    )


def _todo(actor: Actor) -> Board:
    until = actor.today + timedelta(days=SOON_DAYS)
    soon = Filters((*(Term("is", "=", state.value, state.value) for state in sorted(EDITABLE)), _due(until)))
    late = worklist.tally(filters=soon)
    states = " ".join(f"is:{state.value}" for state in sorted(EDITABLE))
    figure = Figure(
        f"To file by {until:%-d %b}", late.total, to_list(LIST, f"{states} due:<={until}"), _open(late),
        Tone.WARN,
    )  # fmt: skip
    return Board((*_figures(TO_WORK), figure))


def _open(found: Tally) -> str:
    return f"{money_text(found.totals['open'])} open" if found.total else ""


def _due(until: object) -> Term:
    return Term("due", "<=", until, str(until))


def _chase(actor: Actor) -> Board:
    return Board(_figures(TO_CHASE))


def _figures(wanted: dict[S, Tone]) -> tuple[Figure, ...]:
    standing = worklist.standing(*wanted)
    return tuple(
        Figure(state.label, (found := standing.get(state, NONE)).total, to_list(LIST, f"is:{state.value}"),
               _open(found), tone)
        for state, tone in wanted.items()
    )  # fmt: skip


def _pipeline(actor: Actor) -> Board:
    standing = worklist.standing(*STAGES)
    if not standing:
        return Board(words="No claim is open: none waits for us, and none for a payer.")
    return Board(stages=[
        Stage(state.label, (found := standing.get(state, NONE)).total, found.totals["open"],
              to_list(LIST, f"is:{state.value}"), shade)
        for state, shade in STAGES.items()
    ])  # fmt: skip


WITH_CHARGED = "public_id,patient,payer,state,service_on,charged,open"


def _month(actor: Actor) -> Board:
    """By the day of service."""
    now = Month.of(actor.today)
    figures = []
    for month in (now, now.plus(-1)):
        found = worklist.tally(filters=Filters((Term("month", "=", month, str(month)),)))
        listed, charged = to_list(LIST, f"month:{month}"), to_list(LIST, f"month:{month}", cols=WITH_CHARGED)
        name = f"{month.first:%B}"
        figures += [
            Figure(f"Claims for visits in {name}", found.total, listed),
            Figure(f"Charged for visits in {name}", found.totals["charged"], charged),
        ]
    return Board(figures)
